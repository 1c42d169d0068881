/**
 * OneRoster filters (OneRoster 1.1 §3.4.3): `field predicate 'value'`, two of them joined by one AND or OR.
 * Evaluated here too, because providers refuse them, ignore them or answer them with nothing. Leniently:
 * whether a SIS minds case is not laid down anywhere, and a record too many does less harm than one too few.
 */
import { Failure } from "../../config/failure.ts";

type Predicate = "=" | "!=" | ">" | ">=" | "<" | "<=" | "~";

export interface FilterClause {
  /** Dotted: `class.sourcedId`, `metadata.x`. */
  field: string;
  predicate: Predicate;
  value: string;
}

export interface Filter {
  clauses: FilterClause[];
  join: "AND" | "OR";
}

const CLAUSE = /^\s*([A-Za-z_][\w.:-]*)\s*(!=|>=|<=|=|>|<|~)\s*'((?:[^']|'')*)'\s*$/;
const JOIN = /'\s+(AND|OR)\s+(?=[A-Za-z_][\w.:-]*\s*(?:[!<>]=|[=<>~])\s*')/i;

/** @throws Failure usage.filter when the text is no OneRoster filter */
export function parseFilter(text: string, collection = ""): Filter {
  const [join, ...parts] = splitAtJoin(text);
  const clauses = parts.map((part) => {
    const [, field, predicate, value] = CLAUSE.exec(part) ?? [];
    if (field === undefined || predicate === undefined || value === undefined) {
      const where = collection === "" ? "A filter" : `The filter of ${collection}`;
      throw new Failure("usage.filter", `${where} cannot be read: ${text}`, {
        hint: "Write it as status='active' or role='student' AND status='active': one AND or OR at most, values in single quotes, a quote inside doubled.",
      });
    }
    return { field, predicate: predicate as Predicate, value: value.replaceAll("''", "'") };
  });
  return { clauses, join };
}

/** The conditions of which either is enough, each as a filter of its own; none where there is one, or both must hold. */
export function clausesAlone(text: string): string[] {
  const [join, ...parts] = splitAtJoin(text);
  return join === "OR" ? parts.map((part) => part.trim()) : [];
}

function splitAtJoin(text: string): ["AND" | "OR", ...string[]] {
  // Only where the whole first part is a clause is the word a join, and not part of a value.
  for (let from = 0; ;) {
    const found = JOIN.exec(text.slice(from));
    if (found === null) return ["AND", text];
    const left = text.slice(0, from + found.index + 1);
    from += found.index + found[0].length;
    if (CLAUSE.test(left)) return [found[1]?.toUpperCase() === "OR" ? "OR" : "AND", left, text.slice(from)];
  }
}

/**
 * @param filteredBySis whether the SIS has applied the filter too: then a record that does not carry the
 *   field is kept, for the SIS may know what it does not send
 */
export function matchesFilter(filter: Filter, record: unknown, filteredBySis = false): boolean {
  const holds = (clause: FilterClause) => clauseHolds(clause, record, filteredBySis);
  return filter.join === "OR" ? filter.clauses.some(holds) : filter.clauses.every(holds);
}

function clauseHolds(clause: FilterClause, record: unknown, filteredBySis: boolean): boolean {
  const { field, predicate, value } = clause;
  const found = valuesAt(record, field);
  const isList = found.length > 1 || isArrayAt(record, field);
  const texts = found.map((one) => folded(field, String(one)));
  // A record without a status is read as active, so it is filtered as active.
  if (texts.length === 0 && field === "status") texts.push("active");
  if (texts.length === 0) return filteredBySis || predicate === "!=";

  const wanted = isList ? value.split(",").map((one) => folded(field, one)) : [folded(field, value)];
  switch (predicate) {
    case "=":
      return wanted.every((one) => texts.includes(one));
    case "!=":
      return !wanted.every((one) => texts.includes(one));
    case "~":
      return wanted.some((one) => texts.some((text) => text.includes(one)));
    default:
      return texts.some((text) => wanted.some((one) => inOrder(text, predicate, one)));
  }
}

function folded(field: string, text: string): string {
  const word = text.trim().toLowerCase();
  return field === "status" && word === "inactive" ? "tobedeleted" : word;
}

function inOrder(text: string, predicate: Predicate, limit: string): boolean {
  const [a, b] = [Number(text), Number(limit)];
  const order =
    Number.isNaN(a) || Number.isNaN(b) || text === "" || limit === "" ? compare(text, limit) : compare(a, b);
  if (predicate === ">") return order > 0;
  if (predicate === ">=") return order >= 0;
  return predicate === "<" ? order < 0 : order <= 0;
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** All scalars at a dotted path, through arrays; a metadata key may hold dots itself. */
function valuesAt(value: unknown, path: string): (string | number | boolean)[] {
  if (Array.isArray(value)) return value.flatMap((member) => valuesAt(member, path));
  if (path === "") {
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? [value]
      : [];
  }
  if (typeof value !== "object" || value === null) return [];
  const members = value as Record<string, unknown>;
  if (path in members) return valuesAt(members[path], "");
  const dot = path.indexOf(".");
  return dot < 0 ? [] : valuesAt(members[path.slice(0, dot)], path.slice(dot + 1));
}

function isArrayAt(record: unknown, path: string): boolean {
  const first = path.split(".")[0] ?? "";
  return (
    typeof record === "object" && record !== null && Array.isArray((record as Record<string, unknown>)[first])
  );
}
