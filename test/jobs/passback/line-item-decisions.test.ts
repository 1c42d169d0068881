import { describe, expect, it } from "vitest";
import type { SisLineItem } from "../../../connectors/oneroster/gradebook.ts";
import type { LedgerLineItem } from "../../../connectors/store/ledger.ts";
import { decideLineItem, findLineItems, type Sought } from "../../../jobs/passback/line-item-decisions.ts";

const ZONE = "America/Los_Angeles";
const DUE = "2026-10-03T06:59:00Z";

function item(sourcedId: string, title = "Essay", dueDate = DUE): SisLineItem {
  return { sourcedId, title, dueDate, category: null, body: {} };
}

function sought(assignment: string, more: Partial<Sought> = {}): Sought {
  return { assignment, title: "Essay", dueDate: DUE, entry: undefined, ids: [], ...more };
}

function entry(more: Partial<LedgerLineItem> = {}): LedgerLineItem {
  return {
    ...{ classId: "c", assignmentId: "1", sourcedId: "ours", confirmed: "d1", intended: null },
    ...{ title: "Essay", dueDate: DUE, category: null },
    ...more,
  };
}

describe("decideLineItem", () => {
  const usual = { remaster: false, lookFirst: false };

  it.each([
    ["is unchanged when the SIS confirmed just that", entry(), usual, "unchanged"],
    ["is sent when it differs from what the SIS confirmed", entry({ confirmed: "d0" }), usual, "put"],
    ["is looked for when nobody knows it", undefined, usual, "look"],
    ["is looked for when it was begun and not confirmed", entry({ intended: "d1" }), usual, "look"],
    ["is looked for when the SIS has not told its sourcedId", entry({ sourcedId: null }), usual, "look"],
    ["is looked for when all is to be sent again", entry(), { remaster: true, lookFirst: false }, "look"],
    [
      "is looked at before it is changed where the SIS's category stays",
      entry({ confirmed: "d0" }),
      { remaster: false, lookFirst: true },
      "look",
    ],
    [
      "is not looked at for that when nothing changed",
      entry(),
      { remaster: false, lookFirst: true },
      "unchanged",
    ],
  ])("%s", (_, known, how, kind) => {
    expect(decideLineItem(known, "d1", how).kind).toBe(kind);
  });
});

describe("findLineItems", () => {
  const none = new Set<string>();

  it("finds by sourcedId before title and due date", () => {
    const found = findLineItems([sought("1", { ids: ["b"] })], [item("a"), item("b", "Renamed")], none, ZONE);
    expect(found.get("1")).toMatchObject({ kind: "found", item: { sourcedId: "b" } });
  });

  it.each([
    ["the same instant", "2026-10-02T23:59:00-07:00"],
    ["the same day in the zone", "2026-10-02T15:00:00Z"],
    ["the day alone", "2026-10-02"],
    ["the day as midnight in UTC", "2026-10-02T00:00:00.000Z"],
  ])("takes %s for the due date", (_, dueDate) => {
    const found = findLineItems([sought("1")], [item("a", " Essay ", dueDate)], none, ZONE);
    expect(found.get("1")).toMatchObject({ kind: "found" });
  });

  it.each([
    ["another day", "Essay", "2026-10-04T06:59:00Z"],
    [
      "the day after as midnight in UTC, which is still the evening before in the zone",
      "Essay",
      "2026-10-03T00:00:00Z",
    ],
    ["another title", "essay", DUE],
  ])("does not take %s", (_, title, dueDate) => {
    expect(findLineItems([sought("1")], [item("a", title, dueDate)], none, ZONE).get("1")).toEqual({
      kind: "absent",
    });
  });

  it("prefers the one of the same instant among those of the same day", () => {
    const found = findLineItems(
      [sought("1")],
      [item("a", "Essay", "2026-10-02T20:00:00Z"), item("b")],
      none,
      ZONE,
    );
    expect(found.get("1")).toMatchObject({ kind: "found", item: { sourcedId: "b" } });
  });

  it("keeps work of every day under one title apart where the SIS writes days as midnight in UTC", () => {
    const found = findLineItems(
      [sought("1"), sought("2", { dueDate: "2026-10-04T06:59:00Z" })],
      [item("a", "Essay", "2026-10-02T00:00:00Z"), item("b", "Essay", "2026-10-03T00:00:00Z")],
      none,
      ZONE,
    );
    expect(found.get("1")).toMatchObject({ kind: "found", item: { sourcedId: "a" } });
    expect(found.get("2")).toMatchObject({ kind: "found", item: { sourcedId: "b" } });
  });

  it.each([
    ["of the institution", "2026-10-02T23:59:00"],
    ["of UTC", "2026-10-03 06:59"],
    ["of either, on the same day", "2026-10-02T12:00:00"],
    ["at midnight, for the day", "2026-10-02T00:00:00"],
  ])("takes a due date without a zone for one by the clock %s", (_, dueDate) => {
    const found = findLineItems([sought("1")], [item("a", "Essay", dueDate)], none, ZONE);
    expect(found.get("1")).toMatchObject({ kind: "found" });
  });

  it.each([
    ["on that day by one clock and on another by the other", "2026-10-03T05:00:00", DUE],
    ["that moment in UTC, or the day after as a day", "2026-10-03T00:00:00", "2026-10-03T00:00:00Z"],
  ])("takes a due date without a zone for none when it is %s", (_, theirs, dueDate) => {
    const found = findLineItems([sought("1", { dueDate })], [item("a", "Essay", theirs)], none, ZONE);
    expect(found.get("1")).toEqual({ kind: "ambiguous", unzoned: true });
  });

  it("takes midnight without a zone for that of the institution, where the work is due just then", () => {
    const midnight = sought("1", { dueDate: "2026-10-02T07:00:00Z" });
    const found = findLineItems([midnight], [item("a", "Essay", "2026-10-02T00:00:00")], none, ZONE);
    expect(found.get("1")).toMatchObject({ kind: "found", item: { sourcedId: "a" } });
  });

  it.each([
    ["UTC", ["2026-10-03T06:59:00", "2026-10-04T06:59:00"]],
    ["the institution", ["2026-10-02T23:59:00", "2026-10-03T23:59:00"]],
  ])("keeps work of every day apart where the SIS writes the clock of %s", (_, [first, second]) => {
    const days = [sought("1"), sought("2", { dueDate: "2026-10-04T06:59:00Z" })];
    const both = [item("a", "Essay", first), item("b", "Essay", second)];
    const found = findLineItems(days, both, none, ZONE);
    expect(found.get("1")).toMatchObject({ item: { sourcedId: "a" } });
    expect(found.get("2")).toMatchObject({ item: { sourcedId: "b" } });
    const halfway = findLineItems(days, both.slice(0, 1), none, ZONE);
    expect(halfway.get("1")).toMatchObject({ item: { sourcedId: "a" } });
    expect(halfway.get("2")).toEqual({ kind: "absent" });
  });

  it("guesses neither between two that fit one, nor between two that one fits", () => {
    expect(findLineItems([sought("1")], [item("a"), item("b")], none, ZONE).get("1")).toEqual({
      kind: "ambiguous",
    });
    const found = findLineItems([sought("1"), sought("2")], [item("a")], none, ZONE);
    expect([...found.values()]).toEqual([{ kind: "ambiguous" }, { kind: "ambiguous" }]);
  });

  it("leaves what is another assignment's, by the ledger or by its sourcedId", () => {
    expect(findLineItems([sought("1")], [item("a"), item("b")], new Set(["a"]), ZONE).get("1")).toMatchObject(
      {
        item: { sourcedId: "b" },
      },
    );
    const found = findLineItems(
      [sought("1", { ids: ["a"] }), sought("2")],
      [item("a"), item("b")],
      none,
      ZONE,
    );
    expect(found.get("2")).toMatchObject({ item: { sourcedId: "b" } });
  });

  it("finds under its old name what was begun before it was renamed", () => {
    const begun = entry({ sourcedId: null, confirmed: null, intended: "d0", title: "Essay" });
    const found = findLineItems([sought("1", { title: "New name", entry: begun })], [item("a")], none, ZONE);
    expect(found.get("1")).toMatchObject({ item: { sourcedId: "a" } });
  });

  it("finds what is plainly as it was sent before what may be as it is now", () => {
    const earlier = "2026-11-03T07:59:00Z";
    const begun = entry({ sourcedId: null, confirmed: null, intended: "d0", dueDate: earlier });
    const items = [item("a", "Essay", "2026-10-03T05:00:00"), item("b", "Essay", earlier)];
    const found = findLineItems([sought("1", { entry: begun })], items, none, ZONE);
    expect(found.get("1")).toMatchObject({ kind: "found", item: { sourcedId: "b" } });
  });
});
