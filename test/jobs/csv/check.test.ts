import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { District } from "../../../jobs/demo/district.ts";
import { type Home, makeHome, personalData, smallDistrict, sourceOf, startSis } from "../night-kit.ts";
import { tinyDistrict, tinyEnrollment } from "../tiny-district.ts";
import { type CsvNights, csvNights } from "./csv-nights.ts";

interface Check {
  section: string;
  name: string;
  status: string;
  message: string;
  hint: string;
  examples?: string[];
}

async function checksOf(home: Home): Promise<Check[]> {
  const { stdout } = await home.call(["check", "--json"]);
  return (JSON.parse(stdout) as { checks: Check[] }).checks;
}

async function fitnessOf(home: Home): Promise<Check[]> {
  return (await checksOf(home)).filter(({ section }) => section === "fitness");
}

/** Which of two records with the same login is the second, the order decides; a file has its own. */
function regardlessOfOrder(checks: readonly Check[]) {
  return checks.map(({ message, examples = [], ...rest }) => {
    const isCut = message.endsWith("…") || message.includes("of another");
    const words = message.replace(/(\d of [\d,]+): .*$/, "$1");
    return { ...rest, words, examples: isCut ? [] : examples.toSorted() };
  });
}

/** A district with one of each thing that Canvas, or the people in it, would stumble over. */
function unfit(): District {
  const district = structuredClone(smallDistrict());
  const classes = district.classes.filter(({ status }) => status === "active");
  const enrollments = district.enrollments.filter(({ status }) => status === "active");
  const students = district.users.filter(({ role, status }) => role === "student" && status === "active");
  const [termless, untaught] = classes;
  const [loginless, owner, claimant, gone] = students;
  const [halfDated, spaced] = enrollments.filter(({ role }) => role === "student");
  const terms = district.academicSessions.filter(({ type }) => type === "semester");
  termless!.terms = [];
  delete loginless!.username;
  claimant!.username = owner!.username!.toUpperCase();
  delete halfDated!.endDate;
  spaced!.sourcedId = `${spaced!.sourcedId} b`;
  terms[0]!.endDate = terms[1]!.endDate;
  return {
    ...district,
    users: district.users.filter((user) => user !== gone),
    enrollments: district.enrollments.filter(
      ({ role, class: { sourcedId } }) => role !== "teacher" || sourcedId !== untaught!.sourcedId,
    ),
  };
}

describe("check of CSV files finds in a roster what it finds in the same one over REST", () => {
  const district = unfit();
  const overRest = new Map<string, Check[]>();
  beforeAll(async () => {
    for (const version of ["1.1", "1.2"] as const) {
      await using sis = await startSis({ district, version });
      await using home = makeHome({ source: sourceOf(sis, undefined, { pageSize: 1000, version }) });
      overRest.set(version, await fitnessOf(home));
    }
  });

  it.for(["1.1", "1.2"] as const)("of OneRoster %s", async (version) => {
    await using csv = csvNights({ source: { version } });
    csv.exports(district, { version, on: new Date() });
    const found = await fitnessOf(csv.home);
    expect(regardlessOfOrder(found)).toEqual(regardlessOfOrder(overRest.get(version) ?? []));

    const doubts = found.filter(({ status }) => status === "warn").map(({ message }) => message);
    for (const words of [
      /^overlap with another of their type and parent: 2 of/,
      /^have no term: 1 of/,
      /^have no teacher: 1 of/,
      /^have no login/,
      /^have the login of another user/,
      /^name a user that the SIS does not send/,
      /^have only one of beginDate and endDate: 1 of/,
      /^have a sourcedId with spaces in it: 1 of/,
    ]) {
      expect(doubts).toContainEqual(expect.stringMatching(words));
    }
    expect(found.map(({ hint }) => hint).join()).not.toContain("source.filters");
  });

  it("and shows nobody's data", async () => {
    await using csv = csvNights();
    csv.exports(district, { on: new Date() });
    const { stdout } = await csv.home.call(["check"]);
    expect(stdout).toContain("The roster: fit for Canvas");
    expect(personalData(district).filter((text) => stdout.includes(text))).toEqual([]);
  });
});

describe("check of a delta", () => {
  const first = tinyDistrict();
  const aide = tinyEnrollment("e20", "t1", "halves", "aide");
  let csv: CsvNights;
  beforeAll(async () => {
    csv = csvNights();
    csv.exports(first, { on: new Date(Date.now() - 60_000) });
    expect(await csv.home.call(["roster", "--dry-run"])).toMatchObject({ code: 0 });
  });
  afterAll(() => csv[Symbol.asyncDispose]());

  it("looks at it together with what it changes, as at a complete export", async () => {
    const second = { ...first, enrollments: [...first.enrollments, aide] };
    csv.exports(second, { mode: "delta", before: first, on: new Date() });
    const changed = await checksOf(csv.home);
    expect(changed.find(({ name }) => name === "enrollments")?.message).toBe("1 row, delta");
    csv.exports(second, { on: new Date() });
    const complete = await checksOf(csv.home);
    const fitness = (checks: Check[]) => checks.filter(({ section }) => section === "fitness");
    expect(regardlessOfOrder(fitness(changed))).toEqual(regardlessOfOrder(fitness(complete)));
    expect(fitness(changed).length).toBeGreaterThan(6);
  });

  it("finds what the changes do to the rest", async () => {
    const taught = first.enrollments.filter(({ role }) => role === "teacher");
    const { sourcedId } = taught[0]!.class;
    const second = {
      ...first,
      enrollments: first.enrollments.filter(
        (one) => one.role !== "teacher" || one.class.sourcedId !== sourcedId,
      ),
    };
    const untaught = async () =>
      (await fitnessOf(csv.home)).find(({ message }) => message.startsWith("have no teacher"))?.examples ??
      [];
    csv.exports(first, { mode: "delta", before: first, on: new Date() });
    expect(await untaught()).not.toContain(sourcedId);
    csv.exports(second, { mode: "delta", before: first, on: new Date() });
    expect(await untaught()).toContain(sourcedId);
  });

  it("judges nothing that it cannot know when there is nothing to apply it to", async () => {
    await using fresh = csvNights();
    const second = { ...first, enrollments: [...first.enrollments, aide] };
    fresh.exports(second, { mode: "delta", before: first, on: new Date() });
    const checks = await checksOf(fresh.home);
    expect(checks.find(({ name }) => name === "last state")).toMatchObject({ status: "fail" });
    expect(checks.filter(({ section }) => section === "fitness")).toEqual([]);
  });
});

describe("what check puts aside while it reads", () => {
  it("is gone when it has ended, and a state folder that was not there as well", async () => {
    await using csv = csvNights({ source: { version: "1.2" } });
    csv.exports(tinyDistrict(), { version: "1.2", on: new Date() });
    expect((await fitnessOf(csv.home)).length).toBeGreaterThan(0);
    expect(existsSync(csv.home.state)).toBe(false);
    mkdirSync(csv.home.state);
    await fitnessOf(csv.home);
    expect(readdirSync(csv.home.state)).toEqual([]);
  });

  it("is removed by the next one when it was killed", async () => {
    await using csv = csvNights();
    csv.exports(tinyDistrict(), { on: new Date() });
    const [old, recent] = [".check-0a", ".check-0b"].map((name) => join(csv.home.state, name));
    for (const folder of [old!, recent!]) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "users"), "somebody");
    }
    const longAgo = new Date(Date.now() - 2 * 86_400_000);
    utimesSync(old!, longAgo, longAgo);
    await fitnessOf(csv.home);
    expect(readdirSync(csv.home.state)).toEqual([".check-0b"]);
  });
});

it("check says of CSV files with a grades section that there will be no grades, and does not ask Canvas", async () => {
  const source = { kind: "canvas-api", url: "https://canvas.example.org", token: { env: "SIS_TOKEN" } };
  await using csv = csvNights({ grades: { source } });
  csv.exports(smallDistrict({ students: 16 }), { on: new Date() });
  const { code, stdout } = await csv.home.call(["check", "--json"]);
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  expect(code).toBe(0);
  expect(checks.filter(({ name }) => name === "grades")).toEqual([
    expect.objectContaining({
      status: "warn",
      message: "Grades go to the SIS over OneRoster REST, and source.kind is oneroster-csv.",
    }),
  ]);
  expect(checks.filter(({ name }) => name.startsWith("Canvas"))).toEqual([]);
});
