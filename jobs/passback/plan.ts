/** What is to be sent of one class: written by the stage match, done by the stage post. */
import type { Body } from "../../mappers/gradebook-body.ts";
import type { Row, RowPlace, RowSubject } from "./rows.ts";

export interface LineItemStep {
  assignment: string;
  title: string;
  dueDate: string;
  /** Our own choice of category, to be remembered. */
  remember: string | null;
  body: Body;
  digest: string;
  /** null: the SIS gives it one. */
  sourcedId: string | null;
  /** Not in the SIS yet. */
  isNew: boolean;
  /** `keep`: in the SIS as it should be, and known to be; `record`: found to be so, which is not known yet. */
  action: "keep" | "record" | "put";
}

export interface ResultStep {
  assignment: string;
  /** sourcedId. */
  student: string;
  /** Without its line item, whose sourcedId may not be known yet. */
  body: Body;
  digest: string;
  score: string;
  sourcedId: string | null;
  /** Whether the SIS may have one that is not known, so that it must be asked first. */
  look: boolean;
  /** It says that work is missing, and gives way to a score that somebody gave in the SIS. */
  givesWay?: true;
  /** It overwrites a score that was taken back: where the SIS has none, there is nothing to be sent. */
  takesBack?: true;
  action: "put" | "remove";
}

export interface ClassPlan extends RowPlace {
  classId: string;
  lineItems: LineItemStep[];
  results: ResultStep[];
}

/** What became of a class: one line of the file that grades.csv is made of. */
export interface ClassOutcome extends RowPlace {
  classId: string;
  rows: Row[];
}

export function isEmptyPlan({ lineItems, results }: ClassPlan): boolean {
  return results.length === 0 && lineItems.every(({ action }) => action === "keep");
}

export function lineItemSubject({ assignment, title, sourcedId }: LineItemStep): RowSubject {
  return { record: "lineItem", assignment, title, student: "", sourcedId };
}
