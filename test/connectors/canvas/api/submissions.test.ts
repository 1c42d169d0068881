import { describe, expect, it } from "vitest";
import { type Choices, readAll } from "./reading.ts";
import { assignment, type Entry, graded, startTinyCanvas } from "./tiny-canvas.ts";

async function read(work: Entry[], choices: Choices = {}) {
  const canvas = await startTinyCanvas({ assignments: [assignment(1, [{ id: 7 }])], work: { 7: work } });
  const [section] = await readAll(canvas.url, choices);
  return section!.assignments[0]!.submissions;
}

const one = async (score: number | null, more: Entry = {}) => (await read([graded(1, 2, score, more)]))[0]!;

describe("a student's work", () => {
  it("is graded when Canvas counts its score", async () => {
    expect(await one(0)).toMatchObject({ score: 0, graded: true });
    expect(await one(-2.5)).toMatchObject({ score: -2.5, graded: true });
  });

  it.for([
    ["not handed in", null, { workflow_state: "unsubmitted" }],
    ["handed in", null, { workflow_state: "submitted" }],
    ["waiting for an instructor to grade the rest", 3, { workflow_state: "pending_review" }],
    ["handed in again", 15, { workflow_state: "submitted", grade_matches_current_submission: false }],
  ] as const)("is not graded while it is %s", async ([, score, more]) => {
    expect(await one(score, more)).toMatchObject({ graded: false });
  });

  it("is excused without a score", async () => {
    const excused = await one(null, { excused: true, workflow_state: "graded" });
    expect(excused).toMatchObject({ excused: true, graded: true });
    expect(excused).not.toHaveProperty("score");
  });

  it("is missing or late as Canvas says", async () => {
    expect(await one(null, { missing: true })).toMatchObject({ missing: true });
    expect(await one(4, { late: true })).toMatchObject({ late: true, graded: true });
  });

  it("is hidden from the student while it is not posted", async () => {
    expect(await one(4, { posted_at: null })).toMatchObject({ posted: false });
    expect(await one(4)).toMatchObject({ posted: true });
    expect(await one(4, { posted_at: undefined })).not.toHaveProperty("posted");
  });

  it.for(["A-", "12,5", true, {}])("is told when its score is no number: %j", async (score) => {
    const submission = await one(4, { score });
    expect(submission.problem).toMatch(/not a number/);
    expect(submission).not.toHaveProperty("score");
  });

  it("is that of nobody in the SIS when Canvas's user has no SIS id", async () => {
    const submission = await one(4, { user: { id: 2, sis_user_id: null } });
    expect(submission).toMatchObject({ sis_user_id: null, user_id: "2" });
  });

  it("keeps a SIS id as it is written, without the blanks around it", async () => {
    expect(await one(4, { user: { id: 2, sis_user_id: " 0042 " } })).toMatchObject({ sis_user_id: "0042" });
  });

  it("is told when Canvas hides the SIS id of the user", async () => {
    expect((await one(4, { user: { id: 2 } })).problem).toMatch(/no SIS id/);
  });

  it("is told when Canvas hides whose it is", async () => {
    const submissions = await read([
      graded(1, 2, 5, { user: undefined, user_id: undefined }),
      graded(1, 3, 6, { user: undefined, user_id: undefined }),
    ]);
    expect(submissions).toHaveLength(2);
    expect(submissions[0]?.problem).toMatch(/anonymously/);
  });

  it("needs no telling while there is nothing to pass back", async () => {
    expect(await one(null, { user: undefined, missing: true })).not.toHaveProperty("problem");
  });
});

describe("comments", () => {
  const said = (author_id: number | null, comment: string, created_at: string) => ({
    id: 1,
    author_id,
    comment,
    created_at,
  });
  const comments = [
    said(90, "Well done", "2026-10-03T10:00:00Z"),
    said(90, "Better than before", "2026-10-05T10:00:00Z"),
    said(91, "Good", "2026-10-04T10:00:00Z"),
    said(2, "Thank you", "2026-10-06T10:00:00Z"),
    said(3, "I liked it (a classmate)", "2026-10-07T10:00:00Z"),
    said(null, "by nobody", "2026-10-08T10:00:00Z"),
    said(90, " ", "2026-10-09T10:00:00Z"),
  ];
  const work = [graded(1, 2, 15, { submission_comments: comments }), graded(1, 3, 4)];

  it("are the newest of somebody who is no student of the section", async () => {
    const submissions = await read(work, { comments: true });
    expect(submissions.map(({ comment }) => comment)).toEqual(["Better than before", undefined]);
  });

  it("are left out unless asked for", async () => {
    const submissions = await read(work);
    expect(submissions.every((submission) => !("comment" in submission))).toBe(true);
  });
});
