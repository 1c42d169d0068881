import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRecord } from "../../../connectors/oneroster/read-record.ts";
import type { RecordType, RosterRecords } from "../../../connectors/oneroster/records.ts";

const ENROLLMENT = {
  sourcedId: "E1",
  status: "active",
  dateLastModified: "2026-08-01T00:00:00.000Z",
  user: { href: "https://sis.example.org/users/U1", sourcedId: "U1", type: "user" },
  class: { href: "https://sis.example.org/classes/C1", sourcedId: "C1", type: "class" },
  school: { href: "https://sis.example.org/orgs/S1", sourcedId: "S1", type: "org" },
  role: "student",
  primary: "false",
  beginDate: "2026-08-15",
  endDate: "2027-06-11",
};
const USER = {
  sourcedId: "U1",
  status: "active",
  username: "ada",
  enabledUser: true,
  givenName: "Ada",
  familyName: "Byron",
};
const CLASS = {
  sourcedId: "C1",
  status: "active",
  title: "Algebra",
  school: { sourcedId: "S1" },
  terms: [{ sourcedId: "T1" }],
};
const SESSION = {
  sourcedId: "T1",
  status: "active",
  title: "Fall",
  type: "term",
  startDate: "2026-08-15",
  endDate: "2026-12-18",
};
const ORG = { sourcedId: "S1", status: "active", name: "North", type: "school" };

function recordOf<T extends RecordType>(type: T, raw: unknown): RosterRecords[T] {
  const { record, reject } = readRecord(type, raw);
  if (record === undefined) throw new Error(`rejected: ${JSON.stringify(reject)}`);
  return record;
}

function rejectOf(type: RecordType, raw: unknown) {
  const { record, reject } = readRecord(type, raw);
  expect(record).toBeUndefined();
  return reject;
}

function leniencesOf(type: RecordType, raw: unknown): string[] {
  return (readRecord(type, raw).leniences ?? []).map(({ field, reason }) => `${field}: ${reason}`);
}

describe("reading a record", () => {
  it("keeps what mapping needs, and nothing else", () => {
    expect(recordOf("enrollments", ENROLLMENT)).toEqual({
      sourcedId: "E1",
      gone: false,
      dateLastModified: "2026-08-01T00:00:00.000Z",
      user: "U1",
      class: "C1",
      role: "student",
      beginDate: "2026-08-15",
      endDate: "2027-06-11",
    });
    expect(
      JSON.stringify(recordOf("users", { ...USER, password: "hunter2", phone: "555", sms: "555" })),
    ).not.toMatch(/hunter2|555/);
    expect(leniencesOf("enrollments", ENROLLMENT)).toEqual([]);
  });

  it("takes ids as opaque text: numbers as text, blanks trimmed, zeros and case kept", () => {
    expect(recordOf("orgs", { ...ORG, sourcedId: 42 }).sourcedId).toBe("42");
    expect(recordOf("orgs", { ...ORG, sourcedId: " 0042\t" }).sourcedId).toBe("0042");
    expect(recordOf("orgs", { ...ORG, sourcedId: "aB" }).sourcedId).toBe("aB");
    expect(recordOf("enrollments", { ...ENROLLMENT, user: { sourcedId: 7 } }).user).toBe("7");
  });

  it("refuses an id that is a number too long to be read exactly, for two of them would become one", () => {
    const raw = JSON.parse('{"sourcedId":12345678901234567890,"type":"school"}') as unknown;
    expect(rejectOf("orgs", raw)).toMatchObject({
      field: "sourcedId",
      reason: "is a number too long to be read exactly",
    });
  });

  it.for(["https://x/y", "~/ims/oneroster/v1p1/users/9", "undefined/users/9", null, undefined])(
    "reads a reference by its sourcedId alone, with href %s",
    (href) => {
      expect(
        recordOf("enrollments", { ...ENROLLMENT, user: { href, sourcedId: "U1", type: null } }).user,
      ).toBe("U1");
    },
  );

  it.for([null, undefined, {}, "", "none", [], { href: "x" }, { sourcedId: null }, 7])(
    "takes a malformed parent for none: %j",
    (parent) => {
      expect(recordOf("orgs", { ...ORG, parent }).parent).toBeUndefined();
      expect(recordOf("academicSessions", { ...SESSION, parent }).parent).toBeUndefined();
    },
  );

  it.for(["inactive", "tobedeleted", " ToBeDeleted ", "INACTIVE"])("reads status %j as gone", (status) => {
    expect(recordOf("orgs", { ...ORG, status }).gone).toBe(true);
  });

  it("reads a status in any case, and none as active, saying so", () => {
    expect(recordOf("orgs", { ...ORG, status: " Active" }).gone).toBe(false);
    for (const status of [undefined, null, " "]) {
      expect(recordOf("orgs", { ...ORG, status }).gone).toBe(false);
      expect(leniencesOf("orgs", { ...ORG, status })).toEqual(["status: missing; taken as active"]);
    }
  });

  it.for(["pending", "deleted", true])("refuses the unknown status %j", (status) => {
    expect(rejectOf("enrollments", { ...ENROLLMENT, status })).toMatchObject({
      sourcedId: "E1",
      field: "status",
    });
  });

  it("folds types and roles", () => {
    expect(recordOf("orgs", { ...ORG, type: " School" }).type).toBe("school");
    expect(recordOf("enrollments", { ...ENROLLMENT, role: " Teacher " }).role).toBe("teacher");
    expect(recordOf("academicSessions", { ...SESSION, type: "GRADINGPERIOD" }).type).toBe("gradingPeriod");
    expect(recordOf("academicSessions", { ...SESSION, type: "school year" }).type).toBe("schoolYear");
  });

  it.for([
    [true, true],
    ["true", true],
    ["True", true],
    [" TRUE ", true],
    [1, true],
    ["1", true],
    [undefined, true],
    [null, true],
    ["", true],
    [false, false],
    ["false", false],
    ["FALSE", false],
    [0, false],
    ["0", false],
  ] as const)("reads enabledUser %j as %j", ([sent, expected]) => {
    expect(recordOf("users", { ...USER, enabledUser: sent }).enabledUser).toBe(expected);
  });

  it.for(["yes", 2, {}, [true], "disabled"])(
    "refuses the malformed enabledUser %j: it decides access",
    (enabledUser) => {
      expect(rejectOf("users", { ...USER, enabledUser })).toMatchObject({
        sourcedId: "U1",
        field: "enabledUser",
      });
    },
  );

  it.for([
    [
      [{ sourcedId: "T1" }, null, { sourcedId: 2 }, { sourcedId: "T1" }],
      ["T1", "2"],
    ],
    [{ sourcedId: "T1" }, ["T1"]],
    ["T1", ["T1"]],
    [
      ["T1", " T2 "],
      ["T1", "T2"],
    ],
    [null, []],
    [undefined, []],
    ["", []],
    [[{}, { href: "x" }], []],
  ] as const)("reads the array %j as %j", ([sent, expected]) => {
    expect(recordOf("classes", { ...CLASS, terms: sent }).terms).toEqual(expected);
    expect(recordOf("users", { ...USER, orgs: sent }).orgs).toEqual(expected);
  });

  it("reads userIds however they come, and leaves out those without an identifier", () => {
    const idsOf = (userIds: unknown) => recordOf("users", { ...USER, userIds }).userIds;
    expect(idsOf([{ type: "LDAP", identifier: 12 }, null, { type: "x" }])).toEqual([
      { type: "LDAP", identifier: "12" },
    ]);
    expect(idsOf({ type: "Fed", identifier: " a " })).toEqual([{ type: "Fed", identifier: "a" }]);
    expect(idsOf(null)).toEqual([]);
    expect(idsOf("x")).toEqual([]);
  });

  it.for([null, undefined, "odd", 3, ["x"]])("takes the odd metadata %j for none", (metadata) => {
    expect(recordOf("users", { ...USER, metadata }).metadata).toEqual({});
  });

  it("keeps the text and number members of metadata", () => {
    const metadata = { a: " x ", b: 7, c: null, d: { e: 1 }, "ic.legacy": "s1" };
    expect(recordOf("users", { ...USER, metadata }).metadata).toEqual({ a: "x", b: "7", "ic.legacy": "s1" });
  });

  it("lets optional members be null, and leaves out odd ones, saying so", () => {
    const bare = recordOf("users", {
      sourcedId: "U1",
      status: "active",
      username: null,
      email: "",
      identifier: {},
    });
    expect(bare).toMatchObject({
      username: undefined,
      email: undefined,
      identifier: undefined,
      enabledUser: true,
    });
    expect(leniencesOf("users", { ...USER, identifier: {} })).toEqual(["identifier: not text; left out"]);
  });

  it("reads dates with a time as the day written, whatever the zone, saying so", () => {
    for (const beginDate of [
      "2026-08-15T00:00:00.000Z",
      "2026-08-15 23:30:00",
      "2026-08-15T23:59:59-07:00",
    ]) {
      expect(recordOf("enrollments", { ...ENROLLMENT, beginDate }).beginDate).toBe("2026-08-15");
      expect(leniencesOf("enrollments", { ...ENROLLMENT, beginDate })).toEqual([
        "beginDate: a date with a time; the day was taken as written",
      ]);
    }
  });

  it("reads dates with slashes day first, saying so, and refuses what cannot be that", () => {
    expect(recordOf("enrollments", { ...ENROLLMENT, beginDate: "5/9/2026" }).beginDate).toBe("2026-09-05");
    expect(leniencesOf("enrollments", { ...ENROLLMENT, beginDate: "05/09/2026" })).toHaveLength(1);
    expect(rejectOf("enrollments", { ...ENROLLMENT, beginDate: "08/15/2026" })).toEqual({
      sourcedId: "E1",
      field: "beginDate",
      value: "08/15/2026",
      reason: "has no month in the middle; with slashes, the day comes first (d/MM/yyyy)",
    });
  });

  it.for(["2026-02-30", "2027-13-01", "soon", "20260815", "2026-8-5", "31/06/2026", "2026-08-15Tbreak"])(
    "refuses the date %s and names the field: dates decide access",
    (date) => {
      expect(rejectOf("enrollments", { ...ENROLLMENT, endDate: date })).toMatchObject({
        field: "endDate",
        value: date,
      });
      expect(rejectOf("academicSessions", { ...SESSION, startDate: date })).toMatchObject({
        field: "startDate",
      });
    },
  );

  it("lets an enrollment be without dates, but not a session", () => {
    expect(recordOf("enrollments", { ...ENROLLMENT, beginDate: null, endDate: "" })).toMatchObject({
      beginDate: undefined,
      endDate: undefined,
    });
    expect(rejectOf("academicSessions", { ...SESSION, endDate: undefined })).toMatchObject({
      field: "endDate",
    });
    expect(rejectOf("academicSessions", { ...SESSION, startDate: " " })).toMatchObject({
      field: "startDate",
    });
  });

  it("refuses an end before the begin", () => {
    expect(rejectOf("enrollments", { ...ENROLLMENT, endDate: "2026-08-14" })).toMatchObject({
      field: "endDate",
      reason: "lies before the begin (2026-08-15)",
    });
    expect(rejectOf("academicSessions", { ...SESSION, endDate: "2025-12-18" })).toMatchObject({
      field: "endDate",
    });
    expect(recordOf("enrollments", { ...ENROLLMENT, endDate: "2026-08-15" }).endDate).toBe("2026-08-15");
  });

  it.for([
    ["enrollments", ENROLLMENT, "user"],
    ["enrollments", ENROLLMENT, "class"],
    ["classes", CLASS, "school"],
  ] as const)("refuses one of %s without its %3$s", ([type, raw, field]) => {
    for (const value of [undefined, null, {}, { sourcedId: null }, { sourcedId: " " }, []]) {
      expect(rejectOf(type, { ...raw, [field]: value })).toMatchObject({ sourcedId: raw.sourcedId, field });
    }
  });

  it("refuses an enrollment without a role", () => {
    for (const role of [undefined, null, " ", 3]) {
      expect(rejectOf("enrollments", { ...ENROLLMENT, role })).toMatchObject({ field: "role" });
    }
  });

  it("refuses what has no sourcedId, with an empty one", () => {
    for (const sourcedId of [undefined, null, "", "  ", {}]) {
      expect(rejectOf("courses", { sourcedId, title: "x" })).toMatchObject({
        sourcedId: "",
        field: "sourcedId",
      });
    }
    for (const raw of ["text", 3, [], null]) {
      expect(rejectOf("courses", raw)?.sourcedId).toBe("");
    }
  });

  it("shortens the value of a reject", () => {
    expect(rejectOf("enrollments", { ...ENROLLMENT, endDate: "9".repeat(500) })?.value).toHaveLength(81);
  });

  it("gives a record or a reject for anything at all, and never throws", () => {
    const types: RecordType[] = ["orgs", "academicSessions", "courses", "classes", "users", "enrollments"];
    const member = fc.oneof(fc.jsonValue(), fc.constantFrom("active", "2026-08-15", { sourcedId: "x" }));
    const names = [
      ...new Set([ORG, SESSION, CLASS, USER, ENROLLMENT, { metadata: 1, userIds: 1 }].flatMap(Object.keys)),
    ];
    const raw = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...names), member));
    fc.assert(
      fc.property(fc.constantFrom(...types), raw, (type, value) => {
        const { record, reject } = readRecord(type, value);
        expect(record === undefined).toBe(reject !== undefined);
        if (record !== undefined) expect(record.sourcedId).toMatch(/\S/);
      }),
    );
  });
});
