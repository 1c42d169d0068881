/** Reads what the students of one section got. */
import type { AssignmentGrades, SectionGrades, Submission } from "../records.ts";
import type { CanvasClient } from "./client.ts";
import { CanvasRefusal } from "./failures.ts";
import { compareIds } from "./ids.ts";
import { pagesOf } from "./pages.ts";
import { type AssignmentWork, FOR_SOME, type SectionWork } from "./section-work.ts";
import { submissionLists } from "./submission-lists.ts";
import { type CanvasSubmission, newestComment, readSubmission, toSubmission } from "./submissions.ts";

export interface SectionReading {
  client: CanvasClient;
  /** Canvas's address. */
  base: URL;
  comments: boolean;
  /** Told of every piece of work. */
  notice: (submission: CanvasSubmission) => void;
}

type Reason = string;
type WorkOf = Map<string, Map<string, CanvasSubmission> | Reason>;

/**
 * A section that the SIS does not know is not asked for: nothing of it could be passed back. What Canvas refuses
 * becomes the problem of the assignments that it was asked about.
 * @throws Failure when the work cannot be had completely
 */
export async function readSectionGrades(
  work: SectionWork,
  reading: SectionReading,
  signal: AbortSignal,
): Promise<SectionGrades> {
  const { section, course, assignments } = work;
  const read: WorkOf = new Map();
  const wanted = assignments.filter(({ assignment }) => assignment.problem === undefined);
  if (section.id !== undefined && section.sis_id !== null) {
    const ids = wanted.map(({ assignment }) => assignment.id);
    for (const list of submissionLists(reading.base, section.id, ids, reading.comments)) {
      await readList(list.url, list.ids);
    }
  }
  const students = new Set(
    [...read.values()].flatMap((found) => (typeof found === "string" ? [] : userIds(found))),
  );
  return { section, course, assignments: assignments.flatMap((one) => withGrades(one, read, students)) };

  async function readList(url: URL, ids: readonly string[]): Promise<void> {
    try {
      const found = await readAll(url, ids);
      for (const [id, submissions] of found) read.set(id, submissions);
    } catch (error) {
      if (!(error instanceof CanvasRefusal)) throw error;
      if (ids.length === 1 || !/invalid assignment/i.test(error.said)) {
        for (const id of ids) read.set(id, refusalReason(error));
        return;
      }
      // One that was deleted or unpublished a moment ago makes Canvas refuse them all.
      for (const id of ids) {
        for (const single of submissionLists(reading.base, section.id ?? "", [id], reading.comments)) {
          await readList(single.url, single.ids);
        }
      }
    }
  }

  async function readAll(
    url: URL,
    ids: readonly string[],
  ): Promise<Map<string, Map<string, CanvasSubmission>>> {
    const found = new Map(ids.map((id) => [id, new Map<string, CanvasSubmission>()]));
    for await (const page of pagesOf(reading.client, url, signal)) {
      for (const entry of page.entries) {
        const submission = readSubmission(entry, page.url);
        const ofAssignment = found.get(submission.assignment_id);
        if (ofAssignment === undefined) continue;
        reading.notice(submission);
        // A list that changes while it is read may show the same work again: the later page is the newer one.
        ofAssignment.set(submission.user_id ?? `nobody ${ofAssignment.size}`, submission);
      }
    }
    return found;
  }
}

function withGrades(
  { assignment, apart, only }: AssignmentWork,
  read: WorkOf,
  students: ReadonlySet<string>,
): AssignmentGrades[] {
  const found = read.get(assignment.id);
  if (found === undefined) return only === undefined ? [{ assignment, submissions: [] }] : [];
  if (typeof found === "string") return [{ assignment: { ...assignment, problem: found }, submissions: [] }];
  const given = [...found.values()].filter(({ user_id }) => user_id == null || only?.has(user_id) !== false);
  if (only !== undefined && given.length === 0) return [];
  const submissions = given.map((raw): Submission => {
    return toSubmission(raw, {
      apart: raw.user_id != null && apart.has(raw.user_id),
      comment: newestComment(raw, students),
    });
  });
  submissions.sort((a, b) => compareIds(a.user_id ?? "", b.user_id ?? ""));
  return [
    { assignment: only === undefined ? assignment : { ...assignment, problem: FOR_SOME }, submissions },
  ];
}

function userIds(found: Map<string, CanvasSubmission>): string[] {
  return [...found.values()].flatMap(({ user_id }) => user_id ?? []);
}

function refusalReason({ said }: CanvasRefusal): string {
  return `Canvas does not give out its grades for this section (${said}). If that stays, ask the Canvas admin whether the token's user may view all grades there.`;
}
