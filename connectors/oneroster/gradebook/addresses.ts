/** Where in a OneRoster gradebook each thing lives (OneRoster 1.1 §3.3; 1.2 Gradebook Service). */
import { percentEncode } from "../percent.ts";
import type { RecordKind } from "./records.ts";

export const SETS: Record<RecordKind, "lineItems" | "results"> = { lineItem: "lineItems", result: "results" };

export interface Scope {
  classId: string;
  /** Of results: the line item that they are for. */
  lineItemId?: string;
}

export function ofClass(classId: string, collection: "lineItems" | "results" | "categories"): string {
  return `classes/${percentEncode(classId)}/${collection}`;
}

export function ofRecord(kind: RecordKind, sourcedId: string): string {
  return `${SETS[kind]}/${percentEncode(sourcedId)}`;
}

/** Where OneRoster 1.2 takes sets by POST: postLineItemsForClass, postResultsForLineItem. */
export function ofSet(kind: RecordKind, { classId, lineItemId }: Scope): string {
  if (kind === "lineItem") return ofClass(classId, "lineItems");
  if (lineItemId === undefined) throw new Error("results are posted to a line item, and none was given");
  return `lineItems/${percentEncode(lineItemId)}/results`;
}

export function under(root: string, path: string): URL {
  const url = new URL(root);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  return url;
}
