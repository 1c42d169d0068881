import { describe, expect, it } from "vitest";
import { departuresOf, optionalWords } from "../../../../connectors/oneroster/probe/conformance.ts";
import { rulesOf } from "../../../../connectors/oneroster/probe/standard.ts";
import type { Quirk } from "../../../../jobs/demo/sis.ts";
import { district, records, startTinySis } from "../tiny-sis.ts";
import { reportAt, reportOn, small } from "./reporting.ts";

describe("the records of a SIS against the standard", () => {
  it("say nothing where all is as the standard has it", async () => {
    const { steps } = await reportOn();
    expect(steps.filter(({ section, status }) => section === "records" && status !== "ok")).toEqual([]);
  });

  it.each<[Quirk, string, RegExp]>([
    ["string-booleans", "users", /^enabledUser is not true or false, but text or a number: /],
    ["odd-booleans", "users", /^enabledUser is not true or false, but text or a number: /],
    ["scalar-arrays", "classes", /^terms is not a list: /],
    ["odd-metadata", "users", /^metadata is not an object: /],
    ["empty-parent", "orgs", /^parent is no reference with a sourcedId: /],
    ["odd-hrefs", "classes", /^an href is not an absolute address: /],
    ["enum-case", "classes", /^classType is in another case, or has spaces around it: /],
    ["inactive-status", "enrollments", /^status inactive is OneRoster 1\.0's word for tobedeleted: /],
    ["dates-with-time", "academicSessions", /^startDate has a time, where a day belongs: /],
    ["day-first-dates", "academicSessions", /^endDate is not a day as YYYY-MM-DD: /],
    ["spaced-ids", "users", /^an id has spaces around it: /],
    ["numeric-ids", "users", /^an id is a number, not text: /],
    ["duplicate-records", "users", /^sourcedId comes more than once: /],
  ])("show %s, with examples by id", async (quirk, kind, words) => {
    const removed = small.enrollments.map((each, index) =>
      index < 3 ? { ...each, status: "tobedeleted" as const } : each,
    );
    const orgs = small.orgs.map(({ parent: _parent, ...org }) => org);
    const sis = { quirks: [quirk], district: { ...small, orgs, enrollments: removed } };
    const { steps } = await reportOn({ sis });

    const found = steps.find(({ name, message }) => name === `${kind} records` && words.test(message));
    expect(found).toMatchObject({ section: "records", status: "warn" });
    expect(found?.examples?.length).toBeGreaterThan(0);
    expect(found?.message).toContain(found?.examples?.join(", "));
    expect(found?.hint).toContain("A night reads these all the same");
  });

  it("name records only by id", async () => {
    const quirks: Quirk[] = ["enum-case", "odd-metadata", "string-booleans"];
    const { steps } = await reportOn({ sis: { quirks } });

    const told = JSON.stringify(steps);
    const personal = small.users.flatMap(({ givenName, familyName, email, username }) => [
      `${givenName} ${familyName}`,
      ...[email, username].filter((text) => text != null),
    ]);
    expect(personal.filter((text) => told.includes(text))).toEqual([]);
  });

  it("fail where so many would be left out that a night would end", async () => {
    const bad = records("u", 3, { enabledUser: "maybe" });
    const sis = await startTinySis(district([...records("v", 97), ...bad]));
    const [strict, lenient] = [
      await reportAt(sis.url),
      await reportAt(sis.url, { rejectTolerancePercent: 5 }),
    ];

    const message =
      "would be left out, as enabledUser is neither true nor false: 3 of 100: u0000, u0001, u0002";
    expect(strict.steps.find(({ status }) => status === "fail")).toMatchObject({
      name: "users records",
      message,
    });
    expect(lenient.steps.find((step) => step.message === message)).toMatchObject({ status: "warn" });
    expect(strict.sample?.kinds.users?.records).toHaveLength(97);
  });

  it("tell which optional members are never sent, and which of some only", () => {
    const sent = [
      { sourcedId: "c1", courseCode: "A", grades: ["09"], org: { sourcedId: "S" } },
      { sourcedId: "c2", courseCode: "B", grades: [], org: { sourcedId: "S" }, subjects: null },
    ];
    expect(optionalWords(rulesOf("courses", "1.1"), sent)).toBe(
      "never sent: schoolYear, subjects, subjectCodes; in some only: grades (50 %); null instead of left out: 1",
    );
  });

  it("lack what the standard requires, which 1.2 has otherwise than 1.1", () => {
    const base = { sourcedId: "u1", status: "active", dateLastModified: "2026-08-01T00:00:00Z" };
    const user = { ...base, givenName: "A", familyName: "B", enabledUser: true, role: "student", orgs: [] };
    const whatOf = (version: "1.1" | "1.2") =>
      departuresOf(rulesOf("users", version), [user]).map(([what]) => what);

    expect(whatOf("1.1")).toEqual(["username is missing or empty", "orgs is missing or empty"]);
    expect(whatOf("1.2")).toEqual([
      "roles is missing or empty",
      'enabledUser is not "true" or "false" as text',
    ]);
  });
});
