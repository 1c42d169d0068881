/** Quirks that change how a record is written, never what it means. */
import type { RawRecord } from "../district/raw-records.ts";
import type { Collection } from "./endpoints.ts";
import type { Quirk } from "./quirks.ts";

type Json = Record<string, unknown>;

/** Changes the record in place; `turn` differs from record to record, so that every variant occurs. */
type Disguise = (record: Json, turn: number, collection: Collection) => void;

const ARRAYS = [
  "grades",
  "subjects",
  "subjectCodes",
  "periods",
  "orgs",
  "roles",
  "agents",
  "terms",
  "children",
];
const DAYS = ["startDate", "endDate", "beginDate", "scoreDate"];
const ENUMERATIONS = ["status", "type", "classType", "role", "scoreStatus"];
const OPTIONAL: Record<Collection, string[]> = {
  orgs: ["identifier", "parent", "children", "metadata"],
  academicSessions: ["parent", "children", "metadata"],
  courses: ["schoolYear", "grades", "subjects", "subjectCodes", "resources", "metadata"],
  classes: [
    "classCode",
    "location",
    "grades",
    "subjects",
    "subjectCodes",
    "periods",
    "resources",
    "metadata",
  ],
  users: [
    "username",
    "middleName",
    "identifier",
    "email",
    "sms",
    "phone",
    "agents",
    "grades",
    "password",
    "metadata",
  ],
  enrollments: ["primary", "beginDate", "endDate", "metadata"],
  demographics: [],
  categories: ["metadata"],
  lineItems: ["description", "category", "gradingPeriod", "metadata"],
  results: ["score", "scoreDate", "comment", "metadata"],
};

/** In the order in which they are applied: one may act on what those before it left. */
const DISGUISES: Partial<Record<Quirk, Disguise>> = {
  "inactive-status": (record) => {
    if (record["status"] === "tobedeleted") record["status"] = "inactive";
  },
  "string-booleans": (record) => {
    eachBoolean(record, (value) => String(value));
  },
  "odd-booleans": (record, turn) => {
    const yes = [true, "true", "True", "TRUE", 1];
    const no = [false, "false", "False", "FALSE", 0];
    eachBoolean(record, (value) => (value ? yes : no)[turn % 5]);
  },
  "day-first-dates": (record) => {
    eachDay(record, (day) =>
      day.replace(/^(\d{4})-(\d\d)-(\d\d)$/, (_, y, m, d) => `${Number(d)}/${m}/${y}`),
    );
  },
  "dates-with-time": (record, turn) => {
    eachDay(record, (day) => [`${day}T00:00:00.000Z`, `${day}T00:00:00`, `${day} 00:00:00`][turn % 3] ?? day);
  },
  "empty-parent": (record, turn, collection) => {
    if (collection !== "orgs" && collection !== "academicSessions") return;
    record["parent"] ??= [{}, "", null, { href: null, sourcedId: "", type: "org" }][turn % 4];
  },
  "numeric-ids": (record) => {
    eachMember(record, (key, value) =>
      (key === "sourcedId" || key === "identifier") && /^[1-9]\d{0,14}$/.test(String(value))
        ? Number(value)
        : value,
    );
  },
  "spaced-ids": (record, turn) => {
    const spaced = (id: string, n: number) => [` ${id}`, `${id} `, `\t${id}  `][n % 3];
    eachMember(record, (key, value) =>
      key === "sourcedId" && typeof value === "string"
        ? spaced(value, turn + (value === record["sourcedId"] ? 0 : 1))
        : value,
    );
  },
  "enum-case": (record, turn) => {
    const written = (value: string) =>
      [value, `${value.slice(0, 1).toUpperCase()}${value.slice(1)}`, value.toUpperCase(), ` ${value} `][
        turn % 4
      ];
    for (const name of ENUMERATIONS) {
      if (typeof record[name] === "string") record[name] = written(record[name]);
    }
  },
  "odd-hrefs": (record, turn) => {
    let n = turn;
    eachMember(record, (key, value) => {
      if (key !== "href" || typeof value !== "string") return value;
      const path = new URL(value).pathname;
      return [path, `~${path}`, `undefined${path}`, null, undefined][n++ % 5];
    });
  },
  "scalar-arrays": (record, turn) => {
    for (const name of ARRAYS) {
      const list = record[name];
      if (!Array.isArray(list)) continue;
      if (list.length === 1) record[name] = list[0] as unknown;
      if (list.length === 0) record[name] = turn % 2 === 0 ? null : undefined;
    }
  },
  "odd-metadata": (record, turn) => {
    const odd = { "x.nothing": null, "x.nested": { deep: [1, { er: true }] }, "x.text": "…".repeat(400) };
    const own = record["metadata"];
    if (own != null) record["metadata"] = { ...odd, ...own };
    else record["metadata"] = [null, "", [], "n/a", odd][turn % 5];
  },
  "null-members": (record, _turn, collection) => {
    for (const name of OPTIONAL[collection]) record[name] ??= null;
  },
};

/** The record as a SIS with these quirks writes it; the record itself where none of them concerns records. */
export function disguise(record: RawRecord, collection: Collection, quirks: ReadonlySet<Quirk>): object {
  const chosen = Object.entries(DISGUISES).filter(([quirk]) => quirks.has(quirk as Quirk));
  if (chosen.length === 0) return record;
  const copy = JSON.parse(JSON.stringify(record)) as Json;
  const turn = Buffer.from(record.sourcedId).reduce((sum, byte) => sum + byte, 0);
  for (const [, change] of chosen) change(copy, turn, collection);
  return copy;
}

function eachBoolean(record: Json, write: (value: boolean) => unknown): void {
  for (const [name, value] of Object.entries(record))
    if (typeof value === "boolean") record[name] = write(value);
}

function eachDay(record: Json, write: (day: string) => string): void {
  for (const name of DAYS) if (typeof record[name] === "string") record[name] = write(record[name]);
}

/** Every member of the record and of what it holds. */
function eachMember(holder: Json, write: (key: string, value: unknown) => unknown): void {
  for (const [key, value] of Object.entries(holder)) {
    if (typeof value === "object" && value !== null) eachMember(value as Json, write);
    else holder[key] = write(key, value);
  }
}
