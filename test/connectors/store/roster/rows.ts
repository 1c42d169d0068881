/** Rows as the map stage writes them, from the little that a test wants to say. */
import { night, type Night, type Row } from "./night.ts";

export const AUGUST = "2026-08-10T00:00:00Z";
export const JUNE = "2027-06-11T23:59:59Z";

export function account(id: string, more: Row = {}): Row {
  return {
    ...{ source_type: "orgs", source_id: id, account_id: id, parent_account_id: "" },
    ...{ name: `School ${id}`, status: "active", ...more },
  };
}

export function term(id: string, more: Row = {}): Row {
  return {
    ...{ source_type: "academicSessions", source_id: id, term_id: id, name: `Term ${id}`, status: "active" },
    ...{ start_date: AUGUST, end_date: JUNE, ...more },
  };
}

/** The course row of a class. */
export function course(id: string, more: Row = {}): Row {
  return {
    ...{ source_type: "classes", source_id: id, course_id: id, short_name: id, long_name: `Class ${id}` },
    ...{ account_id: "school", term_id: "fall", status: "active", ...more },
  };
}

/** The section row of a class. */
export function section(id: string, more: Row = {}): Row {
  return {
    ...{ source_type: "classes", source_id: id, section_id: id, course_id: id, name: `Class ${id}` },
    ...{ status: "active", start_date: "", end_date: "", ...more },
  };
}

export function user(id: string, more: Row = {}): Row {
  return {
    ...{
      sourced_id: id,
      modified: "2026-09-01T00:00:00.000Z",
      orgs: "school",
      user_id: id,
      login_id: `${id}.login`,
    },
    ...{ first_name: "Ada", last_name: `Of ${id}`, email: "", status: "active", ...more },
  };
}

/** `alice@math`: a student of that class. */
export function enrollment(id: string, more: Row = {}): Row {
  const [person = "", section_id = ""] = id.split("@");
  return {
    ...{ sourced_id: id, modified: "2026-09-01T00:00:00.000Z", section_id, user: person, role: "student" },
    ...{ start_date: "", end_date: "", ...more },
  };
}

export function gone(type: string, id: string, modified = "2026-10-01T00:00:00.000Z"): Row {
  return { type, sourced_id: id, modified, fate: "gone" };
}

export function leftOut(type: string, id: string, reason: string): Row {
  return { type, sourced_id: id, modified: "2026-09-01T00:00:00.000Z", fate: "left-out", reason };
}

export function refused(fate: "malformed" | "unmapped", type: string, id: string, reason: string): Row {
  const modified = fate === "malformed" ? "" : "2026-09-01T00:00:00.000Z";
  return { type, sourced_id: id, modified, fate, field: "somewhere", value: "something", reason };
}

/** One school, one term, the classes math and art with what the parts add to them. */
export function school(parts: Partial<Night> = {}): Night {
  const small = night({
    accounts: [account("school")],
    terms: [term("fall")],
    courses: [course("math"), course("art")],
    sections: [section("math"), section("art")],
  });
  for (const [file, rows] of Object.entries(parts) as [keyof Night, Row[]][])
    small[file] = [...small[file], ...rows];
  return small;
}

/** The values of one column. */
export function column(rows: readonly Row[], name: string): string[] {
  return rows.map((row) => row[name] ?? "");
}

/** `type sourcedId: reason` of each reject. */
export function reasons(rejects: readonly Row[]): string[] {
  return rejects.map(({ type, sourcedId, reason }) => `${type ?? ""} ${sourcedId ?? ""}: ${reason ?? ""}`);
}
