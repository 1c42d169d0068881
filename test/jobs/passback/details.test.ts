import { afterAll, describe, expect, it } from "vitest";
import { forgetNights, startSemester } from "./semester.ts";

afterAll(forgetNights);

describe("what else Canvas says of a submission", () => {
  it("is kept for templates that ask for it; a run without it is not gone on with once they do", async () => {
    const asking = { result: { metadata: { entered: "{submission.entered_grade}" } } };
    await using semester = await startSemester();
    expect((await semester.pass("--dry-run")).grades).toMatchObject({ withoutDetails: true });
    const run = semester.newest();
    semester.configure(asking);
    const again = await semester.rerun(run, "--from", "match");
    expect(again.code).toBe(2);
    expect(again.stderr).toContain("--from snapshot");
    expect((await semester.pass("--dry-run")).grades).not.toHaveProperty("withoutDetails");
  });
});
