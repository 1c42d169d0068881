import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { District } from "../../../jobs/demo/district.ts";
import { nextDay } from "../../../jobs/demo/district/next-day.ts";
import { expectSound } from "../canvas-rules.ts";
import type { Row } from "../csv-reader.ts";
import { type Ended, logLines, packageOf, rowsOf, smallDistrict } from "../night-kit.ts";
import { csvOf, type Nights, SECOND_SCHOOL, startNights, withoutEnrollments } from "./nights.ts";

const FIRST = smallDistrict();
const SECOND = nextDay(FIRST);
const FILES = ["accounts", "terms", "courses", "sections", "users", "enrollments"];
const KEYS: Record<string, string[]> = { enrollments: ["section_id", "user_id", "role"] };

let nights: Nights;
let [first, second, third] = ["", "", ""];
const told: Ended[] = [];

beforeAll(async () => {
  nights = await startNights(FIRST);
  for (const district of [FIRST, SECOND, withoutEnrollments(SECOND)]) told.push(await nights.night(district));
  [first = "", second = "", third = ""] = nights.home.runs();
});
afterAll(() => nights[Symbol.asyncDispose]());

/** Written once more, and more simply, than the job does it: who is in which class as what. */
function enrolled({ users, classes, enrollments }: District): Set<string> {
  const active = (list: { sourcedId: string; status: string }[]) =>
    new Set(list.filter(({ status }) => status === "active").map(({ sourcedId }) => sourcedId));
  const [people, groups] = [active(users), active(classes)];
  const roles: Record<string, string> = { student: "student", teacher: "teacher", aide: "ta" };
  return new Set(
    enrollments
      .filter(
        ({ status, user, class: { sourcedId } }) =>
          status === "active" && people.has(user.sourcedId) && groups.has(sourcedId),
      )
      .flatMap(({ user, role, class: { sourcedId } }) =>
        roles[role] === undefined ? [] : [`${sourcedId}|${user.sourcedId}|${roles[role]}`],
      ),
  );
}

function less(some: Set<string>, others: Set<string>): string[] {
  return [...some].filter((one) => !others.has(one)).sort();
}

const GONE = less(enrolled(FIRST), enrolled(SECOND));
const NEW = less(enrolled(SECOND), enrolled(FIRST));
const ids = ({ users }: District) => new Set(users.map(({ sourcedId }) => sourcedId));
const LEFT = less(ids(FIRST), ids(SECOND));
const CAME = less(ids(SECOND), ids(FIRST));

const enrollmentsWith = (run: string, status: string) =>
  rowsOf(packageOf(nights.home, run), "enrollments")
    .filter((row) => row["status"] === status)
    .map((row) => `${row["section_id"]}|${row["user_id"]}|${row["role"]}`)
    .sort();

const userRow = (run: string, id: string) =>
  rowsOf(packageOf(nights.home, run), "users").find((row) => row["user_id"] === id);

describe("the first night", () => {
  it("is delivered, and everything in it is new", () => {
    expect(told[0]?.code).toBe(0);
    const { files, guard, after } = nights.home.manifest(first);
    expect(Object.keys(files)).toEqual(FILES);
    for (const { rows, added, ...others } of Object.values(files)) {
      expect(rows).toBeGreaterThan(0);
      expect({ added, ...others }).toEqual({ added: rows, changed: 0, removed: 0, unchanged: 0 });
    }
    expect({ guard, after }).toEqual({ guard: { violations: [], causes: [], accepted: null }, after: null });
    expectSound(packageOf(nights.home, first));
    expect(enrollmentsWith(first, "active")).toEqual([...enrolled(FIRST)].sort());
  });

  it("says that there was nothing to compare it with", () => {
    expect(told[0]?.stderr).toContain("no night has been delivered before");
    expect(told[1]?.stderr).not.toContain("no night has been delivered before");
  });
});

describe("a night with small changes", () => {
  it("counts exactly these", () => {
    expect(told[1]?.code).toBe(0);
    const { files, guard, after } = nights.home.manifest(second);
    expect(after).toBe(first);
    expect(guard?.violations).toEqual([]);
    expect(files["users"]).toMatchObject({ added: CAME.length, changed: 1, removed: LEFT.length });
    expect(files["enrollments"]).toMatchObject({
      added: NEW.length,
      changed: 0,
      removed: GONE.length,
      unchanged: enrolled(FIRST).size - GONE.length,
    });
    for (const file of ["accounts", "terms", "courses", "sections"]) {
      const { rows, ...changes } = files[file]!;
      expect(changes, file).toEqual({ added: 0, changed: 0, removed: 0, unchanged: rows });
    }
  });

  it("lists exactly these, row by row", () => {
    const changes = csvOf(nights.home, "changes.csv", second);
    const keysOf = (file: string, change: string) =>
      changes.filter((row) => row["file"] === file && row["change"] === change).map((row) => row["key"]);
    expect(keysOf("enrollments", "removed").sort()).toEqual(GONE);
    expect(keysOf("enrollments", "added").sort()).toEqual(NEW);
    expect(keysOf("users", "removed").sort()).toEqual(LEFT);
    expect(keysOf("users", "added").sort()).toEqual(CAME);
    expect(changes.filter((row) => row["change"] === "changed")).toEqual([
      expect.objectContaining({ file: "users", column: "last_name" }),
    ]);
  });

  it("says to Canvas what is gone, and suspends those who left", () => {
    expect(enrollmentsWith(second, "deleted")).toEqual(GONE);
    expect(enrollmentsWith(second, "active")).toEqual([...enrolled(SECOND)].sort());
    for (const id of LEFT) expect(userRow(second, id)).toMatchObject({ status: "suspended" });
    for (const id of CAME) expect(userRow(second, id)).toMatchObject({ status: "active" });
  });

  it("has no key twice, and nothing active that refers to what is not there", () => {
    const files = packageOf(nights.home, second);
    for (const file of FILES) {
      const columns = KEYS[file] ?? [file.replace(/s$/, "_id")];
      const keys = rowsOf(files, file).map((row) => columns.map((column) => row[column]).join("|"));
      expect(new Set(keys).size, file).toBe(keys.length);
    }
    const here = (row: Row) => row["status"] === "active" || row["status"] === "suspended";
    const users = new Set(
      rowsOf(files, "users")
        .filter(here)
        .map((row) => row["user_id"]),
    );
    const sections = new Set(rowsOf(files, "sections").map((row) => row["section_id"]));
    for (const row of rowsOf(files, "enrollments")) {
      expect(users).toContain(row["user_id"]);
      expect(sections).toContain(row["section_id"]);
    }
  });

  it("leaves course and section of a class with another teacher alone, and the former teacher active", () => {
    const [before, after] = [FIRST, SECOND].map(
      ({ enrollments }) =>
        new Map(enrollments.filter(({ role }) => role === "teacher").map((one) => [one.sourcedId, one])),
    );
    const change = [...before!.values()].find(
      (one) => after!.get(one.sourcedId)?.user.sourcedId !== one.user.sourcedId,
    );
    const [group, former] = [change?.class.sourcedId ?? "", change?.user.sourcedId ?? ""];
    const successor = after!.get(change?.sourcedId ?? "")?.user.sourcedId ?? "";
    const both = [first, second].map((run) => {
      const files = packageOf(nights.home, run);
      const of = (file: string, column: string) => rowsOf(files, file).filter((row) => row[column] === group);
      return { courses: of("courses", "course_id"), sections: of("sections", "section_id") };
    });
    expect(both[0]?.courses).toHaveLength(1);
    expect(both[0]?.sections).toHaveLength(1);
    expect(both[1]).toEqual(both[0]);
    expect(userRow(second, former)).toMatchObject({ status: "active" });
    expect(enrollmentsWith(second, "deleted")).toContain(`${group}|${former}|teacher`);
    expect(enrollmentsWith(second, "active")).toContain(`${group}|${successor}|teacher`);
  });
});

describe("a night without the enrollments of a school", () => {
  const lost = [...enrolled(SECOND)].filter((key) => !enrolled(withoutEnrollments(SECOND)).has(key)).length;
  const name = FIRST.orgs.find(({ sourcedId }) => sourcedId === SECOND_SCHOOL)?.name ?? "";
  const words = `${name}: ${lost} of ${lost} enrollments would be deleted (100 %, limit 10 %)`;

  it("is held: nothing is sent, and it says which school and how much", () => {
    expect(told[2]?.code).toBe(4);
    expect(nights.home.delivered()).toHaveLength(2);
    expect(told[2]?.stderr).toContain(words);
    expect(logLines(told[2]?.stderr ?? "").at(-1)).toMatchObject({ run: third, status: "held", exitCode: 4 });
    const manifest = nights.home.manifest(third);
    expect(manifest).toMatchObject({ status: "held", exitCode: 4, after: second, delivery: null });
    expect(manifest.package).not.toBeNull();
    expect(manifest.stages.at(-1)).toMatchObject({ name: "deliver", status: "pending" });
    expect(manifest.guard).toMatchObject({
      violations: [
        { rule: "removed-percent", file: "enrollments", account_id: SECOND_SCHOOL, message: words },
        { rule: "removed-percent", file: "enrollments", account_id: null },
      ],
      causes: [
        expect.stringMatching(new RegExp(`^${name} \\(${SECOND_SCHOOL}\\) .*did not send this school`)),
      ],
      accepted: null,
    });
    expect(manifest.files["enrollments"]?.removed).toBe(lost);
  });

  it("is told by show with the one command that lets it through, and by runs", async () => {
    const { stdout } = await nights.home.call(["show", third]);
    expect(stdout).toContain(`${third} is HELD`);
    expect(stdout).toContain(words);
    expect(stdout).toContain(`rosterbridge rerun ${third} --accept-changes`);
    const [line = ""] = (await nights.home.call(["runs"])).stdout.split("\n");
    expect(line).toMatch(new RegExp(`^${third}  held +4  `));
    expect(line).toContain(words);
  });

  it("is held again by a rerun that does not accept it", async () => {
    expect((await nights.home.call(["rerun"])).code).toBe(4);
    expect(nights.home.manifest(third)).toMatchObject({ status: "held", exitCode: 4 });
    expect(nights.home.runs()).toEqual([first, second, third]);
    expect(nights.home.delivered()).toHaveLength(2);
  });

  it("is delivered by one that does, which is recorded with who and when, and not a second time", async () => {
    const zip = nights.home.manifest(third).package;
    const asked = nights.sis().requests.length;
    const begun = new Date().toISOString();
    expect((await nights.home.call(["rerun", third, "--accept-changes"])).code).toBe(0);
    const manifest = nights.home.manifest(third);
    expect(manifest).toMatchObject({ status: "ok", exitCode: 0, package: zip, delivery: { verified: true } });
    const { by, at, how } = manifest.guard!.accepted!;
    expect({ by, how }).toEqual({
      by: expect.stringMatching(/^[^@]+@[^@]+$/) as string,
      how: "rerun --accept-changes",
    });
    expect(at >= begun && at <= new Date().toISOString()).toBe(true);
    expect(nights.home.delivered()).toEqual([
      ...[first, second, third].map((run) => expect.stringContaining(run) as string),
    ]);

    const again = await nights.home.call(["rerun", third, "--accept-changes"]);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain("has succeeded; there is nothing to run again");
    expect(nights.home.manifest(third)).toEqual(manifest);
    expect(nights.home.delivered()).toHaveLength(3);
    expect(nights.sis().requests.length).toBe(asked);
    expect((await nights.home.call(["show", third])).stdout).toContain(`accepted by ${by} at ${at}`);
  });
});
