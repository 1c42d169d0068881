/**
 * Every key of rosterbridge.yaml: its type, default and meaning. The loader, the JSON Schema and
 * docs/configuration.md are all made from this one place.
 */
import { z } from "zod";
import { Secret } from "./secret.ts";

const text = z.string().trim().min(1);
const whole = z.number().int();
const sourcedIds = z.array(z.union([text, whole.transform(String)]));

const secret = z
  .union([z.strictObject({ env: text }), z.strictObject({ file: text })])
  .transform((place) => new Secret(place))
  .meta({ id: "secret" });

const calendarDay = z.iso.date();

export const Institution = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "letters, digits, dots, dashes and underscores only")
    .meta({ description: "Short id of the institution; part of package names and locks." }),
  name: text.meta({ description: "Its name, for people." }),
  timezone: z
    .string()
    .refine(isTimeZone, "not a time zone; use an IANA name such as America/Los_Angeles")
    .meta({ description: "IANA time zone in which days begin and end, such as America/Los_Angeles." }),
});

const OAuth1 = z.strictObject({
  kind: z.literal("oauth1").meta({ description: "OAuth 1.0a, two-legged: every request is signed." }),
  key: z.union([text, secret]).meta({ description: "Consumer key." }),
  secret: secret.meta({ description: "Consumer secret." }),
  signature: z
    .enum(["HMAC-SHA256", "HMAC-SHA1"])
    .default("HMAC-SHA256")
    .meta({ description: "Signature method that the SIS accepts." }),
});

const OAuth2 = z.strictObject({
  kind: z.literal("oauth2").meta({ description: "OAuth 2 client credentials." }),
  tokenUrl: z.url().meta({ description: "Where tokens are had; it cannot be derived from `url`." }),
  key: z.union([text, secret]).meta({ description: "Client id." }),
  secret: secret.meta({ description: "Client secret." }),
  scopes: z.array(text).default([]).meta({ description: "Scopes to ask for; none: the SIS decides." }),
  credentialsIn: z
    .enum(["basic", "body"])
    .default("basic")
    .meta({ description: "Where the token request carries key and secret: Basic header or form body." }),
});

const Bearer = z.strictObject({
  kind: z.literal("bearer").meta({ description: "A fixed token that does not expire." }),
  token: secret.meta({ description: "The token." }),
});

export const COLLECTION_NAMES = [
  "orgs",
  "schools",
  "academicSessions",
  "terms",
  "gradingPeriods",
  "courses",
  "classes",
  "users",
  "students",
  "teachers",
  "enrollments",
  "demographics",
] as const;
export type CollectionName = (typeof COLLECTION_NAMES)[number];
const collection = z.enum(COLLECTION_NAMES);

const everySource = {
  profile: z
    .enum(["generic", "qmlativ", "q", "classlink"])
    .default("generic")
    .meta({ description: "Which SIS: sets defaults under what this file says." }),
  version: z
    .enum(["1.1", "1.2"])
    .default("1.1")
    .meta({ description: "OneRoster version that the SIS speaks." }),
  schools: sourcedIds.default([]).meta({ description: "sourcedIds of the schools to take; empty: all." }),
  endDates: z
    .enum(["inclusive", "exclusive"])
    .default("inclusive")
    .meta({ description: "Whether an endDate of the SIS is the last day itself, or the day after it." }),
  rejectTolerancePercent: z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .meta({ description: "Rejected records above this share of a type end the night with code 3." }),
};

const RestSource = z.strictObject({
  kind: z.literal("oneroster-rest").meta({ description: "OneRoster over HTTP." }),
  ...everySource,
  url: z.url().meta({
    description: "OneRoster root of the SIS, such as https://sis.example.org/ims/oneroster/v1p1.",
  }),
  gradebookUrl: z
    .url()
    .nullable()
    .default(null)
    .meta({ description: "Root of line items and results, where they live elsewhere." }),
  auth: z.discriminatedUnion("kind", [OAuth1, OAuth2, Bearer]).meta({ description: "How the SIS knows us." }),
  headers: z
    .record(text, z.union([z.string(), secret]))
    .default({})
    .meta({ description: "Extra headers of every request; values may be secrets." }),
  service: z
    .enum(["bulk", "per-school"])
    .default("bulk")
    .meta({ description: "Whole collections, or the /schools/{id}/… endpoints school by school." }),
  pageSize: whole.min(1).max(50_000).default(1000).meta({ description: "Records to ask for in a page." }),
  concurrency: whole.min(1).max(64).default(6).meta({ description: "Requests in flight, in all." }),
  pageConcurrency: whole
    .min(1)
    .max(64)
    .default(6)
    .meta({ description: "Of them, pages of one collection; 1: one after the other." }),
  requestsPerSecond: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .meta({ description: "Cap on the request rate; null: none." }),
  timeoutSeconds: z.number().positive().max(3600).default(60).meta({
    description: "How long one request may take, to connect, to answer, and between two pieces of its body.",
  }),
  retries: whole
    .min(0)
    .max(20)
    .default(5)
    .meta({ description: "How often a failed request is tried again." }),
  exclude: z
    .array(collection)
    .default([])
    .meta({ description: "Collections not to ask for, where the SIS does not have them or they fail." }),
  filters: z
    .partialRecord(collection, text)
    .default({})
    .meta({ description: "Collection → OneRoster filter, such as `status='active'`." }),
});

const CsvSource = z.strictObject({
  kind: z.literal("oneroster-csv").meta({ description: "OneRoster CSV files." }),
  ...everySource,
  path: text.meta({ description: "Folder or zip with the OneRoster CSV files." }),
});

export const Source = z
  .discriminatedUnion("kind", [RestSource, CsvSource])
  .meta({ description: "Where rosters come from." });

const USER_FIELD = /^(sourcedId|identifier|username|email|userIds\.\S+|metadata\.\S+)$/;
const userField = z
  .string()
  .regex(USER_FIELD, "one of sourcedId, identifier, username, email, userIds.TYPE, metadata.NAME");

const removal = {
  users: z.enum(["suspend", "delete", "keep"]).default("suspend").meta({ description: "Users." }),
  enrollments: z
    .enum(["delete", "complete", "inactivate", "keep"])
    .default("delete")
    .meta({ description: "Enrollments." }),
  sections: z.enum(["delete", "keep"]).default("delete").meta({ description: "Sections." }),
  courses: z.enum(["keep", "delete", "complete"]).default("keep").meta({ description: "Courses." }),
  accounts: z.enum(["keep", "delete"]).default("keep").meta({ description: "Accounts." }),
  terms: z.enum(["keep", "delete"]).default("keep").meta({ description: "Terms." }),
};

export const PACKAGE_FILES = ["accounts", "terms", "courses", "sections", "users", "enrollments"] as const;

export const Roster = z.strictObject({
  accounts: z
    .strictObject({
      types: z
        .array(z.enum(["department", "school", "district", "local", "state", "national"]))
        .default(["school"])
        .meta({ description: "Types of orgs that become sub-accounts." }),
    })
    .prefault({}),
  terms: z
    .strictObject({
      pick: z
        .enum(["covering", "first", "last", "longest", "schoolYear"])
        .default("covering")
        .meta({ description: "Which session is the term of a class that has several." }),
      merge: z
        .strictObject({
          pattern: z
            .string()
            .refine(isTermPattern, "a regular expression with a group named term: (?<term>…)")
            .meta({
              description: "Regular expression over a session's sourcedId; its group `term` is the term_id.",
            }),
        })
        .optional()
        .meta({ description: "Makes one term of the sessions that schools have for the same time." }),
    })
    .prefault({}),
  courses: z
    .strictObject({
      identity: z
        .enum(["class", "course-term"])
        .default("class")
        .meta({ description: "One Canvas course a class, or one a course and term." }),
    })
    .prefault({}),
  sections: z
    .strictObject({
      dates: z
        .enum(["none", "term"])
        .default("none")
        .meta({ description: "Whether sections carry the dates of their term." }),
    })
    .prefault({}),
  users: z
    .strictObject({
      id: userField.default("sourcedId").meta({ description: "Field that becomes user_id." }),
      login: userField.default("username").meta({ description: "Field that becomes login_id." }),
      include: z
        .enum(["enrolled", "all"])
        .default("enrolled")
        .meta({ description: "Only users with an enrollment in the package, or all." }),
      authenticationProvider: z
        .union([text, whole.transform(String)])
        .nullable()
        .default(null)
        .meta({ description: "authentication_provider_id of every user: a type such as saml, or a number." }),
      integrationId: userField
        .nullable()
        .default(null)
        .meta({ description: "Field that becomes integration_id; null: no such column." }),
    })
    .prefault({}),
  enrollments: z
    .strictObject({
      roles: z
        .record(text, text)
        .default({ student: "student", teacher: "teacher", aide: "ta" })
        .meta({ description: "OneRoster role → Canvas role; a role not named is not enrolled." }),
    })
    .prefault({}),
  observers: z.boolean().default(false).meta({ description: "Guardians as users, and user_observers.csv." }),
  missing: z.strictObject(removal).prefault({}).meta({
    description: "What Canvas is told of rows that were delivered last night and are gone tonight.",
  }),
  repeatMissingNights: whole
    .min(1)
    .max(30)
    .default(3)
    .meta({ description: "How many delivered nights such a row is sent." }),
  guard: z
    .strictObject({
      maxRemovedPercent: z
        .number()
        .min(0)
        .max(100)
        .default(10)
        .meta({ description: "Of a file's rows, and of any one school's rows." }),
      minRowsForPercent: whole
        .min(0)
        .default(50)
        .meta({ description: "Under this many rows the percentage does not apply." }),
      maxRemovedRows: whole
        .min(0)
        .nullable()
        .default(null)
        .meta({ description: "Of any file; null: no limit." }),
      requireFiles: z
        .array(z.enum(PACKAGE_FILES))
        .default(["users", "courses", "sections", "enrollments"])
        .meta({ description: "Files that must have rows." }),
    })
    .prefault({})
    .meta({ description: "Over any of these the night is held, with code 4." }),
});

const Pause = z.strictObject({
  from: calendarDay.meta({ description: "First day, YYYY-MM-DD." }),
  to: calendarDay.meta({ description: "Last day, YYYY-MM-DD." }),
  jobs: z
    .array(z.enum(["roster", "grades"]))
    .default(["roster", "grades"])
    .meta({ description: "Jobs that pause." }),
  reason: z.string().default("").meta({ description: "Why, for the log." }),
});

const SftpDelivery = z.strictObject({
  kind: z.literal("sftp").meta({ description: "The Canvas CSV Gateway, or any SFTP server." }),
  host: text.meta({ description: "Host name." }),
  port: whole.min(1).max(65_535).default(22).meta({ description: "Port." }),
  username: text.meta({ description: "User name." }),
  privateKey: secret.optional().meta({ description: "Private key; and/or password." }),
  passphrase: secret.optional().meta({ description: "Passphrase of the private key." }),
  password: secret.optional().meta({ description: "Password; and/or private key." }),
  hostKey: z
    .union([hostKey(), z.array(hostKey()).min(1)])
    .meta({ description: "SHA256 fingerprint of the server's host key, or several." }),
  path: text.default("/").meta({ description: "Folder on the server." }),
});

const DirectoryDelivery = z.strictObject({
  kind: z.literal("directory").meta({ description: "A folder of this machine." }),
  path: text.meta({ description: "The folder." }),
});

const CanvasDelivery = z.strictObject({
  kind: z.literal("canvas-api").meta({ description: "Canvas's SIS import API." }),
  url: z.url().meta({ description: "Canvas, such as https://oakdale.instructure.com." }),
  token: secret.meta({ description: "Access token." }),
  account: text.default("self").meta({ description: "Account id." }),
});

const everyDelivery = {
  fileName: z
    .string()
    .regex(/^(?!\.)[^/\\]+\.zip$/i, "a file name that ends in .zip, without folders")
    .refine((name) => !/\{(?!institution\}|run\})/.test(name), "only {institution} and {run} are known")
    .default("{institution}-{run}.zip")
    .meta({ description: "Name of the package there; {institution} and {run} are filled in." }),
  mode: z
    .enum(["full", "diffing", "changes"])
    .default("full")
    .meta({ description: "Every row, every row for the gateway's diffing directory, or only what differs." }),
};

export const Delivery = z
  .discriminatedUnion("kind", [
    SftpDelivery.extend(everyDelivery),
    DirectoryDelivery.extend(everyDelivery),
    CanvasDelivery.extend(everyDelivery),
  ])
  .meta({ description: "Where the package goes." });

const template = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const templates = z.record(text, template).default({});

const GradeSource = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("canvas-api").meta({ description: "Canvas's SIS assignments and submissions API." }),
    url: z.url().meta({ description: "Canvas, such as https://oakdale.instructure.com." }),
    token: secret.meta({ description: "Access token." }),
    account: text.default("self").meta({ description: "Account id." }),
  }),
  z.strictObject({
    kind: z.literal("gradebook-csv").meta({ description: "Gradebook exports." }),
    path: text.meta({ description: "Folder of the exports." }),
  }),
  z.strictObject({
    kind: z.literal("grade-export").meta({ description: "Grade Export account reports." }),
    path: z.union([text, SftpDelivery]).meta({ description: "Folder of the reports, or an sftp place." }),
  }),
  z.strictObject({
    kind: z.literal("canvas-data").meta({ description: "DAP table extracts." }),
    path: text.meta({ description: "Folder of the extracts." }),
  }),
]);

export const Grades = z.strictObject({
  source: GradeSource.meta({ description: "Where grades come from." }),
  endpoints: z
    .enum(["standard", "modified"])
    .default("standard")
    .meta({ description: "Who gives sourcedIds: rosterbridge, or the SIS." }),
  sourcedId: z
    .enum(["uuid4", "uuid5"])
    .default("uuid4")
    .meta({ description: "Random and kept, or derived and the same again after a lost ledger." }),
  categories: z
    .strictObject({
      lookup: z
        .enum(["all", "per-class", "filter", "none"])
        .default("all")
        .meta({ description: "How the SIS's categories are asked for." }),
      whenUnmatched: z
        .enum(["error", "default", "null"])
        .default("error")
        .meta({ description: "What to do when no category has the assignment group's name." }),
      default: text.nullable().default(null).meta({ description: "sourcedId of the default category." }),
      override: text
        .nullable()
        .default(null)
        .meta({ description: 'sourcedId of the category always sent, or "null".' }),
      sticky: z
        .boolean()
        .default(false)
        .meta({ description: "Whether a category that somebody gave a line item in the SIS stays." }),
      filter: text
        .default("metadata.classId='{class.sourcedId}'")
        .meta({ description: "Filter of `lookup: filter`." }),
    })
    .prefault({}),
  gradingPeriod: z
    .enum(["null", "omit", "by-due-date"])
    .default("null")
    .meta({ description: "gradingPeriod of line items." }),
  lineItem: z
    .strictObject({
      omit: z.array(text).default([]).meta({ description: "Fields not to send." }),
      values: templates.meta({ description: "Field → template over Canvas's own data." }),
      metadata: templates.meta({ description: "Metadata field → template over Canvas's own data." }),
      titleMaxLength: whole
        .min(8)
        .nullable()
        .default(null)
        .meta({ description: "Longest title; null: no limit." }),
    })
    .prefault({}),
  result: z
    .strictObject({
      omit: z.array(text).default([]).meta({ description: "Fields not to send." }),
      values: templates.meta({ description: "Field → template over Canvas's own data." }),
      metadata: templates.meta({ description: "Metadata field → template over Canvas's own data." }),
      negative: z.enum(["send", "zero", "skip"]).default("send").meta({ description: "Scores under 0." }),
      overMax: z
        .enum(["send", "cap", "skip"])
        .default("send")
        .meta({ description: "Scores over the maximum." }),
      exemptScore: z
        .enum(["null", "zero", "omit"])
        .default("null")
        .meta({ description: "Score of excused work." }),
      comment: z.boolean().default(false).meta({ description: "Whether comments are sent." }),
      scoreDate: z.boolean().default(false).meta({ description: "Whether scoreDate is sent." }),
      unposted: z
        .enum(["skip", "send"])
        .default("skip")
        .meta({ description: "Grades not yet posted in Canvas." }),
    })
    .prefault({}),
  whenCleared: z
    .enum(["keep", "clear", "delete"])
    .default("keep")
    .meta({ description: "What becomes of a score taken back in Canvas." }),
  courseGrades: z
    .strictObject({
      enabled: z.boolean().default(false).meta({ description: "Whether course totals are sent." }),
      title: text.default("Canvas course grade").meta({ description: "Title of their line item." }),
      score: z
        .enum(["final", "current", "unposted-current", "unposted-final"])
        .default("final")
        .meta({ description: "Which total." }),
    })
    .prefault({}),
  concurrency: whole.min(1).max(64).default(6).meta({ description: "Requests in flight." }),
});

const notifyOn = z
  .array(z.enum(["failed", "held", "partial", "ok"]))
  .default(["failed", "held", "partial"])
  .meta({ description: "Outcomes that are told." });

const Notify = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("email").meta({ description: "By SMTP." }),
    on: notifyOn,
    host: text.meta({ description: "SMTP server." }),
    port: whole.min(1).max(65_535).default(587).meta({ description: "Port." }),
    secure: z.boolean().default(false).meta({ description: "TLS from the first byte (port 465)." }),
    username: text.optional().meta({ description: "User name." }),
    password: secret.optional().meta({ description: "Password." }),
    from: text.meta({ description: "Sender." }),
    to: z.union([text, z.array(text).min(1)]).meta({ description: "Recipients." }),
  }),
  z.strictObject({
    kind: z.literal("webhook").meta({ description: "By HTTP POST." }),
    on: notifyOn,
    url: z.union([z.url(), secret]).meta({ description: "Where to; often a secret itself." }),
    format: z.enum(["json", "slack", "teams"]).default("json").meta({ description: "Shape of the body." }),
  }),
]);

export const Config = z.strictObject({
  institution: Institution.meta({ description: "Whose night it is." }),
  state: text.default("./var").meta({ description: "Folder of runs, ledger and locks." }),
  source: Source,
  roster: Roster.prefault({}).meta({ description: "How rosters become Canvas files." }),
  pauses: z.array(Pause).default([]).meta({ description: "Days on which jobs do nothing." }),
  delivery: Delivery,
  grades: Grades.optional().meta({ description: "Grade passback; without it `grades` does nothing." }),
  notify: z.array(Notify).default([]).meta({ description: "Who is told how a run ended." }),
  retention: z
    .strictObject({
      runs: whole.min(1).default(30).meta({ description: "How many runs are kept." }),
    })
    .prefault({}),
});

export type Config = z.output<typeof Config>;
export type SourceConfig = z.output<typeof Source>;
export type RestSourceConfig = z.output<typeof RestSource>;
export type AuthConfig = RestSourceConfig["auth"];
export type RosterConfig = z.output<typeof Roster>;
export type DeliveryConfig = z.output<typeof Delivery>;
export type SftpConfig = z.output<typeof SftpDelivery>;

function hostKey() {
  return z
    .string()
    .regex(
      /^SHA256:[A-Za-z0-9+/]{43}=?$/,
      "a fingerprint such as ssh-keygen -lf prints: SHA256: and 43 characters",
    );
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return !/^[+-]/.test(name);
  } catch {
    return false;
  }
}

function isTermPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, "u");
    return pattern.includes("(?<term>");
  } catch {
    return false;
  }
}
