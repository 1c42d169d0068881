/** What one probe of the SIS has found, for one line of a report. */
import { Failure } from "../../../config/failure.ts";

export interface ProbeStep {
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

export function good(name: string, ms: number | null, message: string): ProbeStep {
  return { name, status: "ok", ms, message, hint: "" };
}

export function doubtful(name: string, ms: number | null, message: string, hint: string): ProbeStep {
  return { name, status: "warn", ms, message, hint };
}

export function bad(name: string, ms: number | null, { message, hint }: Failure): ProbeStep {
  return { name, status: "fail", ms, message, hint };
}

/** An error that is a finding. @throws every other: a defect, or the reason why the probing was stopped */
export function asFinding(error: unknown, signal: AbortSignal): Failure {
  signal.throwIfAborted();
  if (error instanceof Failure) return error;
  throw error;
}

export function count(number: number, one: string): string {
  return `${number.toLocaleString("en")} ${one}${number === 1 ? "" : "s"}`;
}
