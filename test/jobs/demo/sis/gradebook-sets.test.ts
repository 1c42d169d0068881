import { describe, expect, it } from "vitest";
import type { SandboxGradebookOptions } from "../../../../jobs/demo/sis.ts";
import {
  CLASS,
  CLASSMATE,
  lineItem,
  OTHER_CLASS,
  putLineItem,
  ref,
  result,
  STRANGER,
  withGradebook,
} from "./gradebook-kit.ts";

const LINE_ITEMS = `/classes/${CLASS.sourcedId}/lineItems`;

function pairsOf(json: unknown): { suppliedSourcedId: string; allocatedSourcedId: string }[] {
  return (json as { sourcedIdPairs: ReturnType<typeof pairsOf> }).sourcedIdPairs;
}

describe("a set of new records", () => {
  it("is stored under the ids that were supplied", async () => {
    await withGradebook({ bulk: true }, async (send, sis) => {
      const lineItems = [lineItem("L1"), lineItem("L2", { title: "Another" })];
      const posted = await send("POST", LINE_ITEMS, { lineItems });
      expect([posted.status, posted.json]).toEqual([
        201,
        {
          sourcedIdPairs: [
            { suppliedSourcedId: "L1", allocatedSourcedId: "L1" },
            { suppliedSourcedId: "L2", allocatedSourcedId: "L2" },
          ],
        },
      ]);
      const results = [result("R1", "L1"), result("R2", "L1", { student: ref("user", CLASSMATE) })];
      expect((await send("POST", "/lineItems/L1/results", { results })).status).toBe(201);
      expect([...sis.gradebook.lineItems.keys()]).toEqual(["L1", "L2"]);
      expect([...sis.gradebook.results.keys()]).toEqual(["R1", "R2"]);
    });
  });

  it.each<SandboxGradebookOptions>([{ endpoints: "modified" }, { renames: true }])(
    "is stored under ids of the SIS's own: %o",
    async (options) => {
      await withGradebook({ ...options, bulk: true }, async (send, sis) => {
        const { json } = await send("POST", LINE_ITEMS, { lineItems: [lineItem("a"), lineItem("b")] });
        const pairs = pairsOf(json);
        expect(pairs.map(({ suppliedSourcedId }) => suppliedSourcedId)).toEqual(["a", "b"]);
        expect(pairs.map(({ allocatedSourcedId }) => allocatedSourcedId)).toEqual([
          ...sis.gradebook.lineItems.keys(),
        ]);
        expect(sis.gradebook.lineItems.has("a")).toBe(false);
      });
    },
  );

  it("of one has one pair, which may come without a list around it", async () => {
    await withGradebook({ bulk: true, allocate: "pairs-object" }, async (send) => {
      const { json } = await send("POST", LINE_ITEMS, { lineItems: [lineItem("L1")] });
      expect(json).toEqual({ sourcedIdPairs: { suppliedSourcedId: "L1", allocatedSourcedId: "L1" } });
    });
  });

  it("is refused as a whole for one of its records, which is named", async () => {
    await withGradebook({ bulk: true }, async (send, sis) => {
      await putLineItem(send);
      const results = [result("R1", "L1"), result("R2", "L1", { student: ref("user", STRANGER) })];
      const { status, text } = await send("POST", "/lineItems/L1/results", { results });
      expect([status, text]).toEqual([422, expect.stringContaining("R2: Student Does Not Belong")]);
      expect(sis.gradebook.results.size).toBe(0);
    });
  });

  it.each<[string, unknown, number]>([
    [LINE_ITEMS, { lineItems: [] }, 400],
    [LINE_ITEMS, { lineItem: lineItem("L2") }, 400],
    [LINE_ITEMS, { lineItems: [lineItem(undefined)] }, 422],
    [LINE_ITEMS, { lineItems: [lineItem("L2"), lineItem("L2")] }, 422],
    [LINE_ITEMS, { lineItems: [lineItem("L1")] }, 409],
    [`/classes/${OTHER_CLASS.sourcedId}/lineItems`, { lineItems: [lineItem("L2")] }, 422],
    ["/classes/nowhere/lineItems", { lineItems: [lineItem("L2")] }, 404],
    ["/lineItems/L9/results", { results: [result("R1", "L9")] }, 404],
    ["/lineItems/L1/lineItems", { lineItems: [lineItem("L2")] }, 404],
  ])("is refused at %s: %j", async (path, body, status) => {
    await withGradebook({ bulk: true }, async (send, sis) => {
      await putLineItem(send);
      expect((await send("POST", path, body)).status).toBe(status);
      expect(sis.gradebook.lineItems.size).toBe(1);
    });
  });
});
