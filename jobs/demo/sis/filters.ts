/** The filter grammar of OneRoster 1.1, section 3.4.3: one or two comparisons, joined by AND or OR. */
import type { RawRecord } from "../district/raw-records.ts";
import { type Fields, valuesAt } from "./fields.ts";

export type Matches = (record: RawRecord) => boolean;

const COMPARISON = String.raw`([A-Za-z][\w.-]*)(!=|>=|<=|=|>|<|~)'((?:[^']|'')*)'`;
const FILTER = new RegExp(`^${COMPARISON}(?: (AND|OR) ${COMPARISON})?$`, "u");

/** Undefined when it is not a filter, or names a field that the collection does not have. */
export function readFilter(has: Fields["has"], text: string): Matches | undefined {
  const [, field, predicate, value, join, field2, predicate2, value2] = FILTER.exec(text) ?? [];
  const first = comparison(has, field, predicate, value);
  if (first === undefined || join === undefined) return first;
  const second = comparison(has, field2, predicate2, value2);
  if (second === undefined) return undefined;
  return join === "AND"
    ? (record) => first(record) && second(record)
    : (record) => first(record) || second(record);
}

function comparison(
  isField: Fields["has"],
  field: string | undefined,
  predicate: string | undefined,
  quoted: string | undefined,
): Matches | undefined {
  if (field === undefined || quoted === undefined || !isField(field)) return undefined;
  const wanted = quoted.replaceAll("''", "'");
  // Of an array, `=` wants all of a comma list and `~` any of it.
  const list = wanted.split(",");
  const has = (record: RawRecord) => valuesAt(record, field);
  const isArray = (values: string[]) => values.length > 1;

  switch (predicate) {
    case "=":
      return (record) => equal(has(record), wanted, list);
    case "!=":
      return (record) => !equal(has(record), wanted, list);
    case "~":
      return (record) => {
        const values = has(record);
        return values.some((value) => (isArray(values) ? list.includes(value) : value.includes(wanted)));
      };
    case ">":
      return (record) => has(record).some((value) => value > wanted);
    case ">=":
      return (record) => has(record).some((value) => value >= wanted);
    case "<":
      return (record) => has(record).some((value) => value < wanted);
    case "<=":
      return (record) => has(record).some((value) => value <= wanted);
    default:
      return undefined;
  }
}

function equal(values: string[], wanted: string, list: string[]): boolean {
  return values.includes(wanted) || (values.length > 1 && list.every((each) => values.includes(each)));
}
