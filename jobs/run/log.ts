/**
 * The log of a run: JSON lines into log.ndjson, also those for debugging, and, by choice, JSON lines or words for
 * people on stderr. Every text passes the scrubber on its way out, whatever part of the program wrote it.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import pino from "pino";
import { prettyLine } from "./pretty.ts";

export type LogFormat = "pretty" | "json";
export type Logger = pino.Logger;

export interface Progress {
  stage: string;
  /** What is counted: "records", "bytes". */
  unit: string;
  done: number;
  /** undefined while nobody has said how many there will be. */
  total: number | undefined;
}

export interface Log {
  logger: Logger;
  progress(progress: Progress): void;
  /** From now on every line also goes to this file. */
  toFile(file: string): void;
  close(): void;
}

export interface LogOptions {
  format: LogFormat;
  quiet: boolean;
  scrub: (text: string) => string;
  stderr: { write(text: string): unknown; isTTY?: boolean; columns?: number };
  now: () => Date;
}

/** How often a pipe is told of the progress, and a terminal is painted anew, in milliseconds. */
const TELL_EVERY = 10_000;
const PAINT_EVERY = 100;

/** The levels from which stderr is told something; pino's numbers. */
const INFO = 30;
const ERROR = 50;

export function createLog(options: LogOptions): Log {
  const { stderr, scrub } = options;
  const onTerminal = options.format === "pretty" && stderr.isTTY === true;
  let file: number | undefined;
  let transient = false;
  let toldAt = options.now().getTime();
  let paintedAt = 0;
  let progressStart: { stage: string; at: number } | undefined;

  function wipe(): void {
    if (!transient) return;
    stderr.write("\r\u001b[K");
    transient = false;
  }

  function write(line: string): void {
    const entry = JSON.parse(line, (member, value: unknown) =>
      typeof value === "string" && member !== "time" ? scrub(value) : value,
    ) as Record<string, unknown>;
    const safe = `${JSON.stringify(entry)}\n`;
    appendQuietly(file, safe);
    if (Number(entry["level"]) < (options.quiet ? ERROR : INFO)) return;
    wipe();
    stderr.write(options.format === "json" ? safe : prettyLine(entry));
  }

  const time = () => `,"time":"${options.now().toISOString()}"`;
  const logger = pino({ base: null, level: "debug", timestamp: time }, { write });

  return {
    logger,
    progress(progress) {
      if (options.quiet) return;
      const at = options.now().getTime();
      if (progressStart?.stage !== progress.stage) progressStart = { stage: progress.stage, at };
      const words = progressWords(progress, at - progressStart.at);
      if (onTerminal) {
        if (at - paintedAt < PAINT_EVERY) return;
        paintedAt = at;
        stderr.write(`\r\u001b[K${words.slice(0, (stderr.columns || 80) - 1)}`);
        transient = true;
      } else if (at - toldAt >= TELL_EVERY) {
        toldAt = at;
        logger.info({ ...progress }, words.trim());
      }
    },
    toFile(path) {
      file = openSync(path, "a", 0o600);
    },
    close() {
      wipe();
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

/** `extract: 12,000 of 60,000 records, 3,200/s, 15 s left` */
export function progressWords({ stage, unit, done, total }: Progress, elapsed: number): string {
  const parts = [
    `${done.toLocaleString("en")}${total === undefined ? "" : ` of ${total.toLocaleString("en")}`} ${unit}`,
  ];
  const rate = elapsed > 500 ? (done * 1000) / elapsed : 0;
  if (rate >= 1) parts.push(`${Math.round(rate).toLocaleString("en")}/s`);
  if (rate > 0 && total !== undefined && total > done) parts.push(`${timeWords((total - done) / rate)} left`);
  return `  ${stage}: ${parts.join(", ")}`;
}

function timeWords(seconds: number): string {
  return seconds > 90 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds)} s`;
}

/** A full disk must not stop the log on the screen: the error that says so would be lost with it. */
function appendQuietly(file: number | undefined, text: string): void {
  if (file === undefined) return;
  try {
    writeSync(file, text);
  } catch {
    // The stage that needs the disk fails with its own, clearer words.
  }
}
