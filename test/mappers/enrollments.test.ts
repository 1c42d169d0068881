import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EnrollmentOptions, toEnrollmentRow } from "../../mappers/enrollments.ts";
import { enrollment, roster } from "./records.ts";

const OPTIONS: EnrollmentOptions = {
  roles: roster().enrollments.roles,
  timezone: "America/Los_Angeles",
  endDates: "inclusive",
};

describe("toEnrollmentRow", () => {
  it("makes a draft of a row, with the user and class still OneRoster's", () => {
    expect(
      toEnrollmentRow(enrollment("e-1", { beginDate: "2026-08-17", endDate: "2027-06-11" }), OPTIONS),
    ).toEqual({
      row: {
        section_id: "class-1",
        user: "user-1",
        role: "student",
        start_date: "2026-08-17T07:00:00Z",
        end_date: "2027-06-12T06:59:59Z",
      },
    });
  });

  it("leaves dates blank that the SIS did not send", () => {
    expect(toEnrollmentRow(enrollment("e"), OPTIONS).row).toMatchObject({ start_date: "", end_date: "" });
    expect(toEnrollmentRow(enrollment("e", { endDate: "2027-06-11" }), OPTIONS).row).toMatchObject({
      start_date: "",
      end_date: "2027-06-12T06:59:59Z",
    });
  });

  it("ends a day earlier where the SIS's endDate is excluded", () => {
    const record = enrollment("e", { beginDate: "2027-01-01", endDate: "2027-06-12" });
    expect(toEnrollmentRow(record, { ...OPTIONS, endDates: "exclusive" }).row).toMatchObject({
      start_date: "2027-01-01T08:00:00Z",
      end_date: "2027-06-12T06:59:59Z",
    });
  });

  it.each([
    ["student", "student"],
    ["teacher", "teacher"],
    ["aide", "ta"],
  ])("enrolls %s as %s unless configured otherwise", (role, canvasRole) => {
    expect(toEnrollmentRow(enrollment("e", { role }), OPTIONS).row?.role).toBe(canvasRole);
  });

  it("is the same row however the config writes one of Canvas's own roles", () => {
    const rows = ["ta", "TA", "TaEnrollment"].map(
      (aide) => toEnrollmentRow(enrollment("e", { role: "aide" }), { ...OPTIONS, roles: { aide } }).row,
    );
    expect(rows[1]).toEqual(rows[0]);
    expect(rows[2]).toEqual(rows[0]);
  });

  it("takes a role that OneRoster 1.2 marks as an extension for the one that is named, or named as such", () => {
    const role = (said: string, roles: Record<string, string>) =>
      toEnrollmentRow(enrollment("e", { role: said }), { ...OPTIONS, roles }).row?.role;
    expect(role("ext:aide", { aide: "ta" })).toBe("ta");
    expect(role("ext:Aide", { aide: "ta", "EXT:aide": "Class Helper" })).toBe("Class Helper");
    expect(role("ext:observer", { aide: "ta" })).toBeUndefined();
    expect(role("aide", { "ext:aide": "ta" })).toBeUndefined();
  });

  it.each(["guardian", "administrator", "proctor", "", "students", "constructor", "__proto__", "toString"])(
    "does not enroll the role %j, which nobody named",
    (role) => {
      expect(toEnrollmentRow(enrollment("e", { role }), OPTIONS)).toEqual({ leftOut: "role not enrolled" });
    },
  );

  it("compares the roles of the configuration in any case, and writes Canvas's as it is there", () => {
    const roles = { Proctor: "Exam Watcher", STUDENT: "student" };
    expect(toEnrollmentRow(enrollment("e", { role: "proctor" }), { ...OPTIONS, roles }).row?.role).toBe(
      "Exam Watcher",
    );
    expect(toEnrollmentRow(enrollment("e", { role: "Student" }), { ...OPTIONS, roles }).row?.role).toBe(
      "student",
    );
    expect(toEnrollmentRow(enrollment("e", { role: "teacher" }), { ...OPTIONS, roles }).leftOut).toBe(
      "role not enrolled",
    );
  });

  it("asks each configuration for its own roles", () => {
    const record = enrollment("e", { role: "aide" });
    const asked = ["ta", "designer", "ta"].map(
      (role) => toEnrollmentRow(record, { ...OPTIONS, roles: { aide: role } }).row?.role,
    );
    expect(asked).toEqual(["ta", "designer", "ta"]);
  });

  it.each([
    ["no user", { user: "" }, "user", "names no user"],
    ["no class", { class: "" }, "class", "names no class"],
    ["a NUL in its user", { user: "u\0" }, "user", "NUL"],
    ["a NUL in its class", { class: "c\0" }, "class", "NUL"],
  ])("rejects an enrollment with %s", (_, said, field, reason) => {
    expect(toEnrollmentRow(enrollment("e", said), OPTIONS).reject).toMatchObject({
      sourcedId: "e",
      field,
      reason: expect.stringContaining(reason) as string,
    });
  });

  it("keeps ids as they are", () => {
    const id = fc.string({ unit: "grapheme", minLength: 1 }).filter((value) => !value.includes("\0"));
    fc.assert(
      fc.property(id, id, (user, section) => {
        expect(toEnrollmentRow(enrollment("e", { user, class: section }), OPTIONS).row).toMatchObject({
          user,
          section_id: section,
        });
      }),
    );
  });
});
