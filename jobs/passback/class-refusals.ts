/** What stands in the way of a class, or of an assignment, in words for its instructor. */
import { AnswerFailure } from "../../connectors/oneroster/source-failures.ts";
import { dayOf } from "../../mappers/days.ts";
import { problem, type Why } from "./rows.ts";

/** Answers that are about the class that was asked for, and not about the SIS or our right to ask it. */
const ABOUT_THE_CLASS = [400, 403, 404, 409, 422];

/**
 * Asks the SIS something about one class; what it refuses is that class's trouble alone.
 * @throws Failure source.… for all that is not about the class
 */
export async function ofOneClass<T>(
  classId: string,
  ask: () => Promise<T>,
): Promise<{ value: T } | { why: Why }> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (!(error instanceof AnswerFailure) || !ABOUT_THE_CLASS.includes(error.status)) throw error;
    const what =
      error.status === 404
        ? "the SIS's gradebook does not know this class"
        : "the SIS's gradebook does not answer for this class";
    return {
      why: problem(
        what,
        `Have the class ${classId} looked at in the SIS: whether it is there, and open to this connection's key.`,
        error.message,
      ),
    };
  }
}

/** In the words that users of Canvas's own integration know ("Multiple matches found"). */
export function ambiguousLineItem(
  { title, dueDate }: { title: string; dueDate: string },
  { unzoned = false }: { unzoned?: boolean },
  timezone: string,
): Why {
  // As Canvas's integration writes it: month, day, year.
  const due = dayOf(dueDate, timezone)?.replace(/^(\d+)-(\d+)-(\d+)$/, "$2/$3/$1") ?? dueDate;
  if (unzoned)
    return problem(
      `the SIS has a line item "${title}" that may be the one due on ${due}, or one of another day`,
      "Its due date says no time zone, so nothing is guessed. Look at it in the SIS: give it the due date of Canvas, or rename it there when it is another one, and run again.",
    );
  return problem(
    `Multiple matches found for "${title}" due on ${due} in the SIS`,
    "Nothing is guessed. Rename or remove one of them, in Canvas or in the SIS, and run again.",
  );
}

export const AMBIGUOUS_RESULT: Why = problem(
  "the SIS has several results of this student for this assignment",
  "Nothing is guessed. Remove all but one of them in the SIS, and run again.",
);
