/** What a sandbox Canvas can be told to be, and what it tells of itself. */
import type { FaultTarget } from "../fault-rules.ts";
import type { Coursework } from "./coursework.ts";
import type { CanvasDataOptions } from "./files/canvas-data.ts";
import type { GradeExportOptions } from "./files/grade-export.ts";
import type { GradebookExportOptions } from "./files/gradebook-export.ts";
import type { CanvasQuirk } from "./quirks.ts";

export interface SandboxCanvasOptions {
  /** Folder of the Canvas CSVs of a roster night, as a run leaves them: `accounts.csv` … `enrollments.csv`. */
  roster: string;
  /** The one that counts. */
  token: string;
  /** The same seed and roster give the same work; default 1. */
  seed?: number;
  /** Default 5. */
  assignmentsPerCourse?: number;
  /** Whether every course in its turn has what a SIS cannot take, or what is easily got wrong; default true. */
  oddities?: boolean;
  /** What Canvas's clock says, an ISO instant; default: late in the year that the roster's terms span. */
  now?: string;
  /** How long every answer is held back, in milliseconds. */
  latencyMs?: number;
  /** Most records a page, whatever is asked for; default, as in Canvas, 100. */
  pageSize?: number;
  /** Whether the account's SIS features are on; default true. */
  sisExport?: boolean;
  rateLimit?: RateLimit;
  quirks?: CanvasQuirk[];
  /** Default: any free one. */
  port?: number;
}

/** Canvas's leaky bucket: every request in flight weighs 50, what it cost stays, and some leaks out every second. */
export interface RateLimit {
  /** From this on requests are refused; default 600. */
  highWater?: number;
  /** What leaks out a second; default 10. */
  outflow?: number;
  /** Default 403, as most Canvases have it. */
  status?: 403 | 429;
}

export type CanvasFault =
  | { status: number; body?: string; headers?: Record<string, string>; contentType?: string }
  /** The right answer, so many milliseconds late. */
  | { delayMs: number }
  /** 401 in Canvas's words. */
  | "expired-token"
  | "revoked-token"
  /** Throttled: text, not JSON. */
  | "rate-limit-403"
  | "rate-limit-429"
  /** 503 as a web page, as a load balancer sends it. */
  | "unavailable"
  /** 500 with Canvas's error report. */
  | "server-error"
  /** 200 with a web page. */
  | "html"
  /** Well-formed HTTP whose JSON stops in the middle. */
  | "cut-json"
  /** 200 with JSON that is no list. */
  | "no-list"
  /** The right page, whose `next` leads to that page itself. */
  | "repeat-link"
  /** The connection ends before a byte, or in the middle of the body; or no answer ever comes. */
  | "reset"
  | "truncate"
  | "hang";

export interface CanvasFaultRule extends FaultTarget {
  answer: CanvasFault;
}

export interface CanvasRequest {
  method: string;
  path: string;
  /** Of a name that comes several times, all values joined by a comma. */
  query: Record<string, string>;
  /** Status that was sent; 0 when the connection was broken or nothing was sent. */
  status: number;
}

export interface SandboxCanvas {
  /** The root, as a config's `grades.source.url` wants it. */
  readonly url: string;
  readonly token: string;
  readonly coursework: Coursework;
  /** The latest 100,000 requests in the order of their arrival. */
  readonly requests: readonly CanvasRequest[];
  /** Most requests that were ever unanswered at one time. */
  readonly inFlightPeak: number;
  /** Rules are tried in the order in which they were given; the first that matches answers. */
  failNext(rule: CanvasFaultRule): void;
  /**
   * Gradebook exports as instructors download them, one CSV for each published course that has students.
   *
   * @returns the files' paths, in the order of the courses
   */
  readonly writeGradebookExports: (folder: string, options?: GradebookExportOptions) => Promise<string[]>;
  /** The account report of course grades, or with `mgp` the zip of those by grading period. @returns its path */
  readonly writeGradeExport: (folder: string, options?: GradeExportOptions) => Promise<string>;
  /** Table extracts as the DAP client leaves them. @returns the files' paths */
  readonly writeCanvasData: (folder: string, options?: CanvasDataOptions) => Promise<string[]>;
  /** Ends every connection, also hanging ones, and frees the port. */
  stop(): Promise<void>;
}
