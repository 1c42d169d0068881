import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createScrubber } from "../../../config/scrub.ts";
import { createLog, progressWords, type LogOptions } from "../../../jobs/run/log.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "log-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A log whose stderr is a text and whose clock stands until it is told. */
function logged(options: Partial<LogOptions> & { isTTY?: boolean; columns?: number } = {}) {
  const told = { text: "", at: Date.parse("2026-11-21T02:00:03Z") };
  const stderr = {
    write: (text: string) => (told.text += text),
    isTTY: options.isTTY ?? false,
    ...(options.columns !== undefined && { columns: options.columns }),
  };
  const log = createLog({
    format: "json",
    quiet: false,
    scrub: (text) => text,
    now: () => new Date(told.at),
    stderr,
    ...options,
  });
  return { log, told };
}

const lines = (text: string) =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe("the log in a pipe", () => {
  it("is one JSON object a line, with level, time, message and what goes with it", () => {
    const { log, told } = logged();
    log.logger.info({ stage: "map", rows: 3 }, "two\nlines");
    expect(lines(told.text)).toEqual([
      { level: 30, time: "2026-11-21T02:00:03.000Z", stage: "map", rows: 3, msg: "two\nlines" },
    ]);
  });

  it("tells of the progress every ten seconds", () => {
    const { log, told } = logged();
    for (let second = 0; second <= 25; second++) {
      log.progress({ stage: "extract", unit: "records", done: second * 1000, total: 60_000 });
      told.at += 1000;
    }
    expect(lines(told.text).map(({ msg, done }) => [msg, done])).toEqual([
      ["extract: 10,000 of 60,000 records, 1,000/s, 50 s left", 10_000],
      ["extract: 20,000 of 60,000 records, 1,000/s, 40 s left", 20_000],
    ]);
  });
});

describe("the log on a terminal", () => {
  it("is words, with a mark for warnings and errors and what to do beneath", () => {
    const { log, told } = logged({ format: "pretty", isTTY: true });
    log.logger.info("good");
    log.logger.warn({ hint: "" }, "odd");
    log.logger.error({ hint: "Do this." }, "bad");
    expect(told.text).toBe("02:00:03   good\n02:00:03 ! odd\n02:00:03 ✗ bad\n           → Do this.\n");
  });

  it("paints the progress on one line, which the next message takes away", () => {
    const { log, told } = logged({ format: "pretty", isTTY: true, columns: 30 });
    log.progress({ stage: "extract", unit: "records", done: 1, total: undefined });
    log.progress({ stage: "extract", unit: "records", done: 2, total: undefined });
    told.at += 1000;
    log.progress({ stage: "extract", unit: "records", done: 2000, total: 400_000 });
    log.logger.info("done");
    const wiped = "\r\u001b[K";
    const painted = ["  extract: 1 records", "  extract: 2,000 of 400,000 r", "02:00:04   done\n"];
    expect(told.text).toBe(painted.map((words) => `${wiped}${words}`).join(""));
  });

  it("ends without a painted line", () => {
    const { log, told } = logged({ format: "pretty", isTTY: true });
    log.progress({ stage: "deliver", unit: "bytes", done: 1, total: 2 });
    log.close();
    expect(told.text.endsWith("\r\u001b[K")).toBe(true);
  });
});

describe("a quiet log", () => {
  it.each(["json", "pretty"] as const)(
    "tells stderr of errors alone, and the file of everything: %s",
    (format) => {
      const { log, told } = logged({ format, quiet: true, isTTY: format === "pretty" });
      log.toFile(join(folder, "log.ndjson"));
      log.progress({ stage: "extract", unit: "records", done: 1, total: 2 });
      told.at += 60_000;
      log.progress({ stage: "extract", unit: "records", done: 1, total: 2 });
      log.logger.info("good");
      log.logger.warn("odd");
      expect(told.text).toBe("");
      log.logger.error("bad");
      expect(told.text).toContain("bad");
      log.close();
      expect(lines(readFileSync(join(folder, "log.ndjson"), "utf8")).map(({ msg }) => msg)).toEqual([
        "good",
        "odd",
        "bad",
      ]);
    },
  );
});

describe("log.ndjson", () => {
  it("holds what is for debugging, too, for its owner's eyes alone, and goes on where it was", () => {
    const file = join(folder, "log.ndjson");
    for (const word of ["first", "again"]) {
      const { log, told } = logged();
      log.toFile(file);
      log.logger.debug({ stack: "Error: at x" }, word);
      log.close();
      log.logger.debug("after the end");
      expect(told.text).toBe("");
    }
    expect(lines(readFileSync(file, "utf8")).map(({ msg, stack }) => [msg, stack])).toEqual([
      ["first", "Error: at x"],
      ["again", "Error: at x"],
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

describe("secrets in the log", () => {
  it.each(["json", "pretty"] as const)("are taken out of every line, wherever they are: %s", (format) => {
    const scrubber = createScrubber();
    scrubber.add('s3"cr3t');
    const { log, told } = logged({ format, scrub: (text) => scrubber.scrub(text) });
    log.toFile(join(folder, "log.ndjson"));
    const error = new Error('no s3"cr3t', { cause: new Error('deeper s3"cr3t') });
    log.logger.info({ deep: { list: ['s3"cr3t', { url: "https://x/?k=s3%22cr3t" }] } }, 'with s3"cr3t');
    log.logger.error({ err: error, hint: 'not s3"cr3t' }, Buffer.from('s3"cr3t').toString("base64"));
    log.close();
    const all = told.text + readFileSync(join(folder, "log.ndjson"), "utf8");
    expect(all).toContain("with [secret]");
    expect(all).not.toMatch(/s3|cr3t|czMiY3I/);
  });

  it.each(["1234", "2026", "true", "level", "info"])(
    "never break a line, whatever they are: %s",
    (secret) => {
      const scrubber = createScrubber();
      scrubber.add(secret);
      const { log, told } = logged({ scrub: (text) => scrubber.scrub(text) });
      log.logger.info({ bytes: 12_345, verified: true }, `says ${secret}`);
      expect(lines(told.text)).toEqual([
        { level: 30, time: "2026-11-21T02:00:03.000Z", bytes: 12_345, verified: true, msg: "says [secret]" },
      ]);
    },
  );
});

describe("progressWords", () => {
  it.each([
    ["what is known at first", 12, undefined, 0, "  extract: 12 records"],
    ["no rate before half a second", 12, 100, 500, "  extract: 12 of 100 records"],
    ["rate and time left", 12_000, 60_000, 4000, "  extract: 12,000 of 60,000 records, 3,000/s, 16 s left"],
    [
      "minutes when there are many",
      12_000,
      6_000_000,
      4000,
      "  extract: 12,000 of 6,000,000 records, 3,000/s, 34 min left",
    ],
    ["less than one a second", 1, 3, 4000, "  extract: 1 of 3 records, 8 s left"],
    ["nothing left", 60_000, 60_000, 20_000, "  extract: 60,000 of 60,000 records, 3,000/s"],
    ["more than was promised", 7, 5, 20_000, "  extract: 7 of 5 records"],
    ["nothing done", 0, 5, 20_000, "  extract: 0 of 5 records"],
  ])("say %s", (_what, done, total, elapsed, words) => {
    expect(progressWords({ stage: "extract", unit: "records", done, total }, elapsed)).toBe(words);
  });
});
