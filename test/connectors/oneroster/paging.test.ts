import { describe, expect, it } from "vitest";
import { readRoster } from "./reading.ts";
import { district, records, startTinySis } from "./tiny-sis.ts";

const USERS = records("u", 25);
const ALL = USERS.map(({ sourcedId }) => sourcedId);

describe("reading a collection", () => {
  it("asks for sorted pages side by side and keeps every record once", async () => {
    const sis = await startTinySis(district(USERS));
    const { sink, report, warnings } = await readRoster(sis.url, { pageSize: 4 });
    expect(sink.ids("users")).toEqual(ALL);
    expect(
      sis
        .of("users")
        .map(({ query }) => Number(query.get("offset")))
        .sort((a, b) => a - b),
    ).toEqual([0, 4, 8, 12, 16, 20, 24]);
    expect(
      sis
        .of("users")
        .every(({ query }) => query.get("sort") === "sourcedId" && query.get("orderBy") === "asc"),
    ).toBe(true);
    expect(report.endpoints.find(({ endpoint }) => endpoint === "users")).toEqual({
      type: "users",
      endpoint: "users",
      pages: 7,
      records: 25,
      total: 25,
      warnings: [],
    });
    expect(warnings).toEqual([]);
  });

  it("reads all six kinds of records", async () => {
    const sis = await startTinySis(district());
    const { sink } = await readRoster(sis.url);
    expect(sink.reports.map(({ endpoint, records }) => [endpoint, records]).sort()).toEqual([
      ["academicSessions", 2],
      ["classes", 2],
      ["courses", 2],
      ["enrollments", 4],
      ["orgs", 3],
      ["users", 3],
    ]);
  });
});
