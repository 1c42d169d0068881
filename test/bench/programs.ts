/** Whole processes, timed from outside. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SandboxGradebookOptions } from "../../jobs/demo/sis.ts";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TOKEN = "bench-token";

export interface Timed {
  seconds: number;
  /** Peak memory in MiB. */
  peak: number;
  /** Seconds of processor time, of all threads. */
  cpu: number;
}

/** The program as those have it who install it. */
export function cliOf(): string {
  return join(ROOT, "dist/jobs/cli.js");
}

/**
 * Runs a program to its end.
 * @param options watched: it is Node's, and what it takes is measured from inside
 * @throws when it does not end with 0, or as is okay, with what it said
 */
export async function timed(
  command: string,
  args: string[],
  { watched = true, okay = [0] }: { watched?: boolean; okay?: readonly number[] } = {},
): Promise<Timed> {
  const folder = mkdtempSync(join(tmpdir(), "rosterbridge-bench-"));
  const peakFile = join(folder, "peak");
  const preload = !watched ? [] : ["--import", new URL("peak.ts", import.meta.url).href];
  const started = process.hrtime.bigint();
  const child = spawn(command, [...preload, ...args], {
    env: { ...process.env, PEAK_FILE: peakFile, BENCH_TOKEN: TOKEN },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = collect(child);
  const code = await ended(child);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  try {
    if (!okay.includes(code)) throw new Error(`${args.join(" ")} ended with ${code}: ${said()}`);
    const taken = watched
      ? (JSON.parse(readFileSync(peakFile, "utf8")) as Omit<Timed, "seconds">)
      : { peak: 0, cpu: 0 };
    return { seconds, ...taken };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface RunningSis {
  url: string;
  token: string;
  counts: Record<string, number>;
  stop(): Promise<void>;
}

/** The sandbox SIS in a process of its own, its pages ready to be sent. */
export async function startSis(options: {
  students: number;
  schools: number;
  pageSize: number;
  latencyMs?: number;
  gradebook?: SandboxGradebookOptions;
}): Promise<RunningSis> {
  const words = JSON.stringify({ seed: 1, gzip: false, ...options, auth: { kind: "bearer", token: TOKEN } });
  const child = spawn(process.execPath, [join(ROOT, "jobs/demo/sis-process.ts"), words], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const line = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("\n")) resolve(text);
    });
    child.once("exit", () => {
      reject(new Error("the sandbox SIS did not start"));
    });
  });
  const { url, counts } = JSON.parse(line) as { url: string; counts: Record<string, number> };
  return {
    url,
    counts,
    token: TOKEN,
    async stop() {
      child.stdin.end();
      await ended(child);
    },
  };
}

/** A folder with a config for one night against that SIS, delivered to a directory. */
export function nightFolder(sis: RunningSis, pageSize: number): { config: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "rosterbridge-bench-"));
  const config = join(folder, "rosterbridge.yaml");
  writeFileSync(
    config,
    `institution: { id: bench, name: Bench, timezone: America/Los_Angeles }
source:
  kind: oneroster-rest
  url: ${sis.url}
  auth: { kind: bearer, token: { env: BENCH_TOKEN } }
  pageSize: ${pageSize}
delivery: { kind: directory, path: . }
retention: { runs: 1 }
`,
  );
  return {
    config,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function collect(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-4000);
  });
  return () => text;
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      resolve(code ?? -1);
    });
  });
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
