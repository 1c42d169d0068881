import { describe, expect, it } from "vitest";
import { failureOf, readRoster } from "./reading.ts";
import { district, records, startTinySis } from "./tiny-sis.ts";

const whole = district();
const perSchool = {
  orgs: whole.orgs!,
  academicSessions: whole.academicSessions!,
  ...Object.fromEntries(
    ["S1", "S2"].flatMap((id) => [
      [`schools/${id}/courses`, records(`k${id}`, 2)],
      [`schools/${id}/classes`, records(`c${id}`, 3)],
      [`schools/${id}/students`, records(`st${id}`, 4)],
      [`schools/${id}/teachers`, records(`te${id}`, 1)],
      [`schools/${id}/enrollments`, records(`e${id}`, 9)],
      [`schools/${id}/terms`, records(`t${id}`, 1)],
    ]),
  ),
};
const down = { status: 500, body: { imsx_description: "Sequence contains more than one matching element" } };

describe("the per-school service", () => {
  it("reads orgs and sessions in bulk, and all else school by school", async () => {
    const sis = await startTinySis(perSchool);
    const { sink } = await readRoster(sis.url, { service: "per-school", pageSize: 4 });
    expect(sink.reports.map(({ endpoint }) => endpoint).sort()).toEqual([
      "academicSessions",
      "orgs",
      ...["S1", "S2"].flatMap((id) =>
        ["classes", "courses", "enrollments", "students", "teachers"].map((name) => `schools/${id}/${name}`),
      ),
    ]);
    expect(sink.idsOf("enrollments")).toHaveLength(18);
    expect(sink.idsOf("users")).toHaveLength(10);
    expect(sink.reports.find(({ endpoint }) => endpoint === "schools/S1/students")).toMatchObject({
      type: "users",
      records: 4,
    });
  });

  it("reads only the schools that are configured", async () => {
    const sis = await startTinySis(perSchool);
    const { sink } = await readRoster(sis.url, { service: "per-school", schools: ["S2"] });
    expect(sink.idsOf("enrollments")).toHaveLength(9);
    expect(sis.asked.every(({ path }) => !path.startsWith("schools/S1/"))).toBe(true);
  });

  it("leaves out schools that are gone, and orgs that are no schools", async () => {
    const orgs = [...(whole.orgs as { sourcedId: string }[])].map((org) =>
      org.sourcedId === "S1" ? { ...org, status: "tobedeleted" } : org,
    );
    const sis = await startTinySis({ ...perSchool, orgs });
    await readRoster(sis.url, { service: "per-school" });
    const schools = sis.asked
      .filter(({ path }) => path.startsWith("schools/"))
      .map(({ path }) => path.split("/")[1]);
    expect([...new Set(schools)]).toEqual(["S2"]);
  });

  it("percent-encodes the ids of schools", async () => {
    const id = "a/b c%?é";
    const path = "schools/a%2Fb%20c%25%3F%C3%A9";
    const names = ["courses", "classes", "students", "teachers", "enrollments"];
    const sis = await startTinySis({
      orgs: [{ sourcedId: id, type: "school" }],
      academicSessions: [],
      ...Object.fromEntries(names.map((name) => [`${path}/${name}`, records(name, 1)])),
    });
    const { sink } = await readRoster(sis.url, { service: "per-school" });
    expect(sink.reports.map(({ endpoint }) => endpoint)).toContain(`${path}/students`);
  });

  it("reads all classes at once, and once, where the SIS has none by school", async () => {
    const { "schools/S1/classes": _, ...rest } = perSchool as Record<string, unknown[]>;
    const sis = await startTinySis({ ...rest, classes: records("c", 7) }, ({ path }) =>
      path.endsWith("S2/classes") ? { status: 404 } : undefined,
    );
    const { sink, warnings } = await readRoster(sis.url, { service: "per-school" });
    expect(sink.ids("classes")).toHaveLength(7);
    expect(sis.of("classes")).toHaveLength(1);
    expect(warnings).toEqual(["the SIS has no classes by school; all classes were read instead"]);
  });

  it("fails on another endpoint that a school does not have, and names it", async () => {
    const { "schools/S2/teachers": _, ...rest } = perSchool as Record<string, unknown[]>;
    const sis = await startTinySis(rest);
    expect(await failureOf(readRoster(sis.url, { service: "per-school" }))).toMatchObject({
      code: "source.not-found",
      message: expect.stringContaining("/schools/S2/teachers?") as string,
    });
  });

  it("fails when there is no school", async () => {
    const sis = await startTinySis({ ...perSchool, orgs: [{ sourcedId: "D", type: "district" }] });
    expect(await failureOf(readRoster(sis.url, { service: "per-school" }))).toMatchObject({
      code: "source.no-schools",
    });
  });

  it("refuses to do without all users", async () => {
    const sis = await startTinySis(perSchool);
    const failing = readRoster(sis.url, { service: "per-school", exclude: ["students", "teachers"] });
    expect(await failureOf(failing)).toMatchObject({ code: "usage.exclude" });
  });
});

describe("source.schools", () => {
  it.for(["bulk", "per-school"] as const)("must be schools that the SIS has (%s)", async (service) => {
    const sis = await startTinySis({ ...whole, ...perSchool });
    const failure = await failureOf(readRoster(sis.url, { service, schools: ["S1", "S9"] }));
    expect(failure).toMatchObject({
      code: "source.unknown-school",
      message: "The SIS has no school with the sourcedId S9",
      hint: "Check source.schools. The SIS has S1, S2.",
    });
  });
});

describe("an excluded collection", () => {
  it("is read by its parts instead", async () => {
    const { orgs, academicSessions, users, ...rest } = whole;
    const sis = await startTinySis({
      ...rest,
      schools: orgs!,
      terms: academicSessions!,
      gradingPeriods: records("gp", 3),
      students: users!,
      teachers: records("te", 2),
    });
    const { sink } = await readRoster(sis.url, { exclude: ["orgs", "academicSessions", "users"] });
    expect(sink.idsOf("academicSessions")).toHaveLength(5);
    expect(sink.idsOf("users")).toHaveLength(5);
    expect(sink.idsOf("orgs")).toHaveLength(3);
  });

  it("is never asked for, nor are excluded parts", async () => {
    const { academicSessions, ...rest } = whole;
    const sis = await startTinySis({ ...rest, terms: academicSessions! });
    const { sink } = await readRoster(sis.url, {
      exclude: ["academicSessions", "gradingPeriods", "demographics", "courses"],
    });
    expect(sink.idsOf("academicSessions")).toHaveLength(2);
    expect(
      sis.asked.map(({ path }) => path).filter((path) => /grading|demo|academic|courses/.test(path)),
    ).toEqual([]);
  });

  it.for([
    ["enrollments", ["enrollments"]],
    ["classes", ["classes"]],
    ["orgs", ["orgs", "schools"]],
    ["users", ["users", "students", "teachers"]],
    ["academicSessions", ["academicSessions", "terms", "gradingPeriods"]],
  ] as const)("fails before anything is asked when no %s are left", async ([type, exclude]) => {
    const sis = await startTinySis(whole);
    expect(await failureOf(readRoster(sis.url, { exclude: [...exclude] }))).toMatchObject({
      code: "usage.exclude",
      message: `source.exclude leaves nothing to read ${type} from`,
    });
    expect(sis.asked).toEqual([]);
  });
});

describe("a collection that fails as a whole", () => {
  it.for([
    ["enrollments", 18],
    ["users", 10],
    ["classes", 6],
    ["courses", 4],
    ["academicSessions", 2],
  ] as const)("%s is read school by school", async ([collection, count]) => {
    const sis = await startTinySis({ ...whole, ...perSchool }, ({ path }) =>
      path === collection ? down : undefined,
    );
    const { sink, warnings } = await readRoster(sis.url, { retries: 1 });
    expect(sink.idsOf(collection)).toHaveLength(count);
    expect(warnings).toEqual([
      expect.stringMatching(/answered 500 .*more than one matching element; read school by school instead$/),
    ]);
    expect(sis.of(collection)).toHaveLength(2);
  });

  it("keeps nothing of what came before it failed", async () => {
    const sis = await startTinySis({ ...whole, ...perSchool }, ({ path, query }) =>
      path === "enrollments" && query.get("offset") !== "0" ? down : undefined,
    );
    const { sink } = await readRoster(sis.url, { retries: 0, pageSize: 2 });
    expect(sink.restarts).toEqual(["enrollments"]);
    expect(sink.ids("enrollments")).toEqual([]);
    expect(sink.idsOf("enrollments")).toHaveLength(18);
  });

  it("fails the night when it fails by school too, and names the endpoint", async () => {
    const sis = await startTinySis({ ...whole, ...perSchool }, ({ path }) =>
      path === "enrollments" || path === "schools/S2/enrollments" ? down : undefined,
    );
    expect(await failureOf(readRoster(sis.url, { retries: 0 }))).toMatchObject({
      code: "source.unavailable",
      message: expect.stringContaining("/schools/S2/enrollments?") as string,
    });
  });

  it("fails the night when it is one that no school has", async () => {
    const sis = await startTinySis({ ...whole, ...perSchool }, ({ path }) =>
      path === "orgs" ? down : undefined,
    );
    expect(await failureOf(readRoster(sis.url, { retries: 0 }))).toMatchObject({
      code: "source.unavailable",
      message: expect.stringContaining("/orgs?") as string,
    });
  });
});
