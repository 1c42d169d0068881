/**
 * The members of a line item and of a result: which must be there, and what each must be. Source: OneRoster 1.1,
 * section 4; OneRoster 1.2, Gradebook Service.
 */
import type { OneRosterVersion } from "../options.ts";
import type { Objection } from "./error-shapes.ts";
import type { RecordKind, SentRecord } from "./records.ts";

interface Member {
  /** What it must be, in words. */
  is: string;
  fits: (value: unknown) => boolean;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
const SCORE_STATUS = /^(exempt|fully graded|not submitted|partially graded|submitted|ext:[a-zA-Z0-9.\-_]+)$/;

const text: Member = { is: "a text", fits: (value) => typeof value === "string" };
const filled: Member = {
  is: "a text that is not empty",
  fits: (value) => typeof value === "string" && value.trim() !== "",
};
const number: Member = { is: "a number", fits: (value) => typeof value === "number" };
const list: Member = { is: "a list", fits: Array.isArray };
const object: Member = { is: "an object", fits: isObject };
const instant: Member = {
  is: "an ISO 8601 date-time with a zone",
  fits: (value) => typeof value === "string" && INSTANT.test(value) && !Number.isNaN(Date.parse(value)),
};
const day: Member = {
  is: "a date without a time",
  fits: (value) =>
    typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)),
};
/** OneRoster's booleans are texts since 1.2. */
const flag: Member = { is: '"true" or "false"', fits: (value) => value === "true" || value === "false" };
const status: Member = {
  is: "active or tobedeleted",
  fits: (value) => value === "active" || value === "tobedeleted",
};

const BASE = { sourcedId: filled, status, dateLastModified: instant, metadata: object };
const MEMBERS: Record<RecordKind, Record<string, Member>> = {
  lineItem: {
    ...BASE,
    title: filled,
    description: text,
    assignDate: instant,
    dueDate: instant,
    class: ref("class"),
    school: ref("org"),
    category: ref("category"),
    gradingPeriod: ref("academicSession", "gradingPeriod"),
    academicSession: ref("academicSession"),
    scoreScale: ref("scoreScale"),
    resultValueMin: number,
    resultValueMax: number,
    learningObjectiveSet: list,
  },
  result: {
    ...BASE,
    lineItem: ref("lineItem"),
    student: ref("student", "user"),
    class: ref("class"),
    scoreScale: ref("scoreScale"),
    scoreStatus: { is: "a scoreStatus", fits: (value) => SCORE_STATUS.test(String(value)) },
    score: number,
    textScore: text,
    scoreDate: day,
    comment: text,
    learningObjectiveSet: list,
    inProgress: flag,
    incomplete: flag,
    late: flag,
    missing: flag,
  },
};

/** Of a line item's category and grading period, and of a result's score and date, 1.1's SISs let clients do without. */
const REQUIRED: Record<OneRosterVersion, Record<RecordKind, readonly string[]>> = {
  "1.1": {
    lineItem: ["title", "assignDate", "dueDate", "class", "resultValueMin", "resultValueMax"],
    result: ["lineItem", "student", "scoreStatus"],
  },
  "1.2": {
    lineItem: ["status", "dateLastModified", "title", "assignDate", "dueDate", "class", "school", "category"],
    result: ["status", "dateLastModified", "lineItem", "student", "scoreStatus", "scoreDate"],
  },
};
/** Of references: words of 1.1. */
const NO_TYPES_OF_12 = ["student", "gradingPeriod"];

/** What is wrong with the form of a record; undefined: nothing. */
export function whyMalformed(
  kind: RecordKind,
  body: SentRecord,
  version: OneRosterVersion,
  alsoRequired: readonly string[] = [],
): Objection | undefined {
  for (const name of [...REQUIRED[version][kind], ...alsoRequired]) {
    if (body[name] == null) return invalid(`${kind}.${name} is required`);
  }
  for (const [name, value] of Object.entries(body)) {
    const member = Object.hasOwn(MEMBERS[kind], name) ? MEMBERS[kind][name] : undefined;
    if (member === undefined) return invalid(`${kind} has no ${name}`);
    const isFit = value === null ? version === "1.1" : member.fits(value) && isTypeOf(version, value);
    if (!isFit) return invalid(`${kind}.${name} must be ${member.is}`);
  }
  return undefined;
}

export function isObject(value: unknown): value is SentRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** In 1.2 a student is a `user`, and a grading period an `academicSession`. */
function isTypeOf(version: OneRosterVersion, value: unknown): boolean {
  return version === "1.1" || !isObject(value) || !NO_TYPES_OF_12.includes(String(value["type"]));
}

function ref(...types: string[]): Member {
  return {
    is: `a GUIDRef with an absolute href, a sourcedId and the type ${types.join(" or ")}`,
    fits: (value) =>
      isObject(value) &&
      typeof value["href"] === "string" &&
      URL.canParse(value["href"]) &&
      filled.fits(value["sourcedId"]) &&
      types.includes(String(value["type"])),
  };
}

function invalid(words: string): Objection {
  return { status: 422, code: "invaliddata", words };
}
