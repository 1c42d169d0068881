import { describe, expect, it } from "vitest";
import { matchesFilter, parseFilter } from "../../../connectors/oneroster/filter.ts";

const RECORD = {
  sourcedId: "U1",
  status: "Active",
  role: "student",
  givenName: "O'Brien",
  grades: ["09", "10"],
  dateLastModified: "2026-08-01T00:00:00.000Z",
  points: 100,
  enabledUser: true,
  metadata: { "ic.campus": "North", plain: 9, and: "x AND y='z'" },
  school: { sourcedId: "S1", href: "x" },
  orgs: [{ sourcedId: "S1" }, { sourcedId: "S2" }],
};

const matches = (filter: string, filteredBySis = false) =>
  matchesFilter(parseFilter(filter), RECORD, filteredBySis);

describe("a OneRoster filter", () => {
  it.for([
    "status='active'",
    "status = 'ACTIVE'",
    "role!='teacher'",
    "givenName='o''brien'",
    "givenName~'brien'",
    "dateLastModified>'2026-07-31'",
    "dateLastModified<='2026-08-01T00:00:00.000Z'",
    "points>='99.5'",
    "points<'1000'",
    "enabledUser='true'",
    "metadata.ic.campus='north'",
    "metadata.plain='9'",
    "school.sourcedId='S1'",
    "orgs.sourcedId='S2,S1'",
    "grades='09,10'",
    "grades~'11,10'",
    "grades!='09,11'",
    "status='active' AND role='student'",
    "status='gone' OR role='student'",
    "metadata.and='x AND y=''z''' AND status='active'",
  ])("lets the record through: %s", (filter) => {
    expect(matches(filter)).toBe(true);
  });

  it.for([
    "status='tobedeleted'",
    "role='stud'",
    "role~'teach'",
    "points>'100'",
    "points<'9'",
    "dateLastModified<'2026-08-01'",
    "grades='09,11'",
    "grades~'11,12'",
    "orgs.sourcedId='S3'",
    "metadata.none='x'",
    "nothing>'1'",
    "status='active' AND role='teacher'",
    "status='gone' OR role='teacher'",
  ])("keeps the record out: %s", (filter) => {
    expect(matches(filter)).toBe(false);
  });

  it("believes a SIS that has filtered by a field that it does not send", () => {
    expect(matches("metadata.none='x'")).toBe(false);
    expect(matches("metadata.none='x'", true)).toBe(true);
    expect(matches("role='teacher'", true)).toBe(false);
  });

  it("takes a status that is missing for active, and inactive for tobedeleted", () => {
    const { status: _, ...bare } = RECORD;
    expect(matchesFilter(parseFilter("status='active'"), bare)).toBe(true);
    expect(matchesFilter(parseFilter("status!='active'"), bare)).toBe(false);
    expect(matchesFilter(parseFilter("status='tobedeleted'"), { status: "inactive" })).toBe(true);
  });

  it.for([
    "status",
    "status=active",
    "status='active",
    "='active'",
    "status='active' AND",
    "status='active' AND role='x' AND a='b'",
    "status='active' XOR role='x'",
    "status=='active'",
    "status='it's'",
    "",
  ])("is refused when it cannot be read: %s", (filter) => {
    expect(() => parseFilter(filter, "users")).toThrow(
      expect.objectContaining({
        code: "usage.filter",
        message: `The filter of users cannot be read: ${filter}`,
      }),
    );
  });
});
