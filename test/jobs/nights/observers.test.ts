import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { District, RawUser } from "../../../jobs/demo/district.ts";
import { readCsv } from "../csv-reader.ts";
import { logLines, makeHome, packageOf, rowsOf, smallDistrict, sourceOf, startSis } from "../night-kit.ts";
import { csvOf, type Nights, startNights } from "./nights.ts";

/** A district that is made anew, so that it can be changed; the guardian of one of its students has no login. */
function fresh(): District {
  const district = smallDistrict();
  const [nameless] = district.users.filter(({ role }) => role === "guardian").slice(-1);
  if (nameless !== undefined) delete nameless.username;
  return district;
}
const FIRST = fresh();
const isGuardian = ({ role }: RawUser) => role === "guardian";
const enrolled = new Set(
  FIRST.enrollments
    .filter(({ role, status }) => role === "student" && status === "active")
    .map(({ user }) => user.sourcedId),
);
/** Guardians who can be users, with the enrolled student whom they observe. */
const FAMILIES = FIRST.users
  .filter((user) => isGuardian(user) && user.status === "active" && (user.username ?? "") !== "")
  .map(({ sourcedId, agents }) => [sourcedId, agents[0]?.sourcedId ?? ""] as const)
  .filter(
    ([, student]) =>
      enrolled.has(student) &&
      FIRST.users.some((one) => one.sourcedId === student && one.status === "active"),
  );
const [one, two, three] = FAMILIES;
if (one === undefined || two === undefined || three === undefined) throw new Error("too few families");
const [APART, HER_CHILD] = one;
const [VANISHED, HIS_CHILD] = two;
const [LEFT, LEAVER] = three;

/** One link ends, one guardian is no longer sent, one student is no longer sent. */
function secondDay(): District {
  const district = fresh();
  const users = district.users.filter(({ sourcedId }) => ![VANISHED, LEAVER].includes(sourcedId));
  for (const user of users) if ([APART, HER_CHILD].includes(user.sourcedId)) user.agents = [];
  return {
    ...district,
    users,
    enrollments: district.enrollments.filter(({ user }) => user.sourcedId !== LEAVER),
  };
}

let nights: Nights;
let [first, second] = ["", ""];
const OFF = { roster: { guard: { maxRemovedPercent: 100 } } };
const ON = { roster: { observers: true, ...OFF.roster } };

const linksIn = (run: string) =>
  rowsOf(packageOf(nights.home, run), "user_observers").map(
    (row) => `${row["observer_id"]} ${row["student_id"]} ${row["status"]}`,
  );
const statusOf = (run: string, id: string) =>
  rowsOf(packageOf(nights.home, run), "users").find((row) => row["user_id"] === id)?.["status"];

beforeAll(async () => {
  nights = await startNights(FIRST, ON);
  for (const district of [FIRST, secondDay()]) expect((await nights.night(district)).code).toBe(0);
  [first = "", second = ""] = nights.home.runs();
});
afterAll(() => nights[Symbol.asyncDispose]());

describe("a night with observers", () => {
  it("has every guardian of a student of the package in users.csv and user_observers.csv, last in the package", () => {
    expect(FAMILIES.length).toBeGreaterThan(3);
    const files = packageOf(nights.home, first);
    expect([...files.keys()].at(-1)).toBe("user_observers.csv");
    expect(files.get("user_observers.csv")).toMatch(/^observer_id,student_id,status\n/);
    expect(linksIn(first)).toEqual(
      FAMILIES.map(([guardian, student]) => `${guardian} ${student} active`).sort(),
    );
    for (const [guardian] of FAMILIES) expect(statusOf(first, guardian)).toMatch(/^(active|suspended)$/);
  });

  it("tells of each agent who cannot be a user, which counts against no tolerance", () => {
    const nameless = FIRST.users.filter((user) => isGuardian(user) && (user.username ?? "") === "");
    expect(nameless.length).toBeGreaterThan(0);
    const rejects = csvOf(nights.home, "rejects.csv", first).filter(({ type }) => type === "agents");
    expect(rejects.map(({ value }) => value).sort()).toEqual(
      nameless
        .filter(({ agents }) => enrolled.has(agents[0]?.sourcedId ?? ""))
        .map(({ sourcedId }) => sourcedId)
        .sort(),
    );
    for (const { reason } of rejects)
      expect(reason).toContain("this user was left out: the SIS sent no username");
  });

  it("is counted like any other file", () => {
    const { rows, added } = nights.home.manifest(first).files["user_observers"] ?? {};
    expect({ rows, added }).toEqual({ rows: FAMILIES.length, added: FAMILIES.length });
  });
});

describe("the night after", () => {
  it("deletes the links that have ended, and no other", () => {
    const ended = [
      `${APART} ${HER_CHILD} deleted`,
      `${VANISHED} ${HIS_CHILD} deleted`,
      `${LEFT} ${LEAVER} deleted`,
    ];
    expect(linksIn(second).filter((link) => link.endsWith("deleted"))).toEqual(ended.sort());
    expect(linksIn(second).length).toBe(FAMILIES.length);
    expect(nights.home.manifest(second).files["user_observers"]).toMatchObject({
      added: 0,
      changed: 0,
      removed: 3,
    });
  });

  it("suspends whom the SIS does not send any more, and keeps whom it does", () => {
    expect(statusOf(second, VANISHED)).toBe("suspended");
    expect(statusOf(second, LEAVER)).toBe("suspended");
    expect([APART, LEFT].map((id) => statusOf(second, id))).toEqual(
      [APART, LEFT].map((id) => statusOf(first, id)),
    );
  });

  it("says which student names a guardian who is not there", () => {
    expect(csvOf(nights.home, "rejects.csv", second)).toContainEqual({
      type: "agents",
      sourcedId: HIS_CHILD,
      field: "agents",
      value: VANISHED,
      reason: "the SIS has sent no such user",
    });
  });

  it("is what plan said", async () => {
    await nights.becomes(FIRST);
    const { code, stdout } = await nights.home.call(["plan", "--json"]);
    expect(code).toBe(0);
    const told = JSON.parse(stdout) as { files: Record<string, unknown> };
    expect(told.files["user_observers"]).toMatchObject({ added: 3, removed: 0 });
    expect((await nights.home.call(["plan"])).stdout).toMatch(/user_observers\s+\d+\s+3/);
  });

  it("is held when all links would end, as when observers are switched off", async () => {
    nights.home.configure({ roster: { observers: false, guard: { minRowsForPercent: 1 } } });
    const { code, stderr } = await nights.night(FIRST);
    expect(code).toBe(4);
    expect(logLines(stderr).at(-1)).toBeDefined();
    expect(stderr).toContain(
      `user_observers: ${FAMILIES.length - 3} of ${FAMILIES.length - 3} user_observers would be deleted`,
    );
    nights.home.configure(ON);
  });
});

describe("a night without observers", () => {
  it("is the same to the byte as if nobody had an agent", async () => {
    const sis = await startSis({ district: FIRST });
    await using home = makeHome({ source: sourceOf(sis), ...OFF });
    expect((await home.call(["roster"])).code).toBe(0);
    const files = packageOf(home);
    const people = readCsv(files.get("users.csv") ?? "").map((row) => row["user_id"]);
    expect(people.filter((id) => FAMILIES.some(([guardian]) => guardian === id))).toEqual([]);
    expect([...files.keys()]).not.toContain("user_observers.csv");
    expect(csvOf(home, "rejects.csv").filter(({ type }) => type === "agents")).toEqual([]);
    await sis.stop();
  });
});
