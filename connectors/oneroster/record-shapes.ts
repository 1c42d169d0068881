/**
 * The least that each kind of record must look like to be read at all. Only shapes, without transforms: that
 * is four times as fast, and every record of a district passes here. Optional members that providers
 * malform (parent, metadata, arrays) are left open and made plain afterwards.
 */
import { z } from "zod";
import type { RecordType } from "./records.ts";

const textual = z.union([z.string(), z.number()]);
const reference = z.union([z.object({ sourcedId: textual }), textual]);
const open = z.unknown().optional();
const base = { sourcedId: textual, status: z.string().nullish(), dateLastModified: open };
const optionalDay = z.string().nullish();

export const SHAPES = {
  orgs: z.object({ ...base, name: open, type: z.string().nullish(), identifier: open, parent: open }),
  academicSessions: z.object({
    ...base,
    title: open,
    type: z.string().nullish(),
    startDate: z.string(),
    endDate: z.string(),
    parent: open,
  }),
  courses: z.object({ ...base, title: open, courseCode: open, org: open }),
  classes: z.object({ ...base, title: open, classCode: open, course: open, school: reference, terms: open }),
  users: z.object({
    ...base,
    username: open,
    userIds: open,
    enabledUser: open,
    givenName: open,
    familyName: open,
    identifier: open,
    email: open,
    orgs: open,
    metadata: open,
  }),
  enrollments: z.object({
    ...base,
    user: reference,
    class: reference,
    role: z.string(),
    beginDate: optionalDay,
    endDate: optionalDay,
  }),
} satisfies Record<RecordType, z.ZodType>;

export type Shape<T extends RecordType> = z.output<(typeof SHAPES)[T]>;
export type BaseShape = Pick<Shape<RecordType>, keyof typeof base>;

/** What a member was expected to be, for the reason of a reject. */
export const EXPECTED: Record<string, string> = {
  sourcedId: "is missing or not text",
  status: "is not text",
  type: "is not text",
  role: "is missing or not text",
  user: "is no reference with a sourcedId",
  class: "is no reference with a sourcedId",
  school: "is no reference with a sourcedId",
  startDate: "is missing or not text",
  endDate: "is missing or not text",
  beginDate: "is not text",
};
