/** What the SIS's gradebook holds, read without believing more of it than is needed to find a record again. */
import { idText, refText } from "../loose-values.ts";

export type Members = Record<string, unknown>;

export type RecordKind = "lineItem" | "result";

/** A JSON object as it goes out; sourcedId and dateLastModified are put in when it is sent. */
export type Body = Record<string, unknown>;

export interface SisLineItem {
  sourcedId: string;
  /** As sent, untrimmed: it is compared with what was sent there. Empty when it has none. */
  title: string;
  /** As sent. */
  dueDate: string | null;
  /** sourcedId of its category. */
  category: string | null;
  body: Members;
}

export interface SisResult {
  sourcedId: string;
  /** sourcedId of its line item. */
  lineItem: string;
  /** sourcedId of the student. */
  student: string;
  body: Members;
}

export interface SisCategory {
  sourcedId: string;
  title: string;
  /** The class whose own it is (metadata.classId); null: every class may use it. */
  classId: string | null;
}

/** Undefined for what has no sourcedId, as are the others. */
export function lineItemOf(body: Members): SisLineItem | undefined {
  const sourcedId = idText(body.sourcedId);
  if (sourcedId === undefined) return undefined;
  const { title, dueDate } = body;
  return {
    sourcedId,
    title: typeof title === "number" ? String(title) : typeof title === "string" ? title : "",
    dueDate: idText(dueDate) ?? null,
    category: refText(body.category) ?? null,
    body,
  };
}

/** A result that does not say whose or for what it is belongs to nobody, so there is nothing to find again. */
export function resultOf(body: Members): SisResult | undefined {
  const sourcedId = idText(body.sourcedId);
  const lineItem = refText(body.lineItem);
  const student = refText(body.student);
  if (sourcedId === undefined || lineItem === undefined || student === undefined) return undefined;
  return { sourcedId, lineItem, student, body };
}

export function categoryOf(body: Members): SisCategory | undefined {
  const sourcedId = idText(body.sourcedId);
  if (sourcedId === undefined) return undefined;
  const metadata = isMembers(body.metadata) ? body.metadata : {};
  return { sourcedId, title: idText(body.title) ?? "", classId: refText(metadata.classId) ?? null };
}

/** `inactive` is OneRoster 1.0's word for `tobedeleted`. */
export function isGone({ status }: Members): boolean {
  const word = typeof status === "string" ? status.trim().toLowerCase() : "";
  return word === "tobedeleted" || word === "inactive";
}

export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
