import { readdirSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { directory, type Home, logLines, makeHome, smallDistrict, sourceOf } from "../night-kit.ts";
import { type Nights, startNights, studentsOf, withoutUsers } from "../nights/nights.ts";

const FULL = smallDistrict();
const LESS = withoutUsers(FULL, studentsOf(FULL).slice(0, 3));

/** A delivered night, and one that everything was made of and no gateway took. */
let nights: Nights;
let waiting: string;
beforeAll(async () => {
  nights = await startNights(LESS);
  const { home } = nights;
  expect((await nights.night(LESS)).code).toBe(0);
  home.configure({ delivery: directory("./nowhere") });
  expect((await nights.night(FULL)).code).toBe(5);
  waiting = home.runs()[1] ?? "none";
});
afterAll(() => nights[Symbol.asyncDispose]());

/** A copy of it, whose gateway is there. */
function copy(): Home {
  return makeHome({ source: sourceOf(nights.sis()) }, nights.home);
}

const gone = (file: string) => {
  rmSync(file);
};
/** Cut off where a line ends, as if that were all. */
const cut = (file: string) => {
  const text = readFileSync(file);
  truncateSync(file, text.lastIndexOf("\n", text.length - 2) + 1);
};

const arrived = (home: Home) => home.delivered().filter((name) => name.includes(waiting));

describe("a run in whose folder somebody has removed or cut off files", () => {
  it.each([
    ["package", "canvas", "check"],
    ["deliver", "baseline", "check"],
    ["check", "map", "map"],
  ])(
    "is not taken up at %s with less in %s/: the stage that made it does so again",
    async (from, place, anew) => {
      await using whole = copy();
      const names = readdirSync(join(whole.runFolder(waiting), place)).filter((name) =>
        name.endsWith(".csv"),
      );
      expect(names.length).toBeGreaterThan(5);
      for (const [index, name] of names.entries()) {
        await using home = copy();
        const file = join(home.runFolder(waiting), place, name);
        if (readFileSync(file).length === 0) continue;
        (index % 2 === 0 ? gone : cut)(file);
        const { code, stderr } = await home.call(["rerun", waiting, "--from", from]);
        expect(code, `${name}: ${stderr}`).toBe(1);
        const error = logLines(stderr).find((line) => line["code"] !== undefined);
        expect(error).toMatchObject({ code: "internal.file-damaged" });
        expect(error?.["msg"]).toContain(file);
        expect(error?.["hint"]).toContain(`rosterbridge rerun ${waiting} --from ${anew}`);
        expect(arrived(home)).toEqual([]);
        if (index > 0) continue;
        const again = await home.call(["rerun", waiting, "--from", anew]);
        expect(again.code, again.stderr).toBe(0);
        expect(home.manifest(waiting).package).toEqual(whole.manifest(waiting).package);
      }
    },
  );

  it.each(["users-001.csv", "courses-001.csv", "drafted.json"])(
    "makes half-made rows again from what the SIS said (%s)",
    async (name) => {
      for (const spoil of [
        gone,
        (file: string) => {
          truncateSync(file, 300);
        },
      ]) {
        await using home = copy();
        const { package: made } = home.manifest(waiting);
        spoil(join(home.runFolder(waiting), "map", name));
        const { code, stderr } = await home.call(["rerun", waiting, "--from", "map"]);
        expect(code, stderr).toBe(0);
        expect(home.manifest(waiting).package).toEqual(made);
      }
    },
  );

  it("holds the next night when it may have reached Canvas, and nobody could compare with it", async () => {
    await using home = copy();
    const killed = ["--import", join(import.meta.dirname, "../nights/killed-after-rename.ts")];
    const { stderr } = await home.start(["rerun", waiting], { nodeOptions: killed }).ended;
    expect(stderr).toContain("killed by SIGKILL");
    cut(join(home.runFolder(waiting), "baseline", "enrollments.csv"));
    const night = await home.call(["roster"]);
    expect(night.code, night.stderr).toBe(4);
    expect(home.manifest().guard?.violations).toEqual([
      expect.objectContaining({
        rule: "baseline",
        message: expect.stringContaining(`rerun ${waiting} --from check`) as string,
      }),
    ]);
    const again = await home.call(["rerun", waiting, "--from", "check"]);
    expect(again.code, again.stderr).toBe(0);
    expect((await home.call(["roster"])).code).toBe(0);
  });
});
