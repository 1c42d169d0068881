/** manifest.json: what a run is, did and decided; true at any moment, also after a crash. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExitCode } from "../../config/failure.ts";
import type { SchoolChange } from "../../connectors/store/roster/compared.ts";
import { replaceFile } from "./files.ts";

export type Job = "roster" | "grades";
export type RunStatus = "running" | "ok" | "held" | "failed" | "partial" | "paused";
export type StageStatus = "pending" | "running" | "ok" | "failed" | "skipped";

export interface StageEntry {
  name: string;
  status: StageStatus;
  startedAt: string | null;
  finishedAt: string | null;
}

export interface ErrorEntry {
  stage: string | null;
  code: string;
  message: string;
  hint: string;
}

/** Something that was read or sent otherwise than the SIS said it, counted; ids only. */
export interface WarningEntry {
  type: string;
  field: string;
  reason: string;
  count: number;
  /** sourcedIds of the first few. */
  examples: string[];
}

export interface ExtractedEntry {
  /** Different sourcedIds that the SIS sent. */
  records: number;
  rejected: number;
  pages: number;
  /** Records of status tobedeleted, or inactive. */
  gone: number;
  /** Records that are sound and not wanted, by reason. */
  leftOut: Record<string, number>;
}

export interface FileEntry {
  rows: number;
  added?: number;
  changed?: number;
  /** Of users, those of the changed ones whose own record suspends them; absent: none. */
  suspended?: number;
  removed?: number;
  unchanged?: number;
}

/** One limit that tonight is over, in words. */
export interface Violation {
  rule: "removed-percent" | "removed-rows" | "required-file" | "new-ids" | "moved" | "dates" | "baseline";
  file: string | null;
  /** The school whose rows they are; null: the whole file. */
  account_id: string | null;
  message: string;
}

export interface GuardEntry {
  violations: Violation[];
  /** What it looks like, in words. */
  causes: string[];
  /** Who has let it through all the same. */
  accepted: { by: string; at: string; how: string } | null;
}

/** How many line items, or results, came to which end. */
export interface OutcomeCounts {
  /** Put, or taken out, and confirmed. */
  sent: number;
  unchanged: number;
  /** Not sent by us. */
  skipped: number;
  /** By the SIS, or not confirmed by it. */
  refused: number;
  /** Of a dry run. */
  wouldSend: number;
}

/** What a grades run did. */
export interface GradesEntry {
  lineItems: OutcomeCounts;
  results: OutcomeCounts;
  /** Why something could not be sent, the most frequent first; SIS's words are in grades.csv. */
  reasons: { reason: string; count: number }[];
  /** What was asked for: course_ids, none for all of them; and whether everything was to be sent again. */
  courses: string[];
  remaster: boolean;
  /** The delivered roster that it stands on; null before it was read. */
  roster: string | null;
  /** The snapshot holds of submissions only what every configuration needs. */
  withoutDetails?: true;
}

/** Of a run that has not done anything yet. */
export function noGrades(): GradesEntry {
  const none = () => ({ sent: 0, unchanged: 0, skipped: 0, refused: 0, wouldSend: 0 });
  return { lineItems: none(), results: none(), reasons: [], courses: [], remaster: false, roster: null };
}

export interface Manifest {
  run: string;
  job: Job;
  status: RunStatus;
  exitCode: ExitCode | null;
  startedAt: string;
  finishedAt: string | null;
  /** The day of the run in the institution's time zone: everything that depends on "today" uses it. */
  today: string;
  institution: { id: string; timezone: string };
  config: string;
  configDigest: string;
  resumedFrom: string | null;
  /** The run that was the baseline when this one began, or that had to be delivered to the end first: once another is, what this one holds is stale. */
  after: string | null;
  dryRun: boolean;
  /** The process that works on it, for a reader who finds it still running. */
  process: { pid: number; host: string };
  stages: StageEntry[];
  extracted: Record<string, ExtractedEntry>;
  files: Record<string, FileEntry>;
  /** What differs from the last delivered night, school by school; of a first night nothing. */
  schools: SchoolChange[];
  /** What the guards say of tonight; null until they have been asked. */
  guard: GuardEntry | null;
  package: { file: string; sha256: string; bytes: number } | null;
  delivery: { kind: string; target: string; verified: boolean } | null;
  /** Of grades runs. */
  grades?: GradesEntry;
  warnings: WarningEntry[];
  errors: ErrorEntry[];
}

export function manifestFile(folder: string): string {
  return join(folder, "manifest.json");
}

/** Members whose text is ours alone: a secret that happens to be `2026` or `running` must not make them untrue. */
const OURS = new Set([
  ...["run", "job", "status", "resumedFrom", "startedAt", "finishedAt", "today", "configDigest", "sha256"],
  ...["id", "timezone", "name", "stage", "code", "kind", "type", "field", "rule", "at"],
]);

/** Secrets are taken out of every text that may come from outside; names of members and numbers are never theirs. */
export function writeManifest(folder: string, manifest: Manifest, scrub: (text: string) => string): void {
  const safe = (member: string, value: unknown) =>
    typeof value === "string" && !OURS.has(member) ? scrub(value) : value;
  replaceFile(manifestFile(folder), `${JSON.stringify(manifest, safe, 2)}\n`);
}

/** @throws the file system's error when there is none, SyntaxError when it is no JSON */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(manifestFile(folder), "utf8")) as Manifest;
}
