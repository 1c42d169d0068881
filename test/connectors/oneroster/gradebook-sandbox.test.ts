import { describe, expect, it, onTestFinished } from "vitest";
import { type SandboxGradebookOptions, startSandboxSis } from "../../../jobs/demo/sis.ts";
import { makeDistrict } from "../../../jobs/demo/district.ts";
import type { ConfigChanges } from "./reading.ts";
import { secretOf } from "./reading.ts";
import { openFor } from "./gradebook/opening.ts";

const district = makeDistrict({ seed: 5, students: 40, schools: 1 });
const taught = district.classes.find(
  ({ sourcedId, status }) => status === "active" && studentsIn(sourcedId).length > 2,
)!;
const classId = taught.sourcedId;
const terms = district.academicSessions.filter(({ sourcedId }) =>
  taught.terms.some((term) => term.sourcedId === sourcedId),
);
const dueDate = `${terms[0]!.startDate}T20:00:00Z`;

function studentsIn(id: string): string[] {
  return district.enrollments
    .filter((one) => one.class.sourcedId === id && one.role === "student" && one.status === "active")
    .map(({ user }) => user.sourcedId);
}

const ref = (type: string, sourcedId: string) => ({
  href: `https://sis.example.org/${type}s/${sourcedId}`,
  sourcedId,
  type,
});
const essay = {
  title: "Essay",
  status: "active",
  assignDate: dueDate,
  dueDate,
  class: ref("class", classId),
  category: null,
  gradingPeriod: null,
  resultValueMin: 0,
  resultValueMax: 20,
};
const scoreOf = (lineItem: string, student: string, score = 17.5) => ({
  status: "active",
  lineItem: ref("lineItem", lineItem),
  student: ref("student", student),
  scoreStatus: "fully graded",
  score,
});

async function start(gradebook: SandboxGradebookOptions, changes: ConfigChanges = {}) {
  const secret = "s&cret";
  const auth = { kind: "oauth1", key: "k", secret, signature: "HMAC-SHA256" } as const;
  const sis = await startSandboxSis({ district, auth, gradebook });
  onTestFinished(() => sis.stop());
  const opened = openFor(sis, { auth: { ...auth, secret: secretOf(secret) }, ...changes });
  return { sis: sis.gradebook, opened };
}

describe("the sandbox's gradebook", () => {
  it.for<[string, SandboxGradebookOptions]>([
    ["with the record in its answer", {}],
    ["with an empty 201", { putAnswer: "201-empty" }],
    ["with 204", { putAnswer: "204" }],
  ])("takes records under our ids, and gives them back: %s", async ([, options]) => {
    const { sis, opened } = await start(options);
    const [student = ""] = studentsIn(classId);
    for (const title of ["Essay", "Essay 2"]) {
      expect(await opened.put("lineItem", "li-1", { ...essay, title })).toMatchObject({ kind: "stored" });
    }
    expect(await opened.put("result", "r-1", scoreOf("li-1", student))).toMatchObject({ kind: "stored" });
    expect(sis.writes.map(({ status }) => status < 300)).toEqual([true, true, true]);
    expect(await opened.lineItemsOfClass(classId)).toMatchObject([
      { sourcedId: "li-1", title: "Essay 2", dueDate },
    ]);
    expect(await opened.resultsOfClass(classId)).toMatchObject([
      { sourcedId: "r-1", lineItem: "li-1", student, body: { score: 17.5 } },
    ]);
    expect(await opened.result("r-1")).toMatchObject({ student });
    expect(await opened.remove("result", "r-1")).toMatchObject({ kind: "stored" });
    expect(await opened.result("r-1")).toBeUndefined();
    expect(await opened.lineItem("none")).toBeUndefined();
  });

  it.for(
    (["body", "pairs", "pairs-object", "location"] as const).flatMap((allocate) =>
      (["no-id", "placeholder"] as const).map((creation) => ({ allocate, creation })),
    ),
  )("gives its own ids, told in $allocate, to what is PUT with $creation", async (options) => {
    const { sis, opened } = await start({ endpoints: "modified", ...options });
    const [student = ""] = studentsIn(classId);
    const made = await opened.create("lineItem", essay, { classId });
    const [lineItemId = ""] = sis.lineItems.keys();
    expect(made).toEqual({ kind: "stored", sourcedId: lineItemId });
    const score = await opened.create("result", scoreOf(lineItemId, student), { classId, lineItemId });
    expect(score).toEqual({ kind: "stored", sourcedId: [...sis.results.keys()][0] });
    await opened.create("lineItem", { ...essay, title: "Another" }, { classId });
    expect(sis.lineItems.size).toBe(2);
    expect(await opened.put("lineItem", lineItemId, { ...essay, title: "Renamed" })).toMatchObject({
      kind: "stored",
    });
    expect(sis.lineItems.get(lineItemId)).toMatchObject({ title: "Renamed" });
  });

  it.for(["pairs", "pairs-object"] as const)(
    "takes sets, and tells in %s what it calls their records",
    async (allocate) => {
      const { sis, opened } = await start({ bulk: true, endpoints: "modified", allocate });
      const made = await opened.postSet("lineItem", { classId }, [{ ...essay, sourcedId: "ours" }]);
      const [lineItemId = ""] = sis.lineItems.keys();
      expect(made).toEqual({ kind: "stored", ids: new Map([["ours", lineItemId]]) });
      const scores = studentsIn(classId)
        .slice(0, 2)
        .map((student) => ({ ...scoreOf(lineItemId, student), sourcedId: `ours-${student}` }));
      const stored = await opened.postSet("result", { classId, lineItemId }, scores);
      expect(stored).toEqual({
        kind: "stored",
        ids: new Map(
          [...sis.results.values()].map(({ sourcedId, student }) => [`ours-${student.sourcedId}`, sourcedId]),
        ),
      });
    },
  );

  it.for(["status-info", "flat", "flat-text-code", "status-info-set", "error", "oauth", "html"] as const)(
    "says why it refuses, worded as %s",
    async (errorShape) => {
      const { opened } = await start({ errorShape, titleMaxLength: 10, scoreOverMax: "refuse" });
      const [student = ""] = studentsIn(classId);
      const stranger = district.users.find(
        ({ sourcedId, role }) => role === "student" && !studentsIn(classId).includes(sourcedId),
      )!.sourcedId;
      await opened.put("lineItem", "li", essay);
      const refusals = [
        await opened.put("lineItem", "long", { ...essay, title: "An essay on whales" }),
        await opened.put("lineItem", "late", { ...essay, dueDate: "2199-01-01T00:00:00Z" }),
        await opened.put("lineItem", "odd", { ...essay, category: ref("category", "CAT-99") }),
        await opened.put("result", "high", scoreOf("li", student, 21)),
        await opened.put("result", "stranger", scoreOf("li", stranger)),
        await opened.put("result", "lost", scoreOf("none", student)),
      ];
      const found = refusals.map((one) => (one.kind === "refused" ? `${one.words} → ${one.hint}` : one.kind));
      expect(found).toEqual([
        expect.stringMatching(/10 characters or fewer.* → .*titleMaxLength/),
        expect.stringMatching(/Invalid Due Date.* → .*inside it/),
        expect.stringMatching(/Category Not Found.* → .*grades\.categories/),
        expect.stringMatching(/from 0 to 20.* → .*overMax: cap/),
        expect.stringMatching(/Does Not Belong.* → .*no longer, in the class/),
        expect.stringMatching(/sourcedId is invalid.* → .*no such line item/),
      ]);
    },
  );

  it("has its categories of all classes, and of each", async () => {
    const { sis, opened } = await start({ categories: "mixed" });
    const all = await opened.categories({ kind: "all" });
    expect(all).toHaveLength(sis.categories.filter(({ status }) => status === "active").length);
    const own = all.filter((category) => category.classId === classId);
    const global = all.filter((category) => category.classId === null);
    const filter = `metadata.classId='${classId}'`;
    expect(own.length).toBeGreaterThan(0);
    expect(await opened.categories({ kind: "filter", filter })).toEqual(own);
    const usable = await opened.categories({ kind: "class", classId });
    const sorted = (list: typeof all) => list.map(({ sourcedId }) => sourcedId).sort();
    expect(sorted(usable)).toEqual(sorted([...own, ...global]));
  });

  it("says when it has the grading periods of its terms", async () => {
    const { opened } = await start({});
    const periods = await opened.gradingPeriods();
    expect(periods.length).toBeGreaterThan(0);
    expect(periods.every(({ type }) => type === "gradingPeriod")).toBe(true);
  });
});
