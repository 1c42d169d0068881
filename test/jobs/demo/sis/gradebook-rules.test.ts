import { describe, expect, it } from "vitest";
import { errorWords } from "../../../../connectors/oneroster/error-words.ts";
import type { ErrorShape, SandboxGradebookOptions } from "../../../../jobs/demo/sis.ts";
import {
  type Body,
  CLASS,
  CLASSMATE,
  DISTRICT,
  lineItem,
  OTHER_CLASS,
  PUPIL,
  putLineItem,
  ref,
  result,
  type Said,
  sender,
  STRANGER,
  withGradebook,
} from "./gradebook-kit.ts";

const PER_CLASS = { categories: "per-class" } as const;

/** A refusal as it is read elsewhere: status and words. */
function refusalOf({ status, text }: Said): [number, string | undefined] {
  return [status, errorWords(new TextEncoder().encode(text).buffer, (words) => words)];
}

async function refused(options: SandboxGradebookOptions, path: string, body: Body, before: Body[] = []) {
  let said: [number, string | undefined] = [0, undefined];
  await withGradebook(options, async (send, sis) => {
    for (const there of before) await putLineItem(send, String(there.sourcedId), there);
    const held = sis.gradebook.lineItems.size;
    said = refusalOf(await send("PUT", path, body));
    expect(sis.gradebook.lineItems.size + sis.gradebook.results.size).toBe(held);
  });
  return said;
}

describe("a line item that a strict SIS", () => {
  it.each<[string, Body, RegExp, number, SandboxGradebookOptions]>([
    ["without a title", { title: null }, /lineItem\.title is required/, 422, {}],
    ["with an empty title", { title: " " }, /title must be a text that is not empty/, 422, {}],
    ["without a due date", { dueDate: undefined }, /dueDate is required/, 422, {}],
    ["with a due date without a zone", { dueDate: "2026-10-09T23:59:59" }, /with a zone/, 422, {}],
    ["with a due date that is only a day", { dueDate: "2026-10-09" }, /with a zone/, 422, {}],
    ["with points as a text", { resultValueMax: "20" }, /resultValueMax must be a number/, 422, {}],
    ["without points", { resultValueMax: undefined }, /resultValueMax is required/, 422, {}],
    ["whose points go backwards", { resultValueMin: 30 }, /is more than/, 422, {}],
    ["with a status of its own", { status: "published" }, /status must be active/, 422, {}],
    ["with a member that nobody knows", { points: 20 }, /lineItem has no points/, 422, {}],
    ["with another sourcedId than its path", { sourcedId: "L2" }, /must be the id of the path/, 422, {}],
    ["without a sourcedId", { sourcedId: undefined }, /must be the id of the path/, 422, {}],
    ["with a relative href", { class: { ...ref("class", "x"), href: "/x" } }, /an absolute href/, 422, {}],
    ["with a ref of another type", { class: ref("course", CLASS.sourcedId) }, /the type class/, 422, {}],
    ["of an unknown class", { class: ref("class", "nowhere") }, /Class nowhere not found/, 404, {}],
    ["in an unknown category", { category: ref("category", "CAT-9") }, /Category Not Found: CAT-9/, 422, {}],
    ["in a withdrawn category", { category: ref("category", "CAT-0") }, /Category Not Found: CAT-0/, 422, {}],
    [
      "in a category of another class",
      { category: ref("category", `CAT-${OTHER_CLASS.sourcedId}-1`) },
      /is not of class/,
      422,
      PER_CLASS,
    ],
    ["that is due after the term", { dueDate: "2027-06-09T07:00:00Z" }, /outside the terms/, 422, {}],
    [
      "that is due before the term",
      { assignDate: "2026-08-01T07:00:00Z", dueDate: "2026-08-10T07:00:00Z" },
      /outside the terms/,
      422,
      {},
    ],
    ["that is due before it is set", { assignDate: "2026-10-10T07:00:00Z" }, /Dates Error/, 422, {}],
    ["in an unknown grading period", { gradingPeriod: ref("gradingPeriod", "Q9") }, /Could Not/, 422, {}],
    [
      "that is due outside its grading period",
      { gradingPeriod: ref("academicSession", "Q2-2027") },
      /outside the grading period/,
      422,
      {},
    ],
    ["of a closed window", {}, /grading window is closed/, 422, { closedBefore: "2026-10-19T07:00:00Z" }],
    ["with a long title", { title: "𝒜".repeat(31) }, /30 characters/, 422, { titleMaxLength: 30 }],
    ["without a category", {}, /category is required/, 422, { requires: { lineItem: ["category"] } }],
    ["of another school", { school: ref("org", "nowhere") }, /not taught at school nowhere/, 422, {}],
  ])("refuses: %s", async (_, change, words, status, options) => {
    const body = JSON.parse(JSON.stringify(lineItem("L1", change))) as Body;
    const said = await refused(options, "/lineItems/L1", { lineItem: body });
    expect(said).toEqual([status, expect.stringMatching(words)]);
  });

  it.each<[string, Body, SandboxGradebookOptions]>([
    ["with a category and a grading period", { gradingPeriod: ref("gradingPeriod", "Q1-2027") }, {}],
    ["of the class's own category", { category: ref("category", `CAT-${CLASS.sourcedId}-1`) }, PER_CLASS],
    ["with as long a title as may be", { title: "𝒜".repeat(30) }, { titleMaxLength: 30 }],
    ["that is due late on the last evening", { dueDate: "2027-06-05T06:59:59Z" }, {}],
    ["of no points at all", { resultValueMax: 0 }, {}],
    ["with the vendor's own members", { metadata: { scoreType: "POINTS" } }, {}],
    ["of its school", { school: ref("org", CLASS.school.sourcedId) }, {}],
  ])("takes: %s", async (_, change, options) => {
    await withGradebook(options, async (send) => {
      await putLineItem(send, "L1", change);
    });
  });

  it("reckons its days in UTC, and so refuses the last evening", async () => {
    const body = { lineItem: lineItem("L1", { dueDate: "2027-06-05T06:59:59Z" }) };
    expect((await refused({ termDays: "utc" }, "/lineItems/L1", body))[0]).toBe(422);
  });

  it("has already, and one that is to change its class", async () => {
    const body = { lineItem: lineItem("L2") };
    const there = [lineItem("L1")];
    expect(await refused({ twins: "refuse" }, "/lineItems/L2", body, there)).toEqual([
      409,
      expect.stringContaining("Assignment Already Exists: L1"),
    ]);
    const moved = { lineItem: lineItem("L1", { class: ref("class", OTHER_CLASS.sourcedId) }) };
    expect(await refused({}, "/lineItems/L1", moved, there)).toEqual([
      422,
      expect.stringContaining("class of an assignment cannot change"),
    ]);
  });
});

describe("a result that a strict SIS", () => {
  const there = [lineItem("L1")];

  it.each<[string, Body, RegExp, number, SandboxGradebookOptions]>([
    ["without a status", { scoreStatus: null }, /scoreStatus is required/, 422, {}],
    ["with a status of its own", { scoreStatus: "graded" }, /must be a scoreStatus/, 422, {}],
    ["whose score is a text", { score: "17.5" }, /score must be a number/, 422, {}],
    ["whose date has a time", { scoreDate: "2026-10-09T08:00:00Z" }, /date without a time/, 422, {}],
    ["with a boolean that is one", { late: true }, /"true" or "false"/, 422, {}],
    ["of an unknown line item", { lineItem: ref("lineItem", "L9") }, /Invalid assignment ID/, 404, {}],
    ["of an unknown student", { student: ref("user", "nobody") }, /Student nobody not found/, 404, {}],
    ["of a student of another class", { student: ref("user", STRANGER) }, /Student Does Not Belong/, 422, {}],
    ["under another class", { class: ref("class", OTHER_CLASS.sourcedId) }, /is not of class/, 422, {}],
    ["graded without a score", { score: null }, /without one/, 422, {}],
    ["over the maximum", { score: 21 }, /from 0 to 20/, 422, { scoreOverMax: "refuse" }],
    ["under the minimum", { score: -1 }, /from 0 to 20/, 422, { scoreOverMax: "refuse" }],
    [
      "exempt and without a score",
      { scoreStatus: "exempt", score: null },
      /score is required/,
      422,
      { needsScore: true },
    ],
  ])("refuses: %s", async (_, change, words, status, options) => {
    const said = await refused(options, "/results/R1", { result: result("R1", "L1", change) }, there);
    expect(said).toEqual([status, expect.stringMatching(words)]);
  });

  it.each<[string, Body]>([
    ["exempt and without a score", { scoreStatus: "exempt", score: null }],
    ["not handed in, and no score at all", { scoreStatus: "not submitted", score: undefined }],
    ["over the maximum", { score: 300 }],
    ["with a day, a comment and the student's role", { scoreDate: "2026-10-10", comment: "Good" }],
    ["of a student as 1.1 names one", { student: ref("student", PUPIL) }],
  ])("takes: %s", async (_, change) => {
    await withGradebook({}, async (send, sis) => {
      await putLineItem(send);
      await send("PUT", "/results/R1", { result: result("R1", "L1", change) });
      expect(sis.gradebook.results.size).toBe(1);
    });
  });

  it("has already, and one that is to change its student or its line item", async () => {
    await withGradebook({ twins: "refuse" }, async (send) => {
      await putLineItem(send);
      await putLineItem(send, "L2", { title: "Another" });
      await send("PUT", "/results/R1", { result: result("R1", "L1") });
      const put = async (id: string, line: string, change: Body = {}) =>
        refusalOf(await send("PUT", `/results/${id}`, { result: result(id, line, change) }));
      expect(await put("R2", "L1")).toEqual([409, expect.stringContaining("Score Already Exists: R1")]);
      expect(await put("R1", "L1", { student: ref("user", CLASSMATE) })).toEqual([
        422,
        expect.stringContaining("student of a score cannot change"),
      ]);
      expect(await put("R1", "L2")).toEqual([422, expect.stringContaining("assignment of a score")]);
    });
  });

  it("does not take any more, because its window is closed", async () => {
    await withGradebook({ closedBefore: "2026-10-19T07:00:00Z" }, async (send, sis) => {
      const line = sis.gradebook.addLineItem({
        classId: CLASS.sourcedId,
        title: "Essay",
        dueDate: "2026-10-09T06:59:59Z",
      });
      const said = refusalOf(await send("PUT", "/results/R1", { result: result("R1", line) }));
      expect(said).toEqual([422, expect.stringContaining("grading window is closed")]);
    });
  });

  it("holds against a student whose enrollment has ended", async () => {
    const enrollments = DISTRICT.enrollments.map((each) =>
      each.class.sourcedId === CLASS.sourcedId && each.user.sourcedId === PUPIL
        ? { ...each, status: "tobedeleted" as const }
        : each,
    );
    await withGradebook(
      {},
      async (send) => {
        await putLineItem(send);
        const said = refusalOf(await send("PUT", "/results/R1", { result: result("R1", "L1") }));
        expect(said).toEqual([422, expect.stringContaining("Student Does Not Belong")]);
      },
      { district: { ...DISTRICT, enrollments } },
    );
  });
});

describe("a request that is not the standard's", () => {
  it.each<[string, string, unknown, number]>([
    ["PUT", "/lineItems/L1", lineItem("L1"), 400],
    ["PUT", "/lineItems/L1", { lineItem: [] }, 400],
    ["PUT", "/lineItems", { lineItem: lineItem("L1") }, 405],
    ["POST", "/lineItems/L1", { lineItem: lineItem("L1") }, 405],
    ["POST", `/classes/${CLASS.sourcedId}/lineItems`, { lineItems: [lineItem("L1")] }, 405],
    ["DELETE", "/lineItems", undefined, 405],
    ["PUT", "/categories/CAT-1", { category: { sourcedId: "CAT-1", title: "Labs" } }, 403],
    ["DELETE", "/categories/CAT-1", undefined, 403],
    ["PUT", "/users/1", { user: {} }, 405],
  ])("is refused: %s %s", async (method, path, body, status) => {
    await withGradebook({}, async (send, sis) => {
      expect((await send(method, path, body)).status).toBe(status);
      expect(sis.gradebook.lineItems.size).toBe(0);
    });
  });

  it("is refused when its body is not JSON, or does not say that it is", async () => {
    await withGradebook({}, async (_send, sis) => {
      const put = sender(sis, { "content-type": "application/x-www-form-urlencoded" });
      expect((await put("PUT", "/lineItems/L1", { lineItem: lineItem("L1") })).status).toBe(415);
      const cut = await fetch(`${sis.url}/lineItems/L1`, {
        method: "PUT",
        headers: { authorization: "Bearer a-static-token", "content-type": "application/json" },
        body: '{"lineItem":',
      });
      expect(cut.status).toBe(400);
    });
  });
});

describe("refusals on order", () => {
  const SHAPES: [ErrorShape, string][] = [
    ["status-info", "The section <2> is locked (invaliddata)"],
    ["flat", "The section <2> is locked (invaliddata)"],
    ["flat-text-code", "The section <2> is locked (invaliddata)"],
    ["status-info-set", "The section <2> is locked (invalid_data)"],
    ["error", "The section <2> is locked"],
    ["oauth", "The section <2> is locked: invalid_request"],
    ["html", "The section &lt;2> is locked"],
  ];

  it.each(SHAPES)("come in the shape %s", async (shape, read) => {
    await withGradebook({}, async (send, sis) => {
      sis.gradebook.refuse({ status: 422, words: "The section <2> is locked", shape });
      const said = refusalOf(await send("PUT", "/lineItems/L1", { lineItem: lineItem("L1") }));
      expect(said).toEqual([422, read]);
      expect(sis.gradebook.lineItems.size).toBe(0);
    });
  });

  it("come as bare as some SISs leave them, and in the shape of the whole SIS", async () => {
    await withGradebook({ errorShape: "status-info-set" }, async (send, sis) => {
      const unknown = await send("DELETE", "/results/R9");
      expect(unknown.json).toMatchObject({
        statusInfoSet: [{ imsx_operationRefIdentifier: "deleteResult" }],
      });
      sis.gradebook.refuse({ status: 400, words: "" });
      const bare = await send("PUT", "/lineItems/L1", { lineItem: lineItem("L1") });
      expect(bare.json).toEqual({
        statusInfoSet: [{ imsx_codeMajor: "failure", imsx_severity: "error" }],
      });
    });
  });

  it("hold for the records that match, as often as they are meant to, until they are lifted", async () => {
    await withGradebook({}, async (send, sis) => {
      const put = async (id: string, title: string) =>
        (await send("PUT", `/lineItems/${id}`, { lineItem: lineItem(id, { title }) })).status;
      const lift = sis.gradebook.refuse({
        kind: "lineItem",
        match: ({ title }) => title === "Locked",
        status: 409,
        words: "Assignment is Locked",
      });
      expect(await put("L1", "Open")).toBe(201);
      expect([await put("L2", "Locked"), await put("L2", "Locked")]).toEqual([409, 409]);
      expect((await send("PUT", "/results/R1", { result: result("R1", "L1") })).status).toBe(201);
      lift();
      expect(await put("L2", "Locked")).toBe(201);
      sis.gradebook.refuse({ status: 403, words: "Rate Limit", times: 1 });
      expect([await put("L3", "Open"), await put("L3", "Open")]).toEqual([403, 201]);
    });
  });
});
