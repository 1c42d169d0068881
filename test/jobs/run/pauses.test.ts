import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readManifest } from "../../../jobs/run/manifest.ts";
import { endPaused, pauseOn, type Pause } from "../../../jobs/run/pauses.ts";
import { type BegunRun, beginRun } from "./begun-run.ts";

const summer: Pause = { from: "2027-06-05", to: "2027-07-31", jobs: ["roster"], reason: "rollover" };
const exams: Pause = { from: "2027-06-01", to: "2027-06-10", jobs: ["roster", "grades"], reason: "" };

describe("pauseOn", () => {
  it.for(["2027-06-05", "2027-06-06", "2027-07-31"])("pauses on %s, first and last day included", (day) => {
    expect(pauseOn([summer], "roster", day)).toBe(summer);
  });

  it.for(["2027-06-04", "2027-08-01", "2026-06-20", "2028-06-20"])("does not pause on %s", (day) => {
    expect(pauseOn([summer], "roster", day)).toBeUndefined();
  });

  it("pauses the jobs that are named, and no other", () => {
    expect(pauseOn([summer], "grades", "2027-06-20")).toBeUndefined();
    expect(pauseOn([exams], "grades", "2027-06-02")).toBe(exams);
  });

  it("gives of several pauses the one that ends last, in whatever order they stand", () => {
    for (const pauses of [
      [summer, exams],
      [exams, summer],
    ])
      expect(pauseOn(pauses, "roster", "2027-06-07")).toBe(summer);
  });

  it("takes a pause of one day", () => {
    const day = { ...summer, to: summer.from };
    expect(pauseOn([day], "roster", "2027-06-05")).toBe(day);
    expect(pauseOn([day], "roster", "2027-06-06")).toBeUndefined();
  });
});

describe("a paused run", () => {
  let state: string;
  let begun: BegunRun;
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), "pauses-"));
    begun = beginRun(state, { at: "2027-06-20T09:00:03Z" });
  });
  afterEach(() => {
    rmSync(state, { recursive: true, force: true });
  });

  it("ends well, with no stage done, and says so in its manifest", () => {
    expect(endPaused(begun.run, summer)).toBe(0);
    expect(readManifest(begun.run.folder)).toMatchObject({
      status: "paused",
      exitCode: 0,
      finishedAt: "2027-06-20T09:00:03.000Z",
      stages: [
        { name: "extract", status: "skipped" },
        { name: "deliver", status: "skipped" },
      ],
      errors: [],
    });
  });

  it("says why and until when", () => {
    endPaused(begun.run, summer);
    expect(begun.logged().map(({ msg }) => msg)).toEqual([
      "paused until 2027-07-31, that day included: rollover. Nothing was asked of the SIS and nothing sent",
    ]);
  });

  it("needs no reason", () => {
    endPaused(begun.run, exams);
    expect(begun.logged()[0]?.msg).toMatch(/^paused until 2027-06-10, that day included\. Nothing/);
  });
});
