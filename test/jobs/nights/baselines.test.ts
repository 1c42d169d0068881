import { appendFileSync, cpSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nextDay } from "../../../jobs/demo/district/next-day.ts";
import { directory, type Home, makeHome, smallDistrict } from "../night-kit.ts";
import { type Nights, startNights, withoutEnrollments } from "./nights.ts";

const FIRST = smallDistrict();
const SECOND = nextDay(FIRST);
const CHANGES = { added: 2, changed: 1, removed: 3 };

/** One delivered night. */
async function delivered(): Promise<Nights> {
  const nights = await startNights(FIRST);
  expect((await nights.night(FIRST)).code).toBe(0);
  return nights;
}

/** The guards' first words of the newest run. */
const reason = (home: Home) => home.manifest().guard?.violations.map(({ rule, message }) => [rule, message]);

describe("a night that is held while a newer one is delivered", () => {
  it("is stale, and cannot be accepted any more", async () => {
    await using nights = await delivered();
    const { home } = nights;
    expect((await nights.night(withoutEnrollments(FIRST))).code).toBe(4);
    const held = home.runs()[1] ?? "";
    expect((await nights.night(SECOND)).code).toBe(0);
    const newer = home.runs()[2] ?? "";

    const { code, stderr } = await home.call(["rerun", held, "--accept-changes"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`Run ${held} is stale: the newer night ${newer} has been delivered`);
    const unnamed = await home.call(["rerun", "--accept-changes"]);
    expect(unnamed.code).toBe(2);
    expect(unnamed.stderr).toContain("nothing to run again");
    expect(home.manifest(held)).toMatchObject({ status: "held", guard: { accepted: null } });
    expect(home.delivered()).toHaveLength(2);

    // Nor when the note of which night that was is lost.
    rmSync(join(home.state, "oakdale-baseline.json"));
    const lost = await home.call(["rerun", held, "--accept-changes"]);
    expect(lost.code, lost.stderr).toBe(2);
    expect(lost.stderr).toContain(`the newer night ${newer} has been delivered`);
    expect(home.delivered()).toHaveLength(2);
  });
});

describe("a baseline", () => {
  const wayOf = ({ state }: Home, run: string) => ({
    pointer: join(state, "oakdale-baseline.json"),
    file: join(state, "runs", run, "baseline", "enrollments.csv"),
  });

  it("that is damaged or deleted holds the night and says why, until tonight is taken for the first", async () => {
    await using nights = await delivered();
    const { home } = nights;
    const [first = ""] = home.runs();
    const { pointer, file } = wayOf(home, first);
    const rows = home.manifest().files["enrollments"]?.rows;

    cpSync(file, `${file}.sound`);
    appendFileSync(file, "x");
    expect((await nights.night(FIRST)).code).toBe(4);
    expect(reason(home)).toEqual([
      ["baseline", expect.stringContaining(`${file} is not what was delivered`)],
    ]);

    rmSync(file);
    expect((await nights.night(FIRST)).code).toBe(4);
    expect(reason(home)).toEqual([["baseline", expect.stringContaining(`${file} is gone`)]]);

    // The baseline as it was: nothing of what was held has become it.
    renameSync(`${file}.sound`, file);
    expect((await home.call(["plan"])).stdout).toContain("No guard would hold this night");

    rmSync(pointer);
    const ended = await nights.night(FIRST);
    expect(ended.code).toBe(4);
    const words = `${pointer} is gone, though ${first} was delivered`;
    expect(reason(home)).toEqual([["baseline", expect.stringContaining(words)]]);
    expect(ended.stderr).toContain("Accepting takes tonight as the first night");
    expect(ended.stderr).not.toContain("no night has been delivered before");
    expect(home.delivered()).toHaveLength(1);

    const run = home.runs().at(-1) ?? "";
    expect((await home.call(["rerun", run, "--accept-changes"])).code).toBe(0);
    expect(home.manifest(run)).toMatchObject({ status: "ok", files: { enrollments: { rows, added: rows } } });
    expect((await nights.night(SECOND)).code).toBe(0);
    expect(home.manifest()).toMatchObject({ after: run, files: { users: CHANGES } });
  });

  it("goes on from the same night when the state folder and the config are copied elsewhere", async () => {
    await using nights = await startNights(FIRST, { delivery: directory("./inbox") });
    const { home } = nights;
    expect((await nights.night(FIRST)).code).toBe(0);
    const [first] = home.runs();
    await nights.becomes(SECOND);
    await using elsewhere = makeHome(nights.sections, home);
    rmSync(home.folder, { recursive: true });
    const ended = await elsewhere.call(["roster"]);
    expect(ended.code, ended.stderr).toBe(0);
    expect(elsewhere.manifest()).toMatchObject({ after: first, files: { users: CHANGES } });
    expect(elsewhere.delivered()).toHaveLength(2);
  });
});
