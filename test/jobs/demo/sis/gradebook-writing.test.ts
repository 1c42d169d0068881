import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { SandboxGradebookOptions } from "../../../../jobs/demo/sis.ts";
import { withSis } from "../ask.ts";
import {
  CLASS,
  CLASSMATE,
  DISTRICT,
  lineItem,
  PUPIL,
  putLineItem,
  ref,
  result,
  sender,
  withGradebook,
} from "./gradebook-kit.ts";

describe("a standard gradebook", () => {
  it("creates and replaces under the client's sourcedId", async () => {
    await withGradebook({}, async (send, sis) => {
      const created = await send("PUT", "/lineItems/L1", { lineItem: lineItem("L1") });
      expect([created.status, created.json]).toEqual([
        201,
        { lineItem: { ...lineItem("L1"), dateLastModified: expect.any(String) as string } },
      ]);
      const replaced = await send("PUT", "/lineItems/L1", { lineItem: lineItem("L1", { title: "Essay" }) });
      expect(replaced.status).toBe(200);
      expect((await send("PUT", "/results/R1", { result: result("R1", "L1") })).status).toBe(201);

      const { lineItems, results } = sis.gradebook;
      expect([...lineItems.values()].map(({ title }) => title)).toEqual(["Essay"]);
      expect(results.get("R1")).toMatchObject({ score: 17.5, status: "active" });
      expect((await send("GET", "/lineItems/L1")).json).toHaveProperty("lineItem.title", "Essay");
    });
  });

  it.each<[SandboxGradebookOptions["putAnswer"], number[]]>([
    ["201-empty", [201, 201]],
    ["204", [204, 204]],
  ])("answers %s without a body where that is its way", async (putAnswer, expected) => {
    await withGradebook({ putAnswer: putAnswer! }, async (send, sis) => {
      const put = () => send("PUT", "/lineItems/L1", { lineItem: lineItem("L1") });
      const answers = [await put(), await put()];
      expect(answers.map(({ status }) => status)).toEqual(expected);
      expect(answers.map(({ text }) => text)).toEqual(["", ""]);
      expect(sis.gradebook.lineItems.size).toBe(1);
    });
  });

  it("may know no new ids, or choose others and stay with them", async () => {
    await withGradebook({ updatesOnly: true }, async (send, sis) => {
      expect((await send("PUT", "/lineItems/L1", { lineItem: lineItem("L1") })).status).toBe(404);
      const dueDate = "2026-10-09T06:59:59Z";
      const id = sis.gradebook.addLineItem({ classId: CLASS.sourcedId, title: "Essay", dueDate });
      expect((await send("PUT", `/lineItems/${id}`, { lineItem: lineItem(id) })).status).toBe(200);
    });
    await withGradebook({ renames: true }, async (send, sis) => {
      const first = await send("PUT", "/lineItems/L1", { lineItem: lineItem("L1") });
      const again = await send("PUT", "/lineItems/L1", { lineItem: lineItem("L1", { title: "Again" }) });
      const [own] = [...sis.gradebook.lineItems.keys()];
      expect(own).not.toBe("L1");
      expect(first.json).toHaveProperty("lineItem.sourcedId", own);
      expect(again.json).toHaveProperty("lineItem.sourcedId", own);
      expect(sis.gradebook.lineItems.size).toBe(1);
      expect((await send("PUT", "/results/R1", { result: result("R1", "L1") })).status).toBe(404);
      expect((await send("PUT", "/results/R1", { result: result("R1", own!) })).status).toBe(201);
    });
  });

  it("takes a signed request as OAuth 1 signs it: without its JSON body", async () => {
    const auth = { kind: "oauth1", key: "key", secret: "secret", signature: "HMAC-SHA256" } as const;
    await withSis({ auth, district: DISTRICT, gradebook: {} }, async (sis) => {
      const fields = [
        ["oauth_consumer_key", "key"],
        ["oauth_nonce", "once"],
        ["oauth_signature_method", "HMAC-SHA256"],
        ["oauth_timestamp", String(Math.floor(Date.now() / 1000))],
      ] as const;
      const parameters = fields.map((pair) => pair.join("=")).join("&");
      const base = ["PUT", `${sis.url}/lineItems/L1`, parameters].map(encodeURIComponent).join("&");
      const signature = createHmac("sha256", "secret&").update(base).digest("base64");
      const signed = [...fields, ["oauth_signature", encodeURIComponent(signature)]];
      const authorization = `OAuth ${signed.map(([name, value]) => `${name}="${value}"`).join(", ")}`;
      const put = await sender(sis, { authorization })("PUT", "/lineItems/L1", { lineItem: lineItem("L1") });
      expect(put.status).toBe(201);
    });
  });
});

describe("a modified gradebook", () => {
  it.each<[NonNullable<SandboxGradebookOptions["allocate"]>, (id: string, url: string) => object]>([
    ["body", (id) => ({ json: { lineItem: expect.objectContaining({ sourcedId: id }) as unknown } })],
    ["pairs", (id) => ({ json: { sourcedIdPairs: [{ suppliedSourcedId: "", allocatedSourcedId: id }] } })],
    [
      "pairs-object",
      (id) => ({ json: { sourcedIdPairs: { suppliedSourcedId: "", allocatedSourcedId: id } } }),
    ],
    ["location", (id, url) => ({ text: "", location: `${url}/lineItems/${id}` })],
  ])("allocates ids and tells them by %s, and is updated under them", async (allocate, told) => {
    await withGradebook({ endpoints: "modified", allocate }, async (send, sis) => {
      const created = await send("PUT", "/lineItems", { lineItem: lineItem(undefined) });
      const [id = ""] = [...sis.gradebook.lineItems.keys()];
      expect(created).toMatchObject({ status: 201, ...told(id, sis.url) });

      const change = { title: "Essay" };
      const named = await send("PUT", `/lineItems/${id}`, { lineItem: lineItem(id, change) });
      const unnamed = await send("PUT", `/lineItems/${id}`, { lineItem: lineItem(undefined, change) });
      expect([named.status, unnamed.status]).toEqual([200, 200]);
      expect([...sis.gradebook.lineItems.values()].map(({ title }) => title)).toEqual(["Essay"]);
    });
  });

  it("creates again for each creation: it cannot know that they are the same", async () => {
    await withGradebook({ endpoints: "modified" }, async (send, sis) => {
      const create = () => send("PUT", "/lineItems", { lineItem: lineItem(undefined) });
      await Promise.all([create(), create(), create()]);
      expect(sis.gradebook.lineItems.size).toBe(3);
    });
  });

  it("takes creations at the one path that it knows, and never with a sourcedId", async () => {
    await withGradebook({ endpoints: "modified" }, async (send, sis) => {
      expect((await send("PUT", "/lineItems", { lineItem: lineItem("L1") })).status).toBe(422);
      expect((await send("PUT", "/lineItems/x", { lineItem: lineItem(undefined) })).status).toBe(404);
      expect(sis.gradebook.lineItems.size).toBe(0);
    });
    const options = { endpoints: "modified", creation: "placeholder", allocate: "pairs" } as const;
    await withGradebook(options, async (send, sis) => {
      expect((await send("PUT", "/lineItems", { lineItem: lineItem(undefined) })).status).toBe(405);
      expect((await send("PUT", "/lineItems/x", { lineItem: lineItem("x") })).status).toBe(422);
      const created = await send("PUT", "/lineItems/x", { lineItem: lineItem(undefined) });
      expect(created.json).toHaveProperty("sourcedIdPairs.0.suppliedSourcedId", "x");
      expect([...sis.gradebook.lineItems.keys()]).not.toContain("x");
      expect(sis.gradebook.lineItems.size).toBe(1);
    });
  });
});

describe("deleting from a gradebook", () => {
  it("takes the results along, and is 404 for what is not there", async () => {
    await withGradebook({}, async (send, sis) => {
      await putLineItem(send);
      await send("PUT", "/results/R1", { result: result("R1", "L1") });
      await send("PUT", "/results/R2", { result: result("R2", "L1", { student: ref("user", CLASSMATE) }) });
      expect((await send("DELETE", "/results/R1")).status).toBe(204);
      expect([...sis.gradebook.results.keys()]).toEqual(["R2"]);
      expect((await send("DELETE", "/lineItems/L1")).status).toBe(204);
      expect(sis.gradebook.results.size + sis.gradebook.lineItems.size).toBe(0);
      expect((await send("DELETE", "/lineItems/L1")).status).toBe(404);
    });
  });

  it("may only mark, or be refused", async () => {
    await withGradebook({ deletion: "tobedeleted" }, async (send, sis) => {
      await putLineItem(send);
      expect((await send("DELETE", "/lineItems/L1")).status).toBe(204);
      expect(sis.gradebook.lineItems.get("L1")?.status).toBe("tobedeleted");
      expect((await send("PUT", "/results/R1", { result: result("R1", "L1") })).status).toBe(404);
      expect((await send("PUT", "/lineItems/L1", { lineItem: lineItem("L1") })).status).toBe(200);
    });
    await withGradebook({ deletion: "refused" }, async (send, sis) => {
      await putLineItem(send);
      expect((await send("DELETE", "/lineItems/L1")).status).toBe(403);
      expect(sis.gradebook.lineItems.size).toBe(1);
    });
  });
});

describe("a gradebook that is not to be trusted", () => {
  it("answers as if all were well and keeps nothing", async () => {
    await withGradebook({}, async (send, sis) => {
      await putLineItem(send, "L0");
      sis.gradebook.storesNothing = true;
      await putLineItem(send);
      expect((await send("PUT", "/results/R1", { result: result("R1", "L1") })).status).toBe(201);
      expect((await send("PUT", "/lineItems/L0", { lineItem: lineItem("L0", { title: "x" }) })).status).toBe(
        200,
      );
      expect((await send("DELETE", "/lineItems/L0")).status).toBe(204);
      expect((await send("GET", "/lineItems/L1")).status).toBe(404);
      expect([...sis.gradebook.lineItems.values()].map(({ title }) => title)).toEqual(["Essay on rivers"]);
      expect(sis.gradebook.results.size).toBe(0);
      sis.gradebook.storesNothing = false;
      await putLineItem(send);
      expect(sis.gradebook.lineItems.size).toBe(2);
    });
  });

  it("loses the results of one student", async () => {
    await withGradebook({}, async (send, sis) => {
      await putLineItem(send);
      sis.gradebook.losesResultsOf.add(PUPIL);
      expect((await send("PUT", "/results/R1", { result: result("R1", "L1") })).status).toBe(201);
      const mate = result("R2", "L1", { student: ref("user", CLASSMATE) });
      expect((await send("PUT", "/results/R2", { result: mate })).status).toBe(201);
      expect([...sis.gradebook.results.keys()]).toEqual(["R2"]);
    });
  });
});

describe("what a gradebook tells of itself", () => {
  it("every write that was let in, with its status and its body", async () => {
    await withGradebook({}, async (send, sis) => {
      await putLineItem(send);
      const body = { result: result("R1", "L9") };
      await send("PUT", "/results/R1", body);
      await send("DELETE", "/lineItems/L9");
      await sender(sis, { authorization: "Bearer other" })("DELETE", "/lineItems/L1");
      expect(sis.gradebook.writes).toEqual([
        { method: "PUT", path: "/lineItems/L1", status: 201, body: { lineItem: lineItem("L1") } },
        { method: "PUT", path: "/results/R1", status: 404, body },
        { method: "DELETE", path: "/lineItems/L9", status: 404, body: undefined },
      ]);
    });
  });

  it("shows what a teacher does in the SIS at once", async () => {
    await withGradebook({}, async (send, sis) => {
      const book = sis.gradebook;
      const id = book.addLineItem({
        classId: CLASS.sourcedId,
        title: "Oral exam",
        dueDate: "2026-11-02T08:00:00Z",
        category: "CAT-2",
      });
      const mark = book.addResult({ lineItem: id, student: PUPIL, score: 3 });
      const read = () => send("GET", `/classes/${CLASS.sourcedId}/results`);
      expect((await read()).json).toMatchObject({ results: [{ sourcedId: mark, score: 3 }] });
      book.editResult(mark, { score: 4 });
      book.editLineItem(id, { title: "Oral examination" });
      expect((await read()).json).toMatchObject({ results: [{ sourcedId: mark, score: 4 }] });
      expect((await send("GET", `/lineItems/${id}`)).json).toMatchObject({
        lineItem: { title: "Oral examination", category: { sourcedId: "CAT-2" } },
      });
      book.remove("lineItem", id);
      expect((await read()).json).toEqual({ results: [] });
      expect(() => {
        book.editResult(mark, { score: 5 });
      }).toThrow(`the SIS has no result ${mark}`);
    });
  });
});

describe("a write that meets a fault", () => {
  it("is not stored under an error status, and is under a broken connection, unless told otherwise", async () => {
    await withGradebook({}, async (send, sis) => {
      const put = (id: string) => send("PUT", `/lineItems/${id}`, { lineItem: lineItem(id) });
      const path = /^\/lineItems/;
      sis.failNext({ path, answer: { status: 503 } });
      expect((await put("L1")).status).toBe(503);
      sis.failNext({ path, answer: "reset" });
      await expect(put("L2")).rejects.toThrow();
      sis.failNext({ path, answer: "truncate" });
      await expect(put("L3")).rejects.toThrow();
      sis.failNext({ path, answer: { status: 504 }, stored: true });
      expect((await put("L4")).status).toBe(504);
      sis.failNext({ path, answer: "reset", stored: false });
      await expect(put("L5")).rejects.toThrow();
      expect([...sis.gradebook.lineItems.keys()]).toEqual(["L2", "L3", "L4"]);
      expect(sis.gradebook.writes.map(({ status }) => status)).toEqual([503, 0, 0, 504, 0]);
    });
  });

  it("breaks off an answer without a body before its head", async () => {
    await withGradebook({ putAnswer: "204" }, async (send, sis) => {
      sis.failNext({ path: "/lineItems/L1", answer: "truncate" });
      await expect(putLineItem(send)).rejects.toThrow();
      expect(sis.gradebook.lineItems.size).toBe(1);
    });
  });

  it("is told to come again by a SIS that limits its rate", async () => {
    await withGradebook(
      {},
      async (send, sis) => {
        const answers = [];
        for (let n = 1; n <= 8; n++) {
          answers.push((await send("PUT", `/lineItems/L${n}`, { lineItem: lineItem(`L${n}`) })).status);
        }
        expect(answers).toEqual([201, 201, 201, 201, 201, 201, 201, 429]);
        expect(sis.gradebook.lineItems.size).toBe(7);
      },
      { quirks: ["rate-limited"] },
    );
  });

  it("takes as long as it is told, and others meanwhile", async () => {
    await withGradebook({ putLatencyMs: 40 }, async (send, sis) => {
      const started = performance.now();
      await Promise.all(["L1", "L2", "L3"].map((id) => putLineItem(send, id)));
      expect(performance.now() - started).toBeGreaterThan(38);
      expect(sis.inFlightPeak).toBe(3);
    });
  });
});
