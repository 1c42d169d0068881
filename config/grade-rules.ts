/** What the schema cannot say of `grades`: templates that name nothing, and choices that contradict each other. */
import { nearest } from "./nearest.ts";
import { type Path, type Problem, valueAt } from "./problem.ts";
import { checkTemplate, type TemplateUse } from "./template-names.ts";

const RECORDS = ["lineItem", "result"] as const;

/** By these the SIS and the ledger know a record again; a template would make another record of it. */
const OWN_FIELDS: Record<(typeof RECORDS)[number], readonly string[]> = {
  lineItem: ["sourcedId", "dateLastModified"],
  result: ["sourcedId", "dateLastModified", "lineItem"],
};

/** The fields of OneRoster 1.1 and 1.2, LineItem and Result. */
const FIELDS: Record<(typeof RECORDS)[number], readonly string[]> = {
  lineItem: words(
    "sourcedId status dateLastModified metadata title description assignDate dueDate class school category gradingPeriod " +
      "academicSession scoreScale resultValueMin resultValueMax learningObjectiveSet",
  ),
  result: words(
    "sourcedId status dateLastModified metadata lineItem student class scoreScale scoreStatus score textScore scoreDate " +
      "comment learningObjectiveSet inProgress incomplete late missing",
  ),
};

/** Every template of `grades` can be read, and speaks only of what is known where it is used. */
export function templateNames(tree: unknown): Problem[] {
  const filter: Path = ["grades", "categories", "filter"];
  return [
    ...RECORDS.flatMap((record) =>
      ["values", "metadata"].flatMap((kind) =>
        entriesAt(tree, ["grades", record, kind]).flatMap(({ path, value }) =>
          badTemplate(path, value, record),
        ),
      ),
    ),
    ...badTemplate(filter, valueAt(tree, filter), "categoryFilter"),
  ];
}

function badTemplate(path: Path, template: unknown, use: TemplateUse): Problem[] {
  const message = checkTemplate(template, use);
  return message === undefined ? [] : [{ path, at: "value", message }];
}

/** Fields are given as paths, `class.href`; a field is either left out or given a value. */
export function shapedFields(tree: unknown): Problem[] {
  return RECORDS.flatMap((record): Problem[] => {
    const omitted = entriesAt(tree, ["grades", record, "omit"]);
    const omits = new Set(omitted.map(({ value }) => value));
    const valued = entriesAt(tree, ["grades", record, "values"]);
    const known = [...FIELDS[record], ...valued.map(({ field }) => firstName(field))];
    return [
      ...omitted.flatMap(({ path, value }): Problem[] => {
        const message = typeof value === "string" ? badOmission(value, known) : undefined;
        return message === undefined ? [] : [{ path, at: "value", message }];
      }),
      ...valued.flatMap(({ path, field }): Problem[] => {
        const message = badValueField(field, OWN_FIELDS[record], omits);
        return message === undefined ? [] : [{ path, at: "key", message }];
      }),
    ];
  });
}

const NO_FIELD = "is no field such as description or class.href";

function badOmission(field: string, known: readonly string[]): string | undefined {
  if (!isFieldPath(field)) return NO_FIELD;
  if (known.includes(firstName(field))) return undefined;
  const meant = nearest(firstName(field), known);
  return `is no field of such a record${meant === undefined ? "" : `; did you mean ${meant}?`}`;
}

function badValueField(
  field: string,
  own: readonly string[],
  omits: ReadonlySet<unknown>,
): string | undefined {
  const name = firstName(field);
  if (!isFieldPath(field)) return NO_FIELD;
  if (own.includes(name))
    return "is how records are known again, and cannot be replaced; omit can leave it out";
  if (omits.has(field) || omits.has(name))
    return "is left out by omit, so that this value would never be sent";
  return undefined;
}

function firstName(field: string): string {
  return field.split(".")[0] ?? "";
}

function words(text: string): string[] {
  return text.split(" ");
}

function isFieldPath(field: string): boolean {
  return field.split(".").every((name) => name.trim() !== "" && name !== "__proto__");
}

/** A choice of category that can never be made would refuse every assignment of the institution. */
export function categoryChoice(tree: unknown): Problem[] {
  const categories: Path = ["grades", "categories"];
  const said = (key: string) => valueAt(tree, [...categories, key]);
  if (said("override") != null) return [];
  const path: Path = [...categories, "whenUnmatched"];
  if (said("whenUnmatched") === "default" && said("default") == null) {
    const message = "is default, which needs the sourcedId of a category under grades.categories.default";
    return [{ path, at: "value", message }];
  }
  if (said("lookup") === "none" && (said("whenUnmatched") ?? "error") === "error") {
    const message =
      'is none, so that every assignment is without a match and refused; set whenUnmatched to default or "null", or override';
    return [{ path: [...categories, "lookup"], at: "value", message }];
  }
  return [];
}

interface Entry {
  path: Path;
  /** The key, or the place in a list. */
  field: string;
  value: unknown;
}

function entriesAt(tree: unknown, path: Path): Entry[] {
  const written = valueAt(tree, path);
  if (typeof written !== "object" || written === null) return [];
  const isList = Array.isArray(written);
  return Object.entries(written).map(([field, value]: [string, unknown]) => ({
    path: [...path, isList ? Number(field) : field],
    field,
    value,
  }));
}
