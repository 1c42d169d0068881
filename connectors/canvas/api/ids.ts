/** Canvas's ids: numbers, given as text on request, for not all of them fit into a JavaScript number. */
import { z } from "zod";

/** An id of Canvas's own, as text. A number that has lost digits is refused. */
export const canvasId = z.union([z.string().trim().min(1), z.int().transform(String)]);

/** An id of the SIS, trimmed; null when there is none. */
export const sisId = z
  .union([z.string(), z.int().transform(String)])
  .nullish()
  .transform((id) => {
    const trimmed = id?.trim() ?? "";
    return trimmed === "" ? null : trimmed;
  });

/** By number where both are: 9 before 10. */
export function compareIds(a: string, b: string): number {
  const numbers = /^\d+$/.test(a) && /^\d+$/.test(b);
  if (numbers && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
