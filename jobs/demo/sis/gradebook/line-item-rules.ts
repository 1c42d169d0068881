/** What a SIS looks at before it takes a line item whose form is right. */
import type { OneRosterVersion } from "../options.ts";
import type { Book } from "./book.ts";
import { classOf } from "./categories.ts";
import type { RegisteredClass, Register, Span } from "./class-register.ts";
import type { Objection } from "./error-shapes.ts";
import type { SandboxGradebookOptions } from "./options.ts";
import type { RawCategory, RawLineItem } from "./records.ts";

export interface Ground {
  version: OneRosterVersion;
  options: SandboxGradebookOptions;
  register: Register;
  categories: ReadonlyMap<string, RawCategory>;
  book: Book;
}

/** @param sourcedId the record that it is to replace; undefined: a new one */
export function whyNoLineItem(
  lineItem: RawLineItem,
  sourcedId: string | undefined,
  ground: Ground,
): Objection | undefined {
  const { register, options } = ground;
  const group = register.class(lineItem.class.sourcedId);
  if (group === undefined) return unknown(`Class ${lineItem.class.sourcedId} not found`);
  const before = ground.book.lineItems.believed(sourcedId ?? "");
  if (before !== undefined && before.class.sourcedId !== lineItem.class.sourcedId) {
    return invalid("The class of an assignment cannot change");
  }
  const longest = options.titleMaxLength ?? Number.POSITIVE_INFINITY;
  if (Array.from(lineItem.title).length > longest) {
    return invalid(`Assignment Cannot Be Created: title must be ${longest} characters or fewer`);
  }
  if (lineItem.school !== undefined && lineItem.school.sourcedId !== group.school) {
    return invalid(`Class ${lineItem.class.sourcedId} is not taught at school ${lineItem.school.sourcedId}`);
  }
  if (lineItem.resultValueMin > lineItem.resultValueMax) {
    return invalid("resultValueMin is more than resultValueMax");
  }
  return (
    whyNotThen(lineItem, group, options.closedBefore) ??
    whyNotInCategory(lineItem, ground) ??
    (options.twins === "refuse" ? twinOf(lineItem, sourcedId, ground.book) : undefined)
  );
}

function whyNotThen(
  lineItem: RawLineItem,
  group: RegisteredClass,
  closedBefore: string | undefined,
): Objection | undefined {
  const due = Date.parse(lineItem.dueDate);
  if (Date.parse(lineItem.assignDate) > due) {
    return invalid("Assignment Dates Error: the assign date is after the due date");
  }
  if (!isIn(group.span, due)) return invalid("Invalid Due Date: it is outside the terms of the class");
  if (isClosed(lineItem, closedBefore)) return invalid("Invalid Due Date: the grading window is closed");
  if (lineItem.gradingPeriod == null) return undefined;
  const period = group.periods.get(lineItem.gradingPeriod.sourcedId);
  if (period === undefined) return invalid("Could Not Determine Class or Grading Period");
  return isIn(period, due) ? undefined : invalid("Invalid Due Date: it is outside the grading period");
}

function whyNotInCategory(lineItem: RawLineItem, { categories }: Ground): Objection | undefined {
  if (lineItem.category == null) return undefined;
  const category = categories.get(lineItem.category.sourcedId);
  if (category?.status !== "active") {
    return invalid(`Grading Category Not Found: ${lineItem.category.sourcedId}`);
  }
  const owner = classOf(category);
  return owner === undefined || owner === lineItem.class.sourcedId
    ? undefined
    : invalid(`Grading Category ${category.sourcedId} is not of class ${lineItem.class.sourcedId}`);
}

function twinOf(lineItem: RawLineItem, sourcedId: string | undefined, book: Book): Objection | undefined {
  const twin = book.lineItems
    .of(lineItem.class.sourcedId)
    .find(
      (other) =>
        other.sourcedId !== sourcedId &&
        other.status === "active" &&
        other.title === lineItem.title &&
        Date.parse(other.dueDate) === Date.parse(lineItem.dueDate),
    );
  return twin && { status: 409, code: "invaliddata", words: `Assignment Already Exists: ${twin.sourcedId}` };
}

/** Whether work that is due then can still be graded. */
export function isClosed({ dueDate }: RawLineItem, closedBefore: string | undefined): boolean {
  return closedBefore !== undefined && Date.parse(dueDate) < Date.parse(closedBefore);
}

function isIn(span: Span, instant: number): boolean {
  return span.from <= instant && instant < span.to;
}

export function invalid(words: string): Objection {
  return { status: 422, code: "invaliddata", words };
}

export function unknown(words: string): Objection {
  return { status: 404, code: "unknownobject", words };
}
