import { describe, expect, it } from "vitest";
import type { LedgerResult } from "../../../connectors/store/ledger.ts";
import { decideResult, mustGiveWay } from "../../../jobs/passback/result-decisions.ts";

function entry(more: Partial<LedgerResult> = {}): LedgerResult {
  return {
    ...{ classId: "c", assignmentId: "1", student: "s" },
    ...{ sourcedId: "ours", confirmed: "d1", intended: null },
    ...more,
  };
}

describe("decideResult", () => {
  const put = (look: boolean, sourcedId: string | null = "ours") => ({ kind: "put", sourcedId, look });

  it.each([
    ["is unchanged when the SIS confirmed just that", entry(), { kind: "unchanged" }],
    ["is sent when it differs from what the SIS confirmed", entry({ confirmed: "d0" }), put(false)],
    ["is looked for when nobody knows it", undefined, put(true, null)],
    ["is looked for when it was begun and not confirmed since", entry({ intended: "d1" }), put(true)],
    ["is looked for when another was begun and not confirmed", entry({ intended: "d0" }), put(true)],
    ["is looked for when it was never confirmed", entry({ confirmed: null }), put(true)],
    [
      "is looked for when the SIS has not told its sourcedId",
      entry({ sourcedId: null, confirmed: "d0" }),
      put(true, null),
    ],
  ])("%s", (_, known, decision) => {
    expect(decideResult(known, "d1", false, false)).toEqual(decision);
  });

  it("is looked for when all is to be sent again, and sent at once for a line item that is new", () => {
    expect(decideResult(entry(), "d1", true, false)).toEqual(put(true));
    expect(decideResult(entry({ intended: "d1" }), "d1", false, true)).toEqual(put(false));
  });
});

describe("mustGiveWay", () => {
  const held = (body: Record<string, unknown>) => ({ sourcedId: "r", lineItem: "l", student: "s", body });

  it.each([
    ["a score", { score: 7 }, true],
    ["a score of 0", { score: 0 }, true],
    ["no score", {}, false],
    ["null", { score: null }, false],
    ["a blank", { score: "" }, false],
  ])("says of %s in the SIS whether a result without one stays away", (_, body, stays) => {
    expect(mustGiveWay({ givesWay: true }, held(body))).toBe(stays);
    expect(mustGiveWay({}, held(body))).toBe(false);
  });
});
