import { existsSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { startReceiver } from "../../connectors/notify/receiver.ts";
import { startSmtp } from "../../connectors/notify/smtp-server.ts";
import { env, forgetNights, type Semester, someWork, startSemester } from "./semester.ts";

afterAll(forgetNights);

/** What the SIS says names a child, which is for the run's folder alone. */
const WORDS = "The score of Lee, Ann is locked";

async function show(semester: Semester): Promise<string> {
  const { code, stdout } = await semester.home.call(["show", semester.newest()], { env });
  expect(code).toBe(0);
  return stdout;
}

async function newestOfRuns({ home }: Semester): Promise<string> {
  const { stdout } = await home.call(["runs", "--limit", "1"], { env });
  return stdout.trimEnd();
}

async function toldSemester() {
  const semester = await startSemester({ canvas: { assignmentsPerCourse: 2 } });
  const [hook, smtp] = [await startReceiver(), await startSmtp()];
  const on = ["ok", "partial", "failed"];
  const mail = {
    kind: "email",
    host: "127.0.0.1",
    port: smtp.port,
    from: "bridge@example.org",
    to: "pat@example.org",
  };
  const notify = [
    { kind: "webhook", url: hook.url, on },
    { ...mail, on },
  ];
  semester.home.configure({ ...semester.config(), notify });
  return Object.assign(semester, {
    notify,
    mail: () => smtp.mails.at(-1)!,
    mails: () => smtp.mails.length,
    post: () => JSON.parse(hook.posts.at(-1)!.body) as Record<string, unknown>,
  });
}

describe("a grades run", () => {
  it("that went in part says so in mail, webhook, show and runs, with counts and reasons and nobody's words", async () => {
    await using semester = await toldSemester();
    const { first, student } = someWork(semester);
    semester.canvas.coursework.regroup(first, "Underwater basket weaving");
    const isTheirs = (body: Record<string, unknown>) =>
      (body["student"] as { sourcedId: string } | undefined)?.sourcedId === student;
    semester.sis.gradebook.refuse({ kind: "result", status: 422, words: WORDS, match: isTheirs });
    const { code, grades } = await semester.pass();
    expect(code).toBe(6);
    const [refused, unmatched] = grades.reasons;
    expect(refused?.reason).toBe("the SIS refused the grade (422)");

    const { headers, body } = semester.mail();
    expect(headers["subject"]).toBe("[rosterbridge] Oakdale Unified: grade passback done IN PART");
    expect(body).toContain(`Results: ${grades.results.sent} sent`);
    expect(body).toContain(
      `${unmatched?.count ?? 0}: Grading category "Underwater basket weaving" not found`,
    );
    expect(body).toContain(`rosterbridge show ${semester.newest()}`);
    expect(semester.post()).toMatchObject({
      status: "partial",
      exitCode: 6,
      grades: { results: { sent: grades.results.sent }, reasons: grades.reasons },
    });

    const shown = await show(semester);
    expect(shown).toContain("ended in part");
    expect(shown).toContain(`✗ ${refused?.count ?? 0}: the SIS refused the grade (422)`);
    expect(shown).toContain("courses: a page for each instructor");
    expect(await newestOfRuns(semester)).toMatch(
      / {2}partial +6 {2}post: \d+ line items and results could not be sent\.$/,
    );
    for (const told of [body, JSON.stringify(semester.post()), shown]) expect(told).not.toContain("Lee, Ann");
    expect(semester.page(someWork(semester).section.sis_id!)).toContain(WORDS);
    expect(semester.rows().some((row) => row["sis_message"]?.includes(WORDS))).toBe(true);
  });

  it("that went well, and a dry run after it, say what went, and the dry run tells nobody", async () => {
    await using semester = await toldSemester();
    const { grades } = await semester.pass();
    expect(semester.mail().headers["subject"]).toMatch(/grade passback ok$/);
    expect(semester.mail().body).toMatch(/^Everything that had changed has been sent\./);
    expect(await show(semester)).toContain(`results   ${grades.results.sent} sent, 0 unchanged`);
    expect(await newestOfRuns(semester)).toContain(`results: ${grades.results.sent} sent`);

    const mails = semester.mails();
    await semester.pass("--dry-run");
    expect(semester.mails()).toBe(mails);
    expect(await show(semester)).toContain("ended well (dry run: nothing was sent)");
    expect(await newestOfRuns(semester)).toMatch(/0 would be sent, .*, dry run$/);
  });

  it("that failed, or was paused, speaks of no counts and no file that are not there", async () => {
    await using semester = await toldSemester();
    semester.canvas.failNext({ times: Infinity, answer: "expired-token" });
    expect((await semester.pass()).code).toBe(3);
    expect(semester.mail().headers["subject"]).toMatch(/grade passback FAILED \(source\)$/);
    expect(semester.mail().body).toContain("Make a new one as the Canvas admin");
    expect(semester.mail().body).toContain(`rosterbridge rerun ${semester.newest()}`);
    const failed = await show(semester);
    expect(failed).toContain("FAILED");
    expect(filesIn(failed).filter((file) => !existsSync(file))).toEqual([]);
    expect(failed).not.toContain("0 sent");

    const pauses = [{ from: "2000-01-01", to: "2999-12-31", jobs: ["grades"], reason: "rollover" }];
    semester.home.configure({ ...semester.config(), notify: semester.notify, pauses });
    const mails = semester.mails();
    expect((await semester.pass()).code).toBe(0);
    expect(semester.mails()).toBe(mails);
    const paused = await show(semester);
    expect(paused).toContain("did nothing: a pause is configured");
    expect(filesIn(paused).filter((file) => !existsSync(file))).toEqual([]);
    expect(await newestOfRuns(semester)).toMatch(/ {2}paused +0 {2}nothing was done: a pause is configured$/);
  });
});

function filesIn(text: string): string[] {
  return Array.from(
    text.matchAll(/^ {2}(?:grades|files|courses\/) +(\/\S+?):?(?: .*)?$/gm),
    ([, file = ""]) => file,
  );
}
