/** `grades`: which grades are posted to the SIS, and in what form. */
import { z } from "zod";
import { SftpPlace } from "./delivery.ts";
import { httpUrl, idText, secret, text, whole } from "./values.ts";

const template = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const templates = z.record(text, template).default({});

const GradeSource = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("canvas-api").meta({ description: "Canvas's SIS assignments and submissions API." }),
    url: httpUrl.meta({ description: "Canvas, such as https://oakdale.instructure.com." }),
    token: secret.meta({ description: "Access token of an admin who may read all grades." }),
    account: idText.prefault("self").meta({ description: "Canvas account id; `self` is the token's own." }),
  }),
  z.strictObject({
    kind: z.literal("gradebook-csv").meta({ description: "Gradebook exports of instructors." }),
    path: text.meta({ description: "Folder of the exports." }),
  }),
  z.strictObject({
    kind: z.literal("grade-export").meta({
      description: "Canvas's Grade Export account reports (grade_export_csv, mgp_grade_export_csv).",
    }),
    path: z.union([text, SftpPlace]).meta({
      description: "Folder of the reports, or an SFTP place with the keys of `delivery` with `kind: sftp`.",
    }),
  }),
  z.strictObject({
    kind: z.literal("canvas-data").meta({ description: "Canvas Data 2 (DAP) table extracts." }),
    path: text.meta({ description: "Folder of the extracts." }),
  }),
]);

const Categories = z.strictObject({
  lookup: z.enum(["all", "per-class", "filter", "none"]).default("all").meta({
    description:
      "How the SIS's categories are asked for: all at once, class by class, by a filter, not at all.",
  }),
  whenUnmatched: z.enum(["error", "default", "null"]).default("error").meta({
    description:
      "When no category has the assignment group's name: report the assignment, send the default category, or send none. Where no group is known (Gradebook exports, course grades) `error` sends none, and what a line item has in the SIS stays.",
  }),
  default: idText.nullable().prefault(null).meta({ description: "sourcedId of the default category." }),
  override: idText.nullable().prefault(null).meta({
    description: 'sourcedId of a category that is always sent; "null" in quotes: always send none.',
  }),
  sticky: z
    .boolean()
    .default(false)
    .meta({ description: "Whether a category that somebody gave a line item in the SIS stays." }),
  filter: text
    .default("metadata.classId='{class.sourcedId}'")
    .meta({ description: "OneRoster filter of `lookup: filter`." }),
});

/** What every kind of record that we send can be told to leave out, replace or add. */
const shaping = {
  omit: z.array(text).default([]).meta({ description: "Fields not to send." }),
  values: templates.meta({
    description:
      "Field → template over Canvas's own data, such as `{assignment.name}`, instead of the default.",
  }),
  metadata: templates.meta({ description: "Metadata field → template, to add." }),
};

const LineItem = z.strictObject({
  ...shaping,
  titleMaxLength: whole.min(8).nullable().default(null).meta({
    description: "Longest title in characters; longer ones are cut without two becoming one. null: no limit.",
  }),
});

const Result = z.strictObject({
  ...shaping,
  negative: z
    .enum(["send", "zero", "skip"])
    .default("send")
    .meta({ description: "Scores under 0: as they are, as 0, or not at all." }),
  overMax: z
    .enum(["send", "cap", "skip"])
    .default("send")
    .meta({ description: "Scores over the maximum: as they are, as the maximum, or not at all." }),
  exemptScore: z
    .enum(["null", "zero", "omit"])
    .default("null")
    .meta({ description: "Score of excused work: null, 0, or no score field." }),
  comment: z.boolean().default(false).meta({ description: "Whether comments are sent." }),
  scoreDate: z.boolean().default(false).meta({ description: "Whether scoreDate is sent." }),
  unposted: z
    .enum(["skip", "send"])
    .default("skip")
    .meta({ description: "Grades that the instructor has not posted to students yet." }),
});

const CourseGrades = z.strictObject({
  enabled: z.boolean().default(false).meta({
    description:
      "Whether course totals are sent; the source `grade-export` is there for nothing else, and no other has them.",
  }),
  title: text.default("Canvas course grade").meta({ description: "Title of their line item." }),
  score: z
    .enum(["final", "current", "unposted-current", "unposted-final"])
    .default("final")
    .meta({ description: "Which total: `final` counts missing work as 0, `current` leaves it out." }),
});

export const Grades = z.strictObject({
  source: GradeSource.meta({ description: "Where grades come from." }),
  endpoints: z
    .enum(["standard", "modified"])
    .default("standard")
    .meta({ description: "Who gives line items and results their sourcedIds: rosterbridge, or the SIS." }),
  sourcedId: z.enum(["uuid4", "uuid5"]).default("uuid4").meta({
    description: "Random and kept in the ledger, or derived and so the same again after a lost ledger.",
  }),
  categories: Categories.prefault({}),
  gradingPeriod: z.enum(["null", "omit", "by-due-date"]).default("null").meta({
    description: "gradingPeriod of line items: null, not sent, or the SIS's own by the due date.",
  }),
  lineItem: LineItem.prefault({}),
  result: Result.prefault({}),
  whenCleared: z
    .enum(["keep", "clear", "delete"])
    .default("keep")
    .meta({ description: "What becomes of a score in the SIS that was taken back in Canvas." }),
  courseGrades: CourseGrades.prefault({}),
  bulk: z.boolean().default(false).meta({
    description:
      "Whether new line items and results are posted in sets (OneRoster 1.2: postLineItemsForClass, postResultsForLineItem), which the SIS must offer.",
  }),
  concurrency: whole.min(1).max(64).default(6).meta({ description: "Requests in flight at the same time." }),
});
