import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { SandboxAuth, SandboxGradebookOptions, SandboxSis } from "../../../../jobs/demo/sis.ts";
import { ask, idsOf, TOKEN, walk, withSis } from "../ask.ts";
import {
  CLASS,
  CLASSMATE,
  DISTRICT,
  lineItem,
  OTHER_CLASS,
  PUPIL,
  sender,
  withGradebook,
} from "./gradebook-kit.ts";

const BEARER = { authorization: `Bearer ${TOKEN}` };
const DUE = "2026-10-09T06:59:59Z";

function reader(sis: SandboxSis) {
  return (path: string) => ask(sis.url + path, BEARER);
}

/** Two columns in one class, one in another, and a mark for each of two students in the first. */
function fill({ gradebook }: SandboxSis): void {
  for (const [sourcedId, group] of [
    ["L1", CLASS],
    ["L2", CLASS],
    ["L3", OTHER_CLASS],
  ] as const) {
    gradebook.addLineItem({
      classId: group.sourcedId,
      title: `Column ${sourcedId}`,
      dueDate: DUE,
      sourcedId,
    });
  }
  gradebook.addResult({ lineItem: "L1", student: PUPIL, score: 1, sourcedId: "R1" });
  gradebook.addResult({ lineItem: "L1", student: CLASSMATE, score: 2, sourcedId: "R2" });
  gradebook.addResult({ lineItem: "L2", student: PUPIL, score: 3, sourcedId: "R3" });
}

describe("the lists of a gradebook", () => {
  it.each([
    ["/lineItems", ["L1", "L2", "L3"]],
    ["/results", ["R1", "R2", "R3"]],
    [`/classes/${CLASS.sourcedId}/lineItems`, ["L1", "L2"]],
    [`/classes/${CLASS.sourcedId}/results`, ["R1", "R2", "R3"]],
    [`/classes/${OTHER_CLASS.sourcedId}/results`, []],
    [`/classes/${CLASS.sourcedId}/lineItems/L1/results`, ["R1", "R2"]],
    [`/classes/${CLASS.sourcedId}/students/${PUPIL}/results`, ["R1", "R3"]],
    [`/lineItems?filter=${encodeURIComponent("title='Column L2'")}`, ["L2"]],
    [`/lineItems?filter=${encodeURIComponent(`class.sourcedId='${OTHER_CLASS.sourcedId}'`)}`, ["L3"]],
    ["/results?sort=score&orderBy=desc&limit=1", ["R3"]],
  ])("hold at %s what belongs there", async (path, ids) => {
    await withGradebook({}, async (_send, sis) => {
      fill(sis);
      expect(idsOf((await reader(sis)(path)).records())).toEqual(ids);
    });
  });

  it.each([
    "/lineItems/L9",
    "/results/R9",
    "/classes/nowhere/lineItems",
    "/classes/nowhere/results",
    `/classes/${CLASS.sourcedId}/lineItems/L3/results`,
    `/classes/${CLASS.sourcedId}/students/nobody/results`,
    `/classes/${CLASS.sourcedId}/lineItems/L1`,
    "/lineItems/L1/results",
  ])("are 404 at %s", async (path) => {
    await withGradebook({}, async (_send, sis) => {
      fill(sis);
      expect((await reader(sis)(path)).status).toBe(404);
    });
  });

  it("are paged with totals and links like all others, and with the quirks of all others", async () => {
    const many = (sis: SandboxSis) => {
      for (let n = 0; n < 30; n++) {
        sis.gradebook.addLineItem({ classId: CLASS.sourcedId, title: `Column ${n}`, dueDate: DUE });
      }
      return [...sis.gradebook.lineItems.keys()].sort();
    };
    const path = `/classes/${CLASS.sourcedId}/lineItems`;
    await withGradebook({}, async (_send, sis) => {
      const ids = many(sis);
      const page = await reader(sis)(`${path}?limit=10`);
      expect(page.header("x-total-count")).toBe("30");
      expect(page.header("link")).toContain("offset=10");
      expect(idsOf(await walk(reader(sis), path, 10))).toEqual(ids);
    });
    await withGradebook(
      {},
      async (_send, sis) => {
        const ids = many(sis);
        const page = await reader(sis)(`${path}?limit=10`);
        expect([page.records().length, page.header("x-total-count")]).toEqual([6, undefined]);
        expect(
          page.records().some(({ sourcedId }) => typeof sourcedId === "string" && /\s/.test(sourcedId)),
        ).toBe(true);
        expect(idsOf(await walk(reader(sis), path, 10))).toEqual(ids);
      },
      { quirks: ["clamp-page", "no-total", "spaced-ids", "null-members", "enum-case"] },
    );
  });

  it("are up to date after every write", async () => {
    await withGradebook({}, async (send, sis) => {
      expect((await reader(sis)("/lineItems")).records()).toEqual([]);
      await send("PUT", "/lineItems/L1", { lineItem: lineItem("L1") });
      expect(idsOf((await reader(sis)("/lineItems")).records())).toEqual(["L1"]);
    });
  });
});

describe("categories", () => {
  const read = async (options: SandboxGradebookOptions, path: string): Promise<string[]> => {
    let titles: string[] = [];
    await withGradebook(options, async (_send, sis) => {
      const records = (await reader(sis)(`${path}${path.includes("?") ? "&" : "?"}limit=10000`)).records();
      titles = records.map(({ title, metadata }) =>
        [title, (metadata as { classId?: string } | undefined)?.classId].filter(Boolean).join(" of "),
      );
    });
    return titles;
  };
  const categoryTitles = ["Labs", "Papers"];
  const ofClass = `/classes/${CLASS.sourcedId}/categories`;
  const filter = `/categories?filter=${encodeURIComponent(`metadata.classId='${CLASS.sourcedId}'`)}`;
  const [LABS, PAPERS] = [`Labs of ${CLASS.sourcedId}`, `Papers of ${CLASS.sourcedId}`];

  it("are of all classes, one of them withdrawn", async () => {
    expect(await read({ categoryTitles }, "/categories")).toEqual(["Extra Credit (old)", "Labs", "Papers"]);
    expect(await read({ categoryTitles }, filter)).toEqual([]);
  });

  it("are of each class, and found by the class and by the filter", async () => {
    const options = { categories: "per-class", categoryTitles } as const;
    expect(await read(options, "/categories")).toHaveLength(1 + 2 * DISTRICT.classes.length);
    expect(await read(options, filter)).toEqual([LABS, PAPERS]);
    expect(await read(options, ofClass)).toEqual(["Extra Credit (old)", LABS, PAPERS]);
  });

  it("are some of all and some of each", async () => {
    const options = { categories: "mixed", categoryTitles } as const;
    expect(await read(options, ofClass)).toEqual(["Extra Credit (old)", "Labs", PAPERS]);
    expect(await read(options, filter)).toEqual([PAPERS]);
  });
});

describe("who may do what in a gradebook", () => {
  const scope = (name: string) => `https://purl.imsglobal.org/spec/or/v1p1/scope/${name}`;

  it.each([
    ["gradebook.readonly", [404, 200, 403, 403]],
    ["gradebook.createput", [403, 403, 404, 403]],
    ["gradebook.delete", [403, 403, 403, 404]],
    ["roster.readonly", [403, 403, 403, 403]],
  ])("is the business of the scope %s", async (name, statuses) => {
    const auth: SandboxAuth = {
      kind: "oauth2",
      key: "id",
      secret: "s",
      credentialsIn: "body",
      scopes: [scope(name)],
    };
    await withSis({ auth, district: DISTRICT, gradebook: {} }, async (sis) => {
      const form = `grant_type=client_credentials&client_id=id&client_secret=s&scope=${encodeURIComponent(scope(name))}`;
      const reply = await ask(sis.tokenUrl, { "content-type": "application/x-www-form-urlencoded" }, form);
      const { access_token } = reply.json() as { access_token: string };
      const send = sender(sis, { authorization: `Bearer ${access_token}` });
      const unknown = lineItem("L1", { class: { ...CLASS.course, sourcedId: "nowhere", type: "class" } });
      expect([
        (await send("GET", "/lineItems/L1")).status,
        (await send("GET", `/classes/${CLASS.sourcedId}/results`)).status,
        (await send("PUT", "/lineItems/L1", { lineItem: unknown })).status,
        (await send("DELETE", "/lineItems/L1")).status,
      ]).toEqual(statuses);
    });
  });

  it("is nobody's where the SIS has none", async () => {
    await withSis({ district: DISTRICT }, async (sis) => {
      const send = sender(sis);
      expect((await send("GET", "/lineItems")).status).toBe(404);
      expect((await send("PUT", "/lineItems/L1", { lineItem: lineItem("L1") })).status).toBe(405);
      expect(() => sis.gradebook).toThrow("without the option gradebook");
    });
  });
});

describe("a gradebook in a process of its own", () => {
  it("takes PUTs, and says on request what it holds", async () => {
    const program = fileURLToPath(new URL("../../../../jobs/demo/sis-process.ts", import.meta.url));
    const options = {
      ...{ seed: 7, students: 60, schools: 2, oddities: false },
      auth: { kind: "bearer", token: TOKEN },
      gradebook: { putAnswer: "204" },
    };
    const child = spawn(process.execPath, [program, JSON.stringify(options)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { url } = JSON.parse(String((await lines.next()).value)) as { url: string };
    const put = await fetch(`${url}/lineItems/L1`, {
      method: "PUT",
      headers: { ...BEARER, "content-type": "application/json" },
      body: JSON.stringify({ lineItem: lineItem("L1") }),
    });
    expect(put.status).toBe(204);
    child.stdin.write("tell\n");
    expect(JSON.parse(String((await lines.next()).value))).toEqual({ lineItems: 1, results: 0, writes: 1 });
    child.stdin.end();
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
