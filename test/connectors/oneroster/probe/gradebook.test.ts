import { describe, expect, it } from "vitest";
import type { GradebookNeeds } from "../../../../connectors/oneroster/probe.ts";
import { Grades } from "../../../../config/schema/grades.ts";
import type { FaultRule } from "../../../../jobs/demo/sis.ts";
import { reportOn } from "./reporting.ts";

const rules = (changes: object = {}): GradebookNeeds =>
  Grades.parse({ source: { kind: "gradebook-csv", path: "exports" }, ...changes });
const gradebook = { categories: "global" } as const;
const NAMES = ["categories", "lineItems of a class", "results of a class", "gradingPeriods"];

describe("the probing of a gradebook", () => {
  it("reads categories, line items and results of a class and grading periods, and writes nothing", async () => {
    const { steps, requests } = await reportOn({ sis: { gradebook }, extent: { gradebook: rules() } });

    const own = steps.filter(({ section }) => section === "gradebook");
    expect(own.map(({ name, status }) => `${status} ${name}`)).toEqual(NAMES.map((name) => `ok ${name}`));
    expect(own[0]?.message).toMatch(/^\/categories: \d+ records$/);
    expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
  });

  it("is not done where grades are none of this SIS's business", async () => {
    const { steps } = await reportOn({ sis: { gradebook } });
    expect(steps.filter(({ section }) => section === "gradebook")).toEqual([]);
  });

  it("finds no fault in a missing one where no grades are sent", async () => {
    const { step } = await reportOn({ extent: { gradebook: "unconfigured" } });

    for (const name of NAMES) expect(step(name)).toMatchObject({ status: "ok" });
    expect(step("categories")?.message).toBe(
      "not to be had (404); no matter, as this configuration sends no grades",
    );
  });

  it("fails a missing one where grades are sent", async () => {
    const { step } = await reportOn({ extent: { gradebook: rules() } });

    for (const name of NAMES.slice(0, 3)) expect(step(name)).toMatchObject({ status: "fail" });
    expect(step("categories")?.hint).toContain("whether grade passback is switched on");
  });

  it.each([
    ["all", "fail"],
    ["none", "warn"],
  ])("heeds whether categories are needed (lookup: %s)", async (lookup, status) => {
    const faults: FaultRule[] = [{ path: "/categories", answer: { status: 403 } }];
    const extent = { gradebook: rules({ categories: { lookup } }) };
    const { step } = await reportOn({ sis: { gradebook }, extent, faults });

    expect(step("categories")).toMatchObject({ status });
  });

  it("tries another class where the first has no gradebook", async () => {
    const faults: FaultRule[] = [{ path: /lineItems/, times: 1, answer: { status: 404 } }];
    const { step } = await reportOn({ sis: { gradebook }, extent: { gradebook: rules() }, faults });

    expect(step("lineItems of a class")).toMatchObject({ status: "ok" });
  });

  it("says what stands in for grading periods that are not offered", async () => {
    const faults: FaultRule[] = [{ path: "/gradingPeriods", answer: { status: 404 } }];
    const asked = { sis: { gradebook }, faults };
    const needed = await reportOn({
      ...asked,
      extent: { gradebook: rules({ gradingPeriod: "by-due-date" }) },
    });
    const other = await reportOn({ ...asked, extent: { gradebook: rules() } });

    expect(needed.step("gradingPeriods")).toMatchObject({ status: "warn" });
    expect(needed.step("gradingPeriods")?.hint).toContain("among all academicSessions");
    expect(other.step("gradingPeriods")).toMatchObject({ status: "ok" });
  });

  it("shows where its records depart from the standard", async () => {
    const quirks = ["odd-metadata" as const];
    const { doubts } = await reportOn({
      ...{ sis: { gradebook, quirks } },
      extent: { gradebook: rules() },
    });
    expect(doubts("categories").join()).toMatch(/metadata is not an object/);
  });
});
