/** One line of `rosterbridge check`. */
import type { ExitName, Failure } from "../../config/failure.ts";

/** The parts of the report, in its order, and what stands over each. */
export const SECTIONS = {
  config: "This machine and the config",
  sis: "The SIS: what a night reads",
  answers: "The SIS: how its endpoints answer",
  records: "The SIS: its records against the OneRoster standard",
  gradebook: "The SIS: its gradebook",
  fitness: "The roster: fit for Canvas",
  grades: "Where grades come from",
  delivery: "Delivery",
} as const;
export type SectionName = keyof typeof SECTIONS;

export interface Finding {
  /** What it is about, and which exit code it has when it fails. */
  area: Extract<ExitName, "usage" | "source" | "delivery">;
  section: SectionName;
  name: string;
  status: "ok" | "warn" | "fail";
  /** How long it took, in milliseconds; null where nothing was waited for. */
  ms: number | null;
  message: string;
  /** What to do; empty when all is well. */
  hint: string;
  /** sourcedIds of records that show it; the message has them too. */
  examples?: string[];
}

/** Something of this machine or of the config. */
export function found(
  name: string,
  message: string,
  doubt?: { status: "warn" | "fail"; hint: string },
): Finding {
  const { status = "ok", hint = "" } = doubt ?? {};
  return { area: "usage", section: "config", name, ms: null, message, status, hint };
}

export function failed(name: string, { message, hint }: Pick<Failure, "message" | "hint">): Finding {
  return found(name, message, { status: "fail", hint });
}

/** Of a part that cannot be tried: what is wrong with the config is told above it. */
export function untried(area: Finding["area"], section: SectionName, name: string): Finding {
  const message = "not tried; mend first what is said of secrets and settings above";
  return { area, section, name, ms: null, message, status: "warn", hint: "" };
}
