import { describe, expect, it } from "vitest";
import { addAbsent, addReject, type Drafts } from "../../../jobs/night/drafts.ts";
import { parseCsv } from "../../connectors/store/strict-csv.ts";

const empty = (): Drafts => ({ rows: "", rest: "" });
const reject = (sourcedId: string) => ({ sourcedId, field: "status", value: "a\tb", reason: "is odd" });

describe("the draft of a record that gives no row", () => {
  it.each(["x".repeat(255), "😀".repeat(255), "a\tb", "a\nb"])(
    "has the whole id, by which its delivered row is found and kept: %j",
    (id) => {
      const drafts = empty();
      addReject(drafts, "malformed", reject(id), "");
      addAbsent(drafts, "gone", id, "", "");
      expect(parseCsv(drafts.rest).map(([sourcedId]) => sourcedId)).toEqual([id, id]);
    },
  );

  it("shortens an id that was never delivered, and lets no NUL through", () => {
    const drafts = empty();
    addReject(drafts, "malformed", reject("x".repeat(10_000)), "");
    addReject(drafts, "malformed", reject("a\0b"), "");
    expect(parseCsv(drafts.rest).map(([sourcedId]) => sourcedId)).toEqual(["x".repeat(200), "a b"]);
  });

  it("shows values on one line", () => {
    const drafts = empty();
    addReject(drafts, "malformed", reject("x"), "");
    expect(parseCsv(drafts.rest)).toEqual([["x", "", "malformed", "status", "a b", "is odd"]]);
  });
});
