import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { GRADES_STAGES } from "../../jobs/passback.ts";
import { type Manifest, noGrades } from "../../jobs/run/manifest.ts";
import { directory, type Home, makeHome, smallDistrict, sourceOf, startSis } from "./night-kit.ts";

const NO_SUCH_PLACE = { kind: "directory", path: "./nowhere" };

/** A run like the newest one, a day later, of another job or with another end. */
function addRun(
  home: Home,
  changes: Partial<
    Pick<Manifest, "job" | "status" | "exitCode" | "dryRun" | "grades" | "stages" | "delivery">
  >,
): string {
  const newest = home.runs().at(-1) ?? "";
  const { job = "roster" } = changes;
  const day = String(Number(newest.slice(0, 8)) + 1);
  const run = `${day}${newest.slice(8).replace(/-\w+$/, "")}-${job}`;
  const folder = join(home.state, "runs", run);
  cpSync(join(home.state, "runs", newest), folder, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as Manifest;
  writeFileSync(join(folder, "manifest.json"), JSON.stringify({ ...manifest, run, ...changes }, null, 2));
  return run;
}

/** Stages of grades, of which one has failed, or none. */
function gradesUpTo(failed?: string): Manifest["stages"] {
  const at = failed === undefined ? GRADES_STAGES.length : GRADES_STAGES.findIndex((name) => name === failed);
  const then = "2026-11-21T04:00:00.000Z";
  return GRADES_STAGES.map((name, index) =>
    index > at
      ? { name, status: "skipped", startedAt: null, finishedAt: null }
      : { name, status: index === at ? "failed" : "ok", startedAt: then, finishedAt: then },
  );
}

describe("rerun without a name", () => {
  it("takes a roster that failed before grades of which only some could not be sent", async () => {
    await using sis = await startSis({ district: smallDistrict() });
    await using home = makeHome({ source: sourceOf(sis), delivery: NO_SUCH_PLACE });
    expect((await home.call(["roster"])).code).toBe(5);
    const [failed = ""] = home.runs();
    addRun(home, { job: "grades", status: "partial", exitCode: 6 });
    const { code, stderr } = await home.call(["rerun"]);
    expect(code).toBe(5);
    expect(stderr).toContain(`run ${failed}`);
  });

  it("takes a night that failed before a later one that was only for looking", async () => {
    await using sis = await startSis({ district: smallDistrict() });
    await using home = makeHome({ source: sourceOf(sis), delivery: NO_SUCH_PLACE });
    expect((await home.call(["roster"])).code).toBe(5);
    const [failed = ""] = home.runs();
    addRun(home, { status: "failed", exitCode: 3, dryRun: true });
    home.configure({ delivery: directory(home.inbox) });
    const { code, stderr } = await home.call(["rerun"]);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`run ${failed}`);
    expect(home.delivered()).toHaveLength(1);
  });

  it("finds nothing where the same job has succeeded since", async () => {
    await using sis = await startSis({ district: smallDistrict() });
    await using home = makeHome({ source: sourceOf(sis), delivery: NO_SUCH_PLACE });
    await home.call(["roster"]);
    addRun(home, { status: "ok", exitCode: 0 });
    const { code, stderr } = await home.call(["rerun"]);
    expect(code).toBe(2);
    expect(stderr).toContain("nothing to run again");
  });

  it.each(["snapshot", "match"])(
    "takes a roster that failed before grades that failed in %s, where grades have been sent since",
    async (stage) => {
      await using sis = await startSis({ district: smallDistrict() });
      await using home = makeHome({ source: sourceOf(sis), delivery: NO_SUCH_PLACE });
      expect((await home.call(["roster"])).code).toBe(5);
      const [failed = ""] = home.runs();
      addRun(home, {
        job: "grades",
        status: "failed",
        exitCode: 3,
        grades: noGrades(),
        stages: gradesUpTo(stage),
      });
      addRun(home, { job: "grades", status: "partial", exitCode: 6, stages: gradesUpTo() });
      const { code, stderr } = await home.call(["rerun"]);
      expect(code).toBe(5);
      expect(stderr).toContain(`run ${failed}`);
    },
  );

  it("does not call grades of all courses made good by those of one", async () => {
    await using sis = await startSis({ district: smallDistrict() });
    await using home = makeHome({ source: sourceOf(sis) });
    await home.call(["roster"]);
    const failed = addRun(home, {
      delivery: null,
      job: "grades",
      status: "failed",
      exitCode: 3,
      grades: noGrades(),
      stages: gradesUpTo("match"),
    });
    const grades = { ...noGrades(), courses: ["4711"] };
    addRun(home, { status: "ok", exitCode: 0, grades, stages: gradesUpTo(), job: "grades" });
    const { code, stderr } = await home.call(["rerun"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`Run ${failed} is stale`);
    expect(stderr).toContain("`rosterbridge grades`");
  });
});

describe("rerun of a run that has succeeded", () => {
  it("offers --from only where it is taken: what was delivered is not made again", async () => {
    await using sis = await startSis({ district: smallDistrict() });
    await using home = makeHome({ source: sourceOf(sis) });
    await home.call(["roster", "--dry-run"]);
    const [looked = ""] = home.runs();
    expect((await home.call(["rerun", looked])).stderr).toContain("With --from STAGE");
    expect((await home.call(["rerun", looked, "--from", "check"])).code).toBe(0);

    await home.call(["roster"]);
    const { stderr } = await home.call(["rerun", home.runs().at(-1) ?? ""]);
    expect(stderr).toContain("has succeeded");
    expect(stderr).toContain("`rosterbridge roster` makes a new night");
    expect(stderr).not.toContain("--from");
  });
});
