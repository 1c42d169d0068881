import { describe, expect, it } from "vitest";
import { type ErrorEntry, type Manifest, noGrades } from "../../../jobs/run/manifest.ts";
import { notificationOf } from "../../../jobs/run/notification.ts";
import { manifest } from "./manifests.ts";

const RUN = "20261121T020003Z-roster";
const FOLDER = `/var/lib/rosterbridge/runs/${RUN}`;

const of = (more: Partial<Manifest>, name = "Oakdale Unified") =>
  notificationOf(manifest(RUN, more), name, FOLDER);

function error(code: string, message: string, hint = ""): ErrorEntry {
  return { stage: code.startsWith("delivery") ? "deliver" : "extract", code, message, hint };
}

const unreachable = error(
  "delivery.unreachable",
  "The gateway sftp.example.org:22 cannot be reached: connection refused.",
  "Is it up? Then: `rosterbridge rerun`.",
);

describe("what people are told of a run", () => {
  it("says of a failed delivery what happened, what it means for the morning, and what to type", () => {
    const told = of({ status: "failed", exitCode: 5, errors: [unreachable] });
    expect(told.subject).toBe("[rosterbridge] Oakdale Unified: roster night FAILED (delivery)");
    expect(told.text.split("\n\n")).toEqual([
      "The gateway sftp.example.org:22 cannot be reached: connection refused.",
      "The package is good, and kept. Canvas stays as it was after the last delivered night: new students and changed schedules are missing there until a night is delivered.",
      "Is it up? Then: `rosterbridge rerun`.",
      `To take it up again: rosterbridge rerun ${RUN}`,
    ]);
  });

  it("says of a failed source that Canvas stays as it was, and of no package", () => {
    const told = of({
      status: "failed",
      exitCode: 3,
      errors: [error("source.unavailable", "GET /users: 500")],
    });
    expect(told.subject).toMatch(/roster night FAILED \(source\)$/);
    expect(told.text).toContain("\n\nCanvas stays as it was after the last delivered night: new students");
    expect(told.text).not.toContain("package");
  });

  it("asks for a new night where the failed one is stale, for a rerun would be refused", () => {
    const told = of({ status: "failed", exitCode: 2, errors: [error("usage.stale-run", "Stale.")] });
    expect(told.text).toMatch(/\n\nTo make a new night: rosterbridge roster$/);
    expect(told.facts.command).toBe("rosterbridge roster");
  });

  it("does not say that nothing was delivered when something went wrong after that", () => {
    const delivery = { kind: "sftp", target: "/incoming/x.zip", verified: true };
    const told = of({
      status: "failed",
      exitCode: 1,
      delivery,
      errors: [error("internal.disk-full", "Full.")],
    });
    expect(told.text).toContain("The package had been delivered by then");
    expect(told.text).not.toContain("stays as it was");
  });

  it("says of a held night which limits, what it looks like, where to look, and how to accept it", () => {
    const violation = (message: string) => ({
      rule: "removed-percent" as const,
      file: "enrollments",
      account_id: "S1",
      message,
    });
    const guard = {
      violations: ["Lincoln High", "A", "B", "C", "D", "E", "F"].map((school) =>
        violation(`${school}: 612 of 655 enrollments would be deleted (93 %, limit 10 %)`),
      ),
      causes: ["The SIS sent nothing of Lincoln High."],
      accepted: null,
    };
    const told = of({ status: "held", exitCode: 4, guard, errors: [error("held.guard", "all of it again")] });
    expect(told.subject).toBe("[rosterbridge] Oakdale Unified: roster night HELD, a person must decide");
    const [why, means, look, command] = told.text.split("\n\n");
    expect(why?.split("\n")).toEqual([
      "Lincoln High: 612 of 655 enrollments would be deleted (93 %, limit 10 %)",
      ...["A", "B", "C", "D"].map(
        (name) => `${name}: 612 of 655 enrollments would be deleted (93 %, limit 10 %)`,
      ),
      "… and 2 more",
      "The SIS sent nothing of Lincoln High.",
    ]);
    expect(means).toMatch(/^Nothing was sent\. Canvas stays as it was after the last delivered night/);
    expect(look).toBe(`Look at them first: changes.csv of the run, and rosterbridge show ${RUN}`);
    expect(command).toBe(`To deliver it all the same: rosterbridge rerun ${RUN} --accept-changes`);
    expect(told.facts.guard?.violations).toHaveLength(7);
  });

  it("says of a held run without a guard's verdict what its error says", () => {
    const told = of({
      status: "held",
      exitCode: 4,
      errors: [error("held.guard", "The baseline is damaged.")],
    });
    expect(told.text).toMatch(/^The baseline is damaged\./);
  });

  it("says of a good night what was delivered, and how many records were left out", () => {
    const told = of({
      delivery: { kind: "sftp", target: "/incoming/oakdale.zip", verified: true },
      files: {
        users: { rows: 1190, added: 12, changed: 3, suspended: 2, removed: 1, unchanged: 1174 },
        courses: { rows: 80, added: 0, changed: 4, removed: 0, unchanged: 76 },
        terms: { rows: 8 },
      },
      extracted: {
        users: { records: 1200, rejected: 7, pages: 2, gone: 0, leftOut: {} },
        classes: { records: 80, rejected: 2, pages: 1, gone: 0, leftOut: {} },
      },
    });
    expect(told.subject).toBe("[rosterbridge] Oakdale Unified: roster night ok");
    expect(told.text.split("\n\n")).toEqual([
      "Delivered: /incoming/oakdale.zip\nusers: 1,190 rows (12 added, 1 changed, 2 suspended by the SIS, 1 removed)\ncourses: 80 rows (0 added, 4 changed, 0 removed)\nterms: 8 rows",
      "9 records of the SIS were left out as unfit: rejects.csv of the run says which, and why.",
      `To see all of it: rosterbridge show ${RUN}`,
    ]);
    expect(told.facts.rejected).toBe(9);
  });

  it("says of a good night without changes that there was nothing to deliver", () => {
    expect(of({}).text).toMatch(/^There was nothing to deliver: Canvas stays as it is\.\n\n/);
  });

  it("says of grades that were sent in part where the refusals are, and of failed ones that none is lost", () => {
    const partial = of({ job: "grades", status: "partial", exitCode: 6 });
    expect(partial.subject).toBe("[rosterbridge] Oakdale Unified: grade passback done IN PART");
    expect(partial.facts.command).toBe(`rosterbridge show ${RUN}`);
    const failed = of({
      job: "grades",
      status: "failed",
      exitCode: 3,
      errors: [error("source.timeout", "Slow.")],
    });
    expect(failed.text).toContain("still in Canvas: the next run sends them");
    expect(failed.text).not.toContain("Results:");
    expect(of({ job: "grades" }).text).toMatch(/^Everything that had changed has been sent\./);
  });

  it("tells a hint once, and counts the errors beyond the first five", () => {
    const errors = Array.from({ length: 8 }, (_, i) =>
      error("source.timeout", `Endpoint ${i} is slow.`, "Wait."),
    );
    const { text, facts } = of({ status: "failed", exitCode: 3, errors });
    expect(text.match(/is slow/g)).toHaveLength(5);
    expect(text).toContain("And 3 more errors.");
    expect(text.match(/Wait\./g)).toHaveLength(1);
    expect(facts.errors).toHaveLength(8);
  });

  it("gives programs the facts of the manifest", () => {
    const told = of({ status: "failed", exitCode: 5, errors: [unreachable] });
    expect(told.facts).toEqual({
      institution: { id: "oakdale", name: "Oakdale Unified" },
      job: "roster",
      run: RUN,
      status: "failed",
      exitCode: 5,
      startedAt: "2026-11-21T02:00:03.000Z",
      finishedAt: "2026-11-21T02:04:08.500Z",
      host: "here",
      folder: FOLDER,
      errors: [unreachable],
      rejected: 0,
      files: {},
      guard: null,
      delivery: null,
      grades: null,
      command: `rosterbridge rerun ${RUN}`,
    });
  });

  it("says of grades how many went, to people and to programs, and why the others did not", () => {
    const counts = (sent: number) => ({ sent, unchanged: 2, skipped: 3, refused: 4, wouldSend: 0 });
    const reasons = [{ reason: "the SIS refused the grade (422), ask pat@example.org", count: 4 }];
    const grades = { ...noGrades(), lineItems: counts(5), results: counts(1200), reasons };
    const { text, facts } = of({ job: "grades", status: "partial", exitCode: 6, grades });
    expect(text).toContain(
      "Line items: 5 sent, 2 unchanged, 3 skipped, 4 refused.\nResults: 1,200 sent, 2 unchanged, 3 skipped, 4 refused.",
    );
    expect(facts.grades).toEqual({
      lineItems: { sent: 5, unchanged: 2, skipped: 3, refused: 4 },
      results: { sent: 1200, unchanged: 2, skipped: 3, refused: 4 },
      reasons: [{ reason: "the SIS refused the grade (422), ask [address]", count: 4 }],
    });
    const failed = of({ job: "grades", status: "failed", exitCode: 3, grades });
    expect(failed.text).toContain("the next run sends them. By then these were told of:\nLine items: 5 sent");
  });
});

describe("what nobody is told", () => {
  const all = (more: Partial<Manifest>) => JSON.stringify(of(more));
  const failed = (...errors: ErrorEntry[]) => all({ status: "failed", exitCode: 3, errors });

  it("is what the SIS says in its own words, which may name a child", () => {
    const told = failed(
      error(
        "source.refused",
        "GET /users answered 500, in all 6 tries. The SIS says: no grade for\nJordan Alvarez",
      ),
    );
    expect(told).toContain(
      "GET /users answered 500, in all 6 tries. Its own words are in the run's manifest.",
    );
    expect(told).not.toMatch(/Jordan|Alvarez/);
  });

  it("is what an unforeseen error quotes", () => {
    const told = failed(error("internal.defect", "Unforeseen: cannot convert 'Jordan' to a number."));
    expect(told).toContain("An unforeseen fault");
    expect(told).not.toContain("Jordan");
  });

  it("is a mail address, wherever it comes from", () => {
    const told = failed(
      error("source.malformed", "user 17: <jordan@oakdale.example>", "Ask pat.o'hara@x.example."),
    );
    expect(told).not.toMatch(/@/);
    expect(told).toContain("user 17: <[address]>");
  });

  it("is which records the warnings are about", () => {
    const warnings = [{ type: "users", field: "email", reason: "two", count: 1, examples: ["student-4711"] }];
    expect(all({ warnings })).not.toContain("4711");
  });

  it("breaks no header and paints no terminal, and is never endless", () => {
    const told = notificationOf(
      manifest(RUN, { status: "failed", errors: [error("source.odd", `\u001b[31m${"x".repeat(5000)}`)] }),
      "Oak\r\nBcc: everybody",
      FOLDER,
    );
    expect(told.subject).toBe("[rosterbridge] Oak Bcc: everybody: roster night FAILED (source)");
    expect(told.text).not.toMatch(/[^\P{Cc}\n]/u);
    expect(told.text.length).toBeLessThan(2000);
  });
});
