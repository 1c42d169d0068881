/** What reading Canvas touches besides the network, and what its caller may choose. Tests hand in their own. */
import type { Secret } from "../../../config/secret.ts";

export interface CanvasPorts {
  /** One line for the log. Never holds names, bodies or secrets. */
  log: (event: { level: "info" | "warn"; message: string }) => void;
  /** Takes every secret value out of a text that goes into a message. */
  scrub?: (text: string) => string;
  /** Milliseconds since 1970. */
  now: () => number;
  /** From 0 up to, but not including, 1. */
  random: () => number;
  /** Waits so many milliseconds; rejects at once when the signal is aborted. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** `grades.source` of kind canvas-api. */
export interface CanvasApiConfig {
  url: string;
  token: Secret;
  /** Canvas's id of the account, or `self` for the token's own. */
  account: string;
}

export interface CanvasApiOptions {
  ports: CanvasPorts;
  signal: AbortSignal;
  /** Requests in flight at the same time, and sections that are read at the same time. */
  concurrency: number;
  /** Only these courses, by SIS id (course_id of courses.csv); absent: all of the account. */
  courses?: ReadonlySet<string>;
  /** Whether the newest comment of every piece of work is read as well. */
  comments: boolean;
  /** How long Canvas may be silent. */
  timeoutSeconds?: number;
}
