/**
 * A notification as the webhooks of Teams' Workflows take it: a message with an Adaptive Card. Its texts are
 * RichTextBlocks, which show a text as it is; a TextBlock or a FactSet would read Markdown in it.
 */
import { type Notification, smallPrint } from "./notification.ts";

const COLORS: Record<string, string> = { ok: "Good", failed: "Attention" };

export function teamsBody({ subject, text, facts }: Notification): object {
  const lines = text
    .split("\n\n")
    .flatMap((paragraph) =>
      paragraph.split("\n").map((line, index) => block(line, {}, index === 0 ? "Medium" : "None")),
    );
  return {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          msteams: { width: "Full" },
          body: [
            block(subject, {
              size: "Medium",
              weight: "Bolder",
              color: COLORS[facts.status] ?? "Warning",
            }),
            ...lines,
            ...smallPrint(facts).map((line) => block(line, { size: "Small", isSubtle: true }, "Small")),
          ],
        },
      },
    ],
  };
}

function block(text: string, style: object, spacing = "Default"): object {
  return { type: "RichTextBlock", spacing, inlines: [{ type: "TextRun", text, ...style }] };
}
