/** Missing and late: by an instructor's word, or by date. Source: Canvas's Submission#missing? and #late?. */
import type { Assignment, Submission } from "../records.ts";

/** Kinds of work that Canvas expects to see handed in; of what is done on paper it knows nothing. */
const HANDED_IN = new Set([
  "online_upload",
  "online_text_entry",
  "online_url",
  "online_quiz",
  "media_recording",
  "discussion_topic",
]);

export interface Standing {
  missing: boolean;
  late: boolean;
  seconds_late: number;
}

/** @param due_at for this student */
export function standingOf(
  assignment: Assignment,
  submission: Submission,
  due_at: string | null,
  now: string,
): Standing {
  const { excused, late_policy_status: word, submitted_at, workflow_state } = submission;
  const late = !excused && (word === "late" || (word === null && isAfter(submitted_at, due_at)));
  const expected = assignment.submission_types.some((type) => HANDED_IN.has(type));
  const neverCame = word === null && workflow_state !== "graded" && submitted_at === null && expected;
  const missing = !excused && (word === "missing" || (neverCame && isAfter(now, due_at)));
  const seconds = late && submitted_at !== null && due_at !== null ? secondsBetween(due_at, submitted_at) : 0;
  return { missing, late, seconds_late: Math.max(0, seconds) };
}

function isAfter(moment: string | null, limit: string | null): boolean {
  return moment !== null && limit !== null && Date.parse(moment) > Date.parse(limit);
}

function secondsBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 1000);
}
