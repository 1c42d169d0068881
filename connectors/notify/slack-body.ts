/**
 * A notification as Slack's incoming webhooks take it. All of it is plain_text, in which no formatting is read;
 * `&`, `<` and `>` are escaped there too, as Slack asks for every text, so that nobody is mentioned or linked.
 */
import { type Notification, smallPrint } from "./notification.ts";

/** Characters that a header, and any other text of a block, may have (Slack, Block Kit reference). */
const LONGEST_HEADER = 150;
const LONGEST_TEXT = 3000;

export function slackBody({ subject, text, facts }: Notification): object {
  return {
    // What phones and screen readers are told.
    text: escaped(subject, LONGEST_TEXT),
    mrkdwn: false,
    blocks: [
      { type: "header", text: plain(subject, LONGEST_HEADER) },
      ...text.split("\n\n").map((paragraph) => ({ type: "section", text: plain(paragraph, LONGEST_TEXT) })),
      { type: "context", elements: smallPrint(facts).map((line) => plain(line, LONGEST_TEXT)) },
    ],
  };
}

function plain(text: string, longest: number): object {
  return { type: "plain_text", text: escaped(text, longest), emoji: false };
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Cut where it would grow too long, never inside an entity or a character. */
function escaped(text: string, longest: number): string {
  let safe = "";
  for (const character of text) {
    const next = ENTITIES[character] ?? character;
    if (safe.length + next.length > longest - 1) return `${safe}…`;
    safe += next;
  }
  return safe;
}
