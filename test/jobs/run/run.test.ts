import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Failure } from "../../../config/failure.ts";
import { readManifest } from "../../../jobs/run/manifest.ts";
import { endRun, failRun, resumeRun, stage, type Run } from "../../../jobs/run/run.ts";
import { begin, ports } from "./runs.ts";

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "run-"));
});
afterEach(() => {
  rmSync(state, { recursive: true, force: true });
});

const statuses = (run: Run) => readManifest(run.folder).stages.map(({ status }) => status);
const boom = () => Promise.reject(new Failure("source.down", "The SIS is down.", { hint: "Wait." }));

describe("a run that begins", () => {
  it("has a private folder, and a manifest that says all that is known", () => {
    const run = begin(state);
    expect(run.id).toBe("20261121T020003Z-roster");
    expect(run.folder).toBe(join(state, "runs", run.id));
    expect(statSync(run.folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(run.folder).map((name) => statSync(join(run.folder, name)).mode & 0o777)).toEqual([
      0o600, 0o600, 0o600,
    ]);
    expect(readManifest(run.folder)).toMatchObject({
      ...{
        run: run.id,
        job: "roster",
        status: "running",
        exitCode: null,
        finishedAt: null,
        resumedFrom: null,
      },
      ...{ startedAt: "2026-11-21T02:00:03.456Z", configDigest: "sha256:0", process: { pid: process.pid } },
      ...{ package: null, delivery: null, errors: [] },
    });
    expect(statuses(run)).toEqual(["pending", "pending", "pending"]);
  });

  it.each([
    ["America/Los_Angeles", "2026-11-21T07:59:59Z", "2026-11-20"],
    ["America/Los_Angeles", "2026-11-21T08:00:00Z", "2026-11-21"],
    ["Pacific/Auckland", "2026-11-21T11:00:00Z", "2026-11-22"],
  ])("has the day of the institution: %s at %s", (timezone, at, today) => {
    expect(begin(state, ports(at), { institution: { id: "oakdale", timezone } }).manifest.today).toBe(today);
  });

  it("writes that day alike where Node knows no Canadian English", () => {
    // As a Node with English data alone, or with newer data, writes it.
    const dates: { format: unknown } = Intl.DateTimeFormat.prototype;
    const format = vi.spyOn(dates, "format", "get").mockReturnValue(() => "11/20/26");
    try {
      expect(begin(state).manifest.today).toBe("2026-11-20");
    } finally {
      format.mockRestore();
    }
  });

  it("in a second that has one already takes the next second's id", () => {
    const ids = [begin(state), begin(state), begin(state, ports(), { job: "grades" })].map(({ id }) => id);
    expect(ids).toEqual(["20261121T020003Z-roster", "20261121T020004Z-roster", "20261121T020003Z-grades"]);
  });

  it("is refused, as a fault of the config, where no folder can be", () => {
    writeFileSync(join(state, "file"), "");
    expect(() => begin(join(state, "file"))).toThrow(
      expect.objectContaining({ code: "usage.state" }) as Error,
    );
  });
});

describe("a stage", () => {
  it("is running while it works, and ok afterwards, in the manifest on disk", async () => {
    const run = begin(state);
    let during: string[] = [];
    await stage(run, "extract", () => {
      during = statuses(run);
      return Promise.resolve();
    });
    expect(during).toEqual(["running", "pending", "pending"]);
    expect(readManifest(run.folder).stages[0]).toEqual({
      ...{ name: "extract", status: "ok" },
      ...{ startedAt: "2026-11-21T02:00:03.456Z", finishedAt: "2026-11-21T02:00:03.456Z" },
    });
  });

  it("that is done is not done again", async () => {
    const run = begin(state);
    let times = 0;
    const work = () => {
      times++;
      return Promise.resolve();
    };
    await stage(run, "extract", work);
    await stage(run, "extract", work);
    expect(times).toBe(1);
  });

  it("does not begin once the run was told to stop", async () => {
    const given = ports();
    const run = begin(state, given);
    given.stop(new Failure("terminated.signal", "Stopped by SIGTERM."));
    await expect(stage(run, "extract", () => Promise.reject(new Error("began")))).rejects.toThrow(
      "Stopped by SIGTERM.",
    );
  });

  it("that came to its end is done, though the run was told to stop: the next one does not begin", async () => {
    const given = ports();
    const run = begin(state, given);
    await stage(run, "extract", () => {
      given.stop(new Failure("interrupted.signal", "Stopped by SIGINT."));
      return Promise.resolve();
    });
    const next = stage(run, "map", boom);
    await expect(next).rejects.toThrow("Stopped by SIGINT.");
    expect(failRun(run, await next.catch((error: unknown) => error))).toBe(130);
    expect(statuses(run)).toEqual(["ok", "skipped", "skipped"]);
  });

  it("that broke because the run was told to stop ends with that, not with what broke", async () => {
    const given = ports();
    const run = begin(state, given);
    const work = stage(run, "extract", () => {
      given.stop(new Failure("terminated.signal", "Stopped by SIGTERM."));
      return Promise.reject(new Error("The operation was aborted"));
    });
    expect(failRun(run, await work.catch((error: unknown) => error))).toBe(143);
    expect(readManifest(run.folder).errors).toMatchObject([{ stage: "extract", code: "terminated.signal" }]);
  });

  it("must be one of the run's", async () => {
    await expect(stage(begin(state), "dance", boom)).rejects.toThrow("no stage dance");
  });
});

describe("a run that ends", () => {
  it("well says so, and leaves no scaffolding", () => {
    const run = begin(state);
    endRun(run, "ok", 0);
    expect(readManifest(run.folder)).toMatchObject({
      status: "ok",
      exitCode: 0,
      finishedAt: "2026-11-21T02:00:03.456Z",
    });
    expect(readdirSync(run.folder)).toEqual(["log.ndjson", "manifest.json"]);
  });

  it("badly says which stage failed and why, gives the exit code, and skips the rest", async () => {
    const given = ports();
    const run = begin(state, given);
    await stage(run, "extract", () => Promise.resolve());
    const error: unknown = await stage(run, "map", boom).catch((thrown: unknown) => thrown);
    expect(failRun(run, error)).toBe(3);
    expect(statuses(run)).toEqual(["ok", "failed", "skipped"]);
    const { status, exitCode, errors } = readManifest(run.folder);
    expect({ status, exitCode, errors }).toEqual({
      ...{ status: "failed", exitCode: 3 },
      errors: [{ stage: "map", code: "source.down", message: "The SIS is down.", hint: "Wait." }],
    });
    expect(given.told.text).toContain("The SIS is down.");
    expect(readdirSync(run.folder)).toEqual(["log.ndjson", "manifest.json"]);
  });

  it("held is held, not failed, and has still to do what it had", () => {
    const run = begin(state);
    expect(failRun(run, new Failure("held.removed", "Too many rows would go."))).toBe(4);
    expect(readManifest(run.folder).status).toBe("held");
    expect(statuses(run)).toEqual(["pending", "pending", "pending"]);
  });

  it("in a way that nobody foresaw is a defect, whose stack is in log.ndjson alone", () => {
    const given = ports();
    const run = begin(state, given);
    expect(failRun(run, new TypeError("x is not a function"))).toBe(1);
    expect(readManifest(run.folder).errors[0]).toMatchObject({ stage: null, code: "internal.defect" });
    expect(readFileSync(join(run.folder, "log.ndjson"), "utf8")).toContain("run.test.ts");
    expect(given.told.text).not.toContain("run.test.ts");
  });

  it("tells nobody a secret", () => {
    const run = begin(
      state,
      ports(undefined, (text) => text.replaceAll("s3cr3t", "[secret]")),
    );
    failRun(run, new Failure("source.down", "GET /?key=s3cr3t", { hint: "s3cr3t?" }));
    expect(
      readFileSync(join(run.folder, "manifest.json"), "utf8") +
        readFileSync(join(run.folder, "log.ndjson"), "utf8"),
    ).not.toContain("s3cr3t");
  });
});

describe("a run that is taken up again", () => {
  it("does the given stage and all after it, on the day that it was", async () => {
    const run = begin(state);
    for (const name of ["extract", "map"]) await stage(run, name, () => Promise.resolve());
    failRun(run, await stage(run, "deliver", boom).catch((thrown: unknown) => thrown));

    const again = resumeRun(
      run.folder,
      { fromStage: "map", configDigest: "sha256:1" },
      ports("2026-11-23T10:00:00Z"),
    );
    expect(statuses(again)).toEqual(["ok", "pending", "pending"]);
    expect(readManifest(again.folder)).toMatchObject({
      ...{ run: run.id, status: "running", exitCode: null, finishedAt: null, errors: [] },
      ...{ startedAt: "2026-11-21T02:00:03.456Z", today: "2026-11-20" },
    });
  });
});
