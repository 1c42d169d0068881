/** Dates of Canvas's, which always say their zone. */
import { z } from "zod";

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;

/** ISO 8601 with a zone, as an instant in UTC; null and absent become undefined. */
export const instant = z
  .string()
  .refine((text) => ISO.test(text) && !Number.isNaN(Date.parse(text)), "is not a date and time")
  .transform((text) => (text.endsWith("Z") ? text : new Date(text).toISOString().replace(".000Z", "Z")))
  .nullish()
  .transform((text) => text ?? undefined);

export function sameInstant(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Date.parse(a) === Date.parse(b);
}
