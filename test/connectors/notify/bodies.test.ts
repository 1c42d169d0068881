import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { slackBody } from "../../../connectors/notify/slack-body.ts";
import { teamsBody } from "../../../connectors/notify/teams-body.ts";
import { notice } from "./notices.ts";

interface Slack {
  text: string;
  mrkdwn: boolean;
  blocks: { type: string; text?: SlackText; elements?: SlackText[] }[];
}
interface SlackText {
  type: string;
  text: string;
  emoji: boolean;
}

const slack = (...message: Parameters<typeof notice>) => slackBody(notice(...message)) as Slack;
const slackTexts = ({ blocks }: Slack) =>
  blocks.flatMap(({ text, elements }) => [...(text === undefined ? [] : [text]), ...(elements ?? [])]);

const MISCHIEF =
  "<!channel> <https://evil.example|Jordan> *bold* _it_ `code` :tada: & &amp; [a](https://b.c)";

describe("the message for Slack", () => {
  it("has the subject as its header, a section a paragraph, and the run in small print", () => {
    const plain = (text: string) => ({ type: "plain_text", text, emoji: false });
    expect(slack()).toEqual({
      text: "[rosterbridge] Oakdale Unified: roster night FAILED (delivery)",
      mrkdwn: false,
      blocks: [
        { type: "header", text: plain("[rosterbridge] Oakdale Unified: roster night FAILED (delivery)") },
        { type: "section", text: plain("The gateway is full.") },
        { type: "section", text: plain("Canvas stays as it was.") },
        { type: "section", text: plain("To take it up again: rosterbridge rerun") },
        {
          type: "context",
          elements: [
            plain(
              "20261121T020003Z-roster: 2026-11-21T02:00:03.000Z to 2026-11-21T02:04:08.500Z, exit code 5",
            ),
            plain("bridge: /var/lib/rosterbridge/runs/20261121T020003Z-roster"),
          ],
        },
      ],
    });
  });

  it("mentions nobody, links nowhere and formats nothing, whatever a school is called", () => {
    const body = slack({ subject: MISCHIEF, text: MISCHIEF }, { folder: MISCHIEF });
    const escaped = MISCHIEF.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    expect(body.mrkdwn).toBe(false);
    expect(body.text).toBe(escaped);
    expect(body.blocks[1]?.text?.text).toBe(escaped);
    for (const text of slackTexts(body)) {
      expect(text).toMatchObject({ type: "plain_text", emoji: false });
      expect(text.text).not.toMatch(/[<>]/);
    }
  });

  it("stays within what Slack accepts, and cuts no entity in half", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("&", "<", "a", "😀"), minLength: 1, maxLength: 4000 }),
        (text) => {
          const body = slack({ subject: text, text });
          expect(body.blocks[0]?.text?.text.length).toBeLessThanOrEqual(150);
          for (const { text: shown } of slackTexts(body)) {
            expect(shown.length).toBeLessThanOrEqual(3000);
            expect(shown.isWellFormed()).toBe(true);
            expect(shown.replaceAll(/&(amp|lt|gt);/g, "")).not.toMatch(/[&<>]/);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});

interface Card {
  type: string;
  attachments: { contentType: string; content: { type: string; version: string; body: CardBlock[] } }[];
}
interface CardBlock {
  type: string;
  inlines: { type: string; text: string; color?: string }[];
}

const card = (...message: Parameters<typeof notice>) => teamsBody(notice(...message)) as Card;
const cardBlocks = (body: Card) => body.attachments[0]!.content.body;

describe("the message for Teams", () => {
  it("is a message with one Adaptive Card, as webhooks of Workflows take it", () => {
    expect(card()).toMatchObject({
      type: "message",
      attachments: [
        {
          contentType: "application/vnd.microsoft.card.adaptive",
          contentUrl: null,
          content: { type: "AdaptiveCard", version: "1.4" },
        },
      ],
    });
    expect(cardBlocks(card()).map(({ inlines }) => inlines.map(({ text }) => text))).toEqual([
      ["[rosterbridge] Oakdale Unified: roster night FAILED (delivery)"],
      ["The gateway is full."],
      ["Canvas stays as it was."],
      ["To take it up again: rosterbridge rerun"],
      ["20261121T020003Z-roster: 2026-11-21T02:00:03.000Z to 2026-11-21T02:04:08.500Z, exit code 5"],
      ["bridge: /var/lib/rosterbridge/runs/20261121T020003Z-roster"],
    ]);
  });

  it("shows every text as it is: nothing in it is read as Markdown", () => {
    const blocks = cardBlocks(card({ subject: MISCHIEF, text: `${MISCHIEF}\nsecond line` }));
    expect(blocks.map(({ inlines }) => inlines[0]?.text).slice(0, 3)).toEqual([
      MISCHIEF,
      MISCHIEF,
      "second line",
    ]);
    for (const { type, inlines } of blocks) {
      expect(type).toBe("RichTextBlock");
      expect(inlines.map((run) => run.type)).toEqual(["TextRun"]);
    }
  });

  it.for([
    ["ok", "Good"],
    ["failed", "Attention"],
    ["held", "Warning"],
    ["partial", "Warning"],
  ])("shows by its colour that a run is %s", ([status = "", color]) => {
    expect(cardBlocks(card({}, { status }))[0]?.inlines[0]?.color).toBe(color);
  });
});
