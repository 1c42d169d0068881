/**
 * Every key of rosterbridge.yaml: its type, default and meaning. The loader, the JSON Schema and
 * docs/configuration.md are all made from this one place; the sections are in schema/.
 */
import { z } from "zod";
import { Delivery } from "./schema/delivery.ts";
import { Grades } from "./schema/grades.ts";
import { Notify } from "./schema/notify.ts";
import { Roster } from "./schema/roster.ts";
import { Source } from "./schema/source.ts";
import { calendarDay, text, whole } from "./schema/values.ts";

export { Delivery, type DeliveryConfig, type SftpConfig } from "./schema/delivery.ts";
export { Grades } from "./schema/grades.ts";
export { PACKAGE_FILES, Roster, type RosterConfig } from "./schema/roster.ts";
export {
  type AuthConfig,
  COLLECTION_NAMES,
  type CollectionName,
  type RestSourceConfig,
  Source,
  type SourceConfig,
} from "./schema/source.ts";

export const Institution = z.strictObject({
  id: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
      "must be letters, digits, dots, dashes and underscores, the first a letter or digit",
    )
    .meta({ description: "Short id of the institution, such as oakdale; part of package names and locks." }),
  name: text.meta({ description: "Its name, for people." }),
  timezone: z
    .string()
    .refine(isTimeZone, "is not a time zone; use an IANA name such as America/Los_Angeles")
    .meta({ description: "IANA time zone in which days begin and end, such as America/Los_Angeles." }),
});

const Pause = z.strictObject({
  from: calendarDay.meta({ description: "First day, in the institution's time zone." }),
  to: calendarDay.meta({ description: "Last day." }),
  jobs: z
    .array(z.enum(["roster", "grades"]))
    .default(["roster", "grades"])
    .meta({ description: "Jobs that pause." }),
  reason: z.string().default("").meta({ description: "Why, for the log." }),
});

const Retention = z.strictObject({
  runs: whole.min(1).default(30).meta({ description: "How many run folders are kept." }),
});

export const Config = z.strictObject({
  institution: Institution.meta({ description: "Whose night it is." }),
  state: text
    .default("./var")
    .meta({ description: "Folder of runs, ledger and locks; it holds student data." }),
  source: Source,
  roster: Roster.prefault({}).meta({ description: "How rosters become Canvas files." }),
  pauses: z
    .array(Pause)
    .default([])
    .meta({ description: "Days on which jobs do nothing, such as a summer rollover." }),
  delivery: Delivery,
  grades: Grades.optional().meta({
    description: "Grade passback to the SIS; without this section the grades job has nothing to do.",
  }),
  notify: z.array(Notify).default([]).meta({ description: "Who is told how a run ended." }),
  retention: Retention.prefault({}).meta({ description: "What is kept, and for how long." }),
});

export type Config = z.output<typeof Config>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return !/^[+-]/.test(name);
  } catch {
    return false;
  }
}
