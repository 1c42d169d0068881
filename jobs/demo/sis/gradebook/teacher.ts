/** What teachers do in the SIS itself: nobody checks, and the SIS chooses the ids. */
import { ref } from "../../district/raw-records.ts";
import type { Book } from "./book.ts";
import type { TeachersLineItem, TeachersResult } from "./options.ts";
import type { GradebookRecord, RawLineItem, RawResult, RecordKind } from "./records.ts";

export interface Teacher {
  edit(kind: RecordKind, sourcedId: string, change: Partial<GradebookRecord>): void;
  addLineItem(lineItem: TeachersLineItem): string;
  addResult(result: TeachersResult): string;
  remove(kind: RecordKind, sourcedId: string): void;
}

/** @param changed told after each change */
export function seatTeacher(book: Book, changed: () => void): Teacher {
  function held(kind: RecordKind, sourcedId: string): GradebookRecord {
    const record = book.table(kind).records.get(sourcedId);
    if (record === undefined) throw new Error(`the SIS has no ${kind} ${sourcedId}`);
    return record;
  }

  function put(kind: RecordKind, record: GradebookRecord): string {
    book.table(kind).put({ ...record, dateLastModified: new Date().toISOString() });
    changed();
    return record.sourcedId;
  }

  return {
    edit(kind, sourcedId, change) {
      put(kind, { ...held(kind, sourcedId), ...change, sourcedId });
    },
    addLineItem({ classId, title, dueDate, sourcedId, category, resultValueMax = 100 }) {
      return put("lineItem", {
        ...newRecord(sourcedId ?? book.allocate("lineItem")),
        title,
        assignDate: dueDate,
        dueDate,
        class: ref("classes", "class", classId),
        category: category == null ? null : ref("categories", "category", category),
        resultValueMin: 0,
        resultValueMax,
      } satisfies RawLineItem);
    },
    addResult({ lineItem, student, score, sourcedId, scoreStatus = "fully graded" }) {
      return put("result", {
        ...newRecord(sourcedId ?? book.allocate("result")),
        lineItem: ref("lineItems", "lineItem", held("lineItem", lineItem).sourcedId),
        student: ref("users", "user", student),
        scoreStatus,
        score,
      } satisfies RawResult);
    },
    remove(kind, sourcedId) {
      book.remove(kind, held(kind, sourcedId).sourcedId);
      changed();
    },
  };
}

function newRecord(sourcedId: string) {
  return { sourcedId, status: "active" as const, dateLastModified: "" };
}
