import { describe, expect, it } from "vitest";
import { newSourcedId } from "../../../jobs/passback/identity.ts";
import { holds, projected } from "../../../jobs/passback/same.ts";

describe("holds", () => {
  it.each([
    ["more than was sent", { title: "Essay", extra: 1 }, { title: "Essay" }, true],
    ["a number as text", { score: "7.50" }, { score: 7.5 }, true],
    ["another number", { score: 7 }, { score: 7.5 }, false],
    ["no number for 0", { score: "" }, { score: 0 }, false],
    [
      "an instant written otherwise",
      { dueDate: "2026-10-02T23:59:00-07:00" },
      { dueDate: "2026-10-03T06:59:00Z" },
      true,
    ],
    [
      "an instant by the institution's clock",
      { dueDate: "2026-10-02T23:59" },
      { dueDate: "2026-10-03T06:59:00Z" },
      true,
    ],
    [
      "an instant in UTC that does not say so",
      { dueDate: "2026-10-03T06:59:00" },
      { dueDate: "2026-10-03T06:59:00Z" },
      true,
    ],
    [
      "an instant by some other clock",
      { dueDate: "2026-10-03T02:59:00" },
      { dueDate: "2026-10-03T06:59:00Z" },
      false,
    ],
    [
      "one instant by one clock and one by the other",
      { assignDate: "2026-10-02T23:59:00", dueDate: "2026-10-03T06:59:00" },
      { assignDate: "2026-10-03T06:59:00Z", dueDate: "2026-10-03T06:59:00Z" },
      false,
    ],
    ["a date-time for a day", { scoreDate: "2026-10-02T00:00:00Z" }, { scoreDate: "2026-10-02" }, true],
    [
      "a reference with another href",
      { class: { sourcedId: "c", href: "~/x" } },
      { class: { sourcedId: "c", href: "https://y", type: "class" } },
      true,
    ],
    ["another reference", { class: { sourcedId: "d" } }, { class: { sourcedId: "c", type: "class" } }, false],
    ["nothing for null", {}, { category: null }, true],
    ["something for null", { category: { sourcedId: "c" } }, { category: null }, false],
    ["metadata with more in it", { metadata: { a: 1, b: 2 } }, { metadata: { a: 1 } }, true],
    ["other metadata", { metadata: { b: 2 } }, { metadata: { a: 1 } }, false],
  ])("a record that has %s", (_, record, body, expected) => {
    expect(holds(record, body, "America/Los_Angeles")).toBe(expected);
  });
});

describe("projected", () => {
  it("gives what the SIS holds in the words in which it was sent", () => {
    const held = { score: 3, student: { sourcedId: "s", href: "~/s" }, dateLastModified: "x" };
    const body = { score: 4, student: { href: "https://sis/users/s", sourcedId: "s", type: "user" } };
    expect(projected(held, body)).toEqual({ ...body, score: 3 });
  });
});

describe("newSourcedId", () => {
  it("derives the same UUID from the same names, and another from others (RFC 9562, version 5)", () => {
    const id = newSourcedId("uuid5", ["oakdale", "c", "1", "s"]);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(newSourcedId("uuid5", ["oakdale", "c", "1", "s"])).toBe(id);
    expect(newSourcedId("uuid5", ["oakdale", "c", "1s"])).not.toBe(
      newSourcedId("uuid5", ["oakdale", "c1", "s"]),
    );
    expect(newSourcedId("uuid4", ["a"])).not.toBe(newSourcedId("uuid4", ["a"]));
  });
});
