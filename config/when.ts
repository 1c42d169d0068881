/** Conditions of profiles: what a configuration must say for a part of one to count. */
import { z } from "zod";
import { valueAt } from "./problem.ts";

const words = z.union([z.string().transform((word) => [word]), z.array(z.string()).min(1)]);

/** Dotted key → the words that may be written there; `present`: whatever is written there. All must hold. */
export const When = z.record(z.string(), words);
export type When = z.output<typeof When>;

/** @param config a configuration, or one as it is written */
export function holds(when: When, config: unknown): boolean {
  return Object.entries(when).every(([key, allowed]) => {
    const value = valueAt(config, key.split("."));
    const isScalar = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    return (value != null && allowed.includes("present")) || (isScalar && allowed.includes(String(value)));
  });
}
