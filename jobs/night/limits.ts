/** When a part of a file's, or of a school's, rows is too much of them. */
import type { RosterConfig } from "../../config/schema.ts";
import type { FileChange, MovedColumn } from "../../connectors/store/roster/compared.ts";
import type { Violation } from "../run/manifest.ts";

export type Limits = RosterConfig["guard"];

/** A violation, how many rows it is about, and what it looks like if it looks like anything by itself. */
export interface Weighed extends Violation {
  rows: number;
  of: number;
  cause?: string;
}

/** A small school counts only when all of it is meant, and with at least so many rows. */
const FEW = 10;

export function isMostOfSchool({ both, changed }: MovedColumn, minRows: number): boolean {
  return (both >= minRows && changed * 2 > both) || isAllOfFew(changed, both);
}

export function isAllOfFew(part: number, whole: number): boolean {
  return whole >= FEW && part === whole;
}

export function isOverPercent(part: number, whole: number, limits: Limits): boolean {
  if (whole < limits.minRowsForPercent) return false;
  // Binary fractions: 0.57 % of 10,000 rows is 57, and the product a hair less.
  return part * 100 > limits.maxRemovedPercent * whole * (1 + 4 * Number.EPSILON);
}

/** Rows of the last delivered night. */
export function lastRows({ changed, removed, unchanged }: FileChange): number {
  return changed + removed + unchanged;
}
