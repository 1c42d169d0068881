/** What a SIS looks at before it takes a result whose form is right. */
import type { Objection } from "./error-shapes.ts";
import { type Ground, invalid, isClosed, unknown } from "./line-item-rules.ts";
import type { RawLineItem, RawResult } from "./records.ts";

/** @param sourcedId the record that it is to replace; undefined: a new one */
export function whyNoResult(
  result: RawResult & { class?: { sourcedId: string } | null; textScore?: string | null },
  sourcedId: string | undefined,
  ground: Ground,
): Objection | undefined {
  const { register, options, book } = ground;
  const student = result.student.sourcedId;
  const lineItem = book.lineItems.believed(result.lineItem.sourcedId);
  if (lineItem?.status !== "active") return unknown("Invalid assignment ID (lineItem sourcedId is invalid).");
  const classId = lineItem.class.sourcedId;
  if (result.class != null && result.class.sourcedId !== classId) {
    return invalid(`The assignment is not of class ${result.class.sourcedId}`);
  }
  if (!register.isStudent(student)) return unknown(`Student ${student} not found`);
  if (register.class(classId)?.students.has(student) !== true) {
    return invalid(`Student Does Not Belong: ${student} is not in class ${classId}`);
  }
  const before = book.results.believed(sourcedId ?? "");
  if (before !== undefined && before.student.sourcedId !== student) {
    return invalid("The student of a score cannot change");
  }
  if (before !== undefined && before.lineItem.sourcedId !== lineItem.sourcedId) {
    return invalid("The assignment of a score cannot change");
  }
  if (isClosed(lineItem, options.closedBefore)) return invalid("The grading window is closed");
  return (
    whyNotThatScore(result, lineItem, options) ??
    (options.twins === "refuse" ? twinOf(result, sourcedId, ground) : undefined)
  );
}

function whyNotThatScore(
  { score, scoreStatus, textScore }: RawResult & { textScore?: string | null },
  { resultValueMin, resultValueMax }: RawLineItem,
  { needsScore = false, scoreOverMax = "take" }: Ground["options"],
): Objection | undefined {
  if (score == null) {
    if (needsScore) return invalid("result.score is required");
    const graded = scoreStatus === "fully graded" || scoreStatus === "partially graded";
    return graded && textScore == null
      ? invalid(`Unable to Process Score: ${scoreStatus} without one`)
      : undefined;
  }
  return scoreOverMax === "refuse" && (score < resultValueMin || score > resultValueMax)
    ? invalid(`Unable to Process Score: it must be from ${resultValueMin} to ${resultValueMax}`)
    : undefined;
}

function twinOf(result: RawResult, sourcedId: string | undefined, { book }: Ground): Objection | undefined {
  const twin = book.results
    .of(result.lineItem.sourcedId)
    .find(
      (other) =>
        other.sourcedId !== sourcedId &&
        other.status === "active" &&
        other.student.sourcedId === result.student.sourcedId,
    );
  return twin && { status: 409, code: "invaliddata", words: `Score Already Exists: ${twin.sourcedId}` };
}
