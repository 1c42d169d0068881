import { describe, expect, it } from "vitest";
import type { Quirk } from "../../../../jobs/demo/sis.ts";
import { testPorts } from "../reading.ts";
import { district, records, startTinySis } from "../tiny-sis.ts";
import { reportAt, reportOn, small } from "./reporting.ts";

describe("how a SIS answers", () => {
  it("is told of each endpoint: page, count, Link, sort and filter, and how fast", async () => {
    const { step } = await reportOn({ changes: { pageSize: 20 } });

    expect(step("enrollments answers")).toMatchObject({
      section: "answers",
      status: "ok",
      message: "20 records a page; X-Total-Count; Link; sort works; filter works",
    });
    expect(step("enrollments answers")?.ms).toBeTypeOf("number");
  });

  it.each<[Quirk, RegExp, "ok" | "warn"]>([
    ["sort-400", /; sort is refused;/, "warn"],
    ["sort-ignored", /; sort is ignored;/, "warn"],
    ["filter-400", /; filter is refused$/, "warn"],
    ["filter-empty", /; filter is answered with nothing$/, "warn"],
    ["filter-ignored", /; filter is ignored$/, "warn"],
    ["no-total", /; no X-Total-Count;/, "ok"],
    ["zero-total", /; no X-Total-Count;/, "ok"],
    ["no-link", /; no Link;/, "ok"],
    ["clamp-page", /^12 records a page \(20 were asked for\);/, "ok"],
  ])("shows %s", async (quirk, words, status) => {
    const { step } = await reportOn({ changes: { pageSize: 20 }, sis: { quirks: [quirk] } });

    expect(step("enrollments answers")?.message).toMatch(words);
    expect(step("enrollments answers")?.status).toBe(status);
  });

  it("shows another name around the records than the standard's", async () => {
    const changes = { exclude: ["users" as const] };
    const odd = await reportOn({ changes, sis: { quirks: ["own-wrapper-keys"] } });
    const plain = await reportOn({ changes });

    expect(odd.step("students answers")?.message).toMatch(/; wrapped in "students" instead of "users"$/);
    expect(plain.step("students answers")).toMatchObject({ status: "ok" });
  });

  it("says how long it would take to read all at this pace", async () => {
    const { step } = await reportOn({ changes: { pageSize: 20 } });
    expect(step("pace")?.message).toMatch(/^[\d,]+ records in \d+ pages: about /);
  });

  it("names the endpoints that would be there besides, and those that would not", async () => {
    const faults = [{ path: /^\/(teachers|schools\/\d+\/terms)/, answer: { status: 403 } }];
    const { step } = await reportOn({ faults });

    expect(step("other endpoints")).toMatchObject({ status: "ok" });
    expect(step("other endpoints")?.message).toBe(
      "schools, terms, gradingPeriods, students answer too; not to be had: teachers (403); this configuration needs none of them",
    );
    expect(step("per-school service")?.message).toMatch(
      /^courses, classes, students, teachers, enrollments answer too; not to be had: terms \(403\)/,
    );
  });

  it("fails where a later page than the first is not to be had: a night would end there", async () => {
    const faults = [{ path: /^\/enrollments\?limit=60&offset=60/, answer: { status: 500 } }];
    const { steps } = await reportOn({ changes: { pageSize: 60 }, faults });

    const failed = steps.filter(({ status }) => status === "fail");
    expect(failed.map(({ name, section }) => [name, section])).toEqual([["enrollments pages", "answers"]]);
    expect(failed[0]?.message).toContain("answered 500");
  });

  it("only doubts a SIS that answers no question of the report's own", async () => {
    const sis = await startTinySis(district(records("u", 9)), ({ query }) =>
      query.get("filter")?.startsWith("sourcedId") === true ? { body: "<html></html>" } : undefined,
    );
    const { step, steps } = await reportAt(sis.url);

    expect(step("users answers")).toMatchObject({ status: "warn" });
    expect(step("users answers")?.message).toContain("how it sorts and filters was not found out");
    expect(steps.filter(({ status }) => status === "fail")).toEqual([]);
  });
});

describe("the sample of a SIS", () => {
  it("is all of a collection of a few pages", async () => {
    const { sample, step } = await reportOn({ changes: { pageSize: 60 } });

    expect(sample?.kinds.users?.isWhole).toBe(true);
    expect(step("users records")?.message).toContain(`all ${small.users.length} records looked at`);
  });

  it("is begin, middle and end of a large one, however large", async () => {
    const many = records("e", 40_000, {
      ...{ user: { sourcedId: "u0000" }, class: { sourcedId: "c0000" }, role: "student" },
    });
    const sis = await startTinySis({ ...district(), enrollments: many });
    const { sample, step } = await reportAt(sis.url, { pageSize: 100 });

    expect(sample?.kinds.enrollments).toMatchObject({ isWhole: false });
    expect(step("enrollments records")?.message).toMatch(
      /^300 of 40,000 records looked at, from begin, middle and end/,
    );
    const offsets = sis.of("enrollments").filter(({ query }) => query.get("limit") === "100");
    expect(new Set(offsets.map(({ query }) => query.get("offset")))).toEqual(
      new Set(["0", "20000", "39900"]),
    );
    expect(sis.asked.length).toBeLessThan(70);
  });

  it("ends when somebody has waited long enough", async () => {
    const ports = testPorts();
    const many = records("u", 500);
    const sis = await startTinySis(district(many), async ({ query, path }) => {
      if (path === "users" && query.get("limit") === "100")
        await ports.sleep(30_000, new AbortController().signal);
      return undefined;
    });
    const { sample } = await reportAt(sis.url, { pageSize: 100 }, {}, ports);

    expect(sample?.kinds.users?.isWhole).toBe(false);
    expect(sample?.kinds.users?.records.length).toBeLessThan(500);
  });

  it("asks some classes for their teachers where enrollments are too many to be read", async () => {
    const classes = records("c", 30, { school: { sourcedId: "S1" } });
    const enrollments = records("e", 2000, {
      ...{ user: { sourcedId: "u0000" }, class: { sourcedId: "c0000" }, role: "student" },
    });
    const teachers = Object.fromEntries(
      classes.map(({ sourcedId }, index) => [
        `classes/${String(sourcedId)}/teachers`,
        records("t", index === 4 ? 0 : 1),
      ]),
    );
    const sis = await startTinySis({ ...district(), classes, enrollments, ...teachers });
    const { sample } = await reportAt(sis.url, { pageSize: 100 });

    expect(sample?.taught?.asked).toHaveLength(12);
    expect(sample?.taught?.untaught).toEqual(["c0004"]);
  });

  it("asks for the enrollments of a class where the SIS has no list of its teachers", async () => {
    const taught = small.enrollments
      .filter(({ role }) => role === "teacher")
      .map((each) => each.class.sourcedId);
    const [lonely = ""] = [...taught].sort();
    const enrollments = small.enrollments.filter(
      (each) => each.role !== "teacher" || each.class.sourcedId !== lonely,
    );
    const { sample } = await reportOn({
      changes: { pageSize: 10 },
      sis: { district: { ...small, enrollments } },
    });

    expect(sample?.taught?.asked).toContain(lonely);
    expect(sample?.taught?.untaught).toEqual([lonely]);
  });
});
