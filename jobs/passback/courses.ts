/** The courses that somebody has asked for. */
import { Failure } from "../../config/failure.ts";
import type { RosterGround } from "../../connectors/store/ground.ts";

/**
 * @returns undefined when all are wanted
 * @throws Failure usage.unknown-course for one that the last delivered roster does not have
 */
export function courseIds(asked: readonly string[], ground: RosterGround): ReadonlySet<string> | undefined {
  if (asked.length === 0) return undefined;
  const known = new Set(Array.from(ground.sections(), ({ course_id }) => course_id));
  const unknown = asked.filter((course) => !known.has(course));
  if (unknown.length > 0) {
    throw new Failure(
      "usage.unknown-course",
      `The last delivered roster (${ground.run}) has no course ${unknown.join(", ")}. Nothing was sent.`,
      {
        hint: "--course takes a course_id of courses.csv: the SIS ID that Canvas shows in the course's settings.",
      },
    );
  }
  return new Set(asked);
}
