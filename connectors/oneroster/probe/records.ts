/** What records are like: which of them a night would leave out, and which the standard has otherwise. */
import { readRecord } from "../read-record.ts";
import { UNREADABLE } from "../record-shapes.ts";
import type { RecordType, Reject, RosterRecords } from "../records.ts";
import { caseWords, openCaseBook } from "./cases.ts";
import { type Departures, departuresOf, openDepartures, openOptionals } from "./conformance.ts";
import type { RecordRules } from "./standard.ts";
import { count, doubtful, good, type ProbeStep } from "./step.ts";

const OTHERWISE =
  "A night reads these all the same. The standard has it otherwise, so it is worth telling the SIS's support: other software may stumble over it.";
const LEFT_OUT =
  "Have these records mended in the SIS: a night leaves them out, with the reason in rejects.csv, and from source.rejectTolerancePercent of a kind on it ends with code 3.";

/** Takes records one after the other, as many as there are, and keeps none of them. */
export interface RecordReview<T extends RecordType> {
  /** @returns the record as a night takes it; undefined for one that it leaves out */
  add: (raw: unknown) => RosterRecords[T] | undefined;
  steps: (looked: Looked) => ProbeStep[];
}

/** Of which the records are that were looked at. */
export interface Looked {
  /** Whether these are all that there are. */
  isWhole: boolean;
  /** How many there are; undefined where that is not known. */
  total: number | undefined;
}

/** @param tolerance source.rejectTolerancePercent */
export function reviewRecords<T extends RecordType>(
  type: T,
  rules: RecordRules,
  tolerance: number,
): RecordReview<T> {
  const name = `${type} records`;
  const rejects = openCaseBook();
  const departures = openDepartures(rules);
  const optionals = openOptionals(rules);
  let [looked, rejected] = [0, 0];
  return {
    add(raw) {
      looked++;
      optionals.add(raw);
      const { record, reject } = readRecord(type, raw);
      if (reject === undefined) {
        departures.add(raw);
        return record;
      }
      rejected++;
      rejects.note(reasonOf(reject, raw, rules), reject.sourcedId);
      return undefined;
    },
    steps({ isWhole, total }) {
      // Of a sample it is certain only what it holds itself.
      const breaksNight = total !== undefined && total > 0 && (100 * rejected) / total > tolerance;
      const optional = looked === 0 ? "" : optionals.words();
      return [
        good(
          name,
          null,
          lookedAt(looked, { isWhole, total }, optional && `optional ${rules.places} ${optional}`),
        ),
        ...rejects.all().map(([why, cases]): ProbeStep => {
          const message = `would be left out, as ${why}: ${caseWords(cases, looked)}`;
          return {
            ...doubtful(name, null, message, LEFT_OUT),
            ...(breaksNight && { status: "fail" as const }),
            examples: cases.examples,
          };
        }),
        ...asSteps(name, departures.all(), looked - rejected),
      ];
    },
  };
}

export function departureSteps(name: string, rules: RecordRules, records: readonly unknown[]): ProbeStep[] {
  return asSteps(name, departuresOf(rules, records), records.length);
}

function asSteps(name: string, departures: Departures, of: number): ProbeStep[] {
  return departures.map(([what, cases]) => ({
    ...doubtful(name, null, `${what}: ${caseWords(cases, of)}`, OTHERWISE),
    examples: cases.examples,
  }));
}

/** Of rows that cannot be read each has a reason of its own, which names its line. */
function reasonOf({ field, reason }: Reject, raw: unknown, { nameOf }: RecordRules): string {
  if (typeof raw === "object" && raw !== null && UNREADABLE in raw) return "the row cannot be read";
  return [field && nameOf(field), reason].filter(Boolean).join(" ");
}

function lookedAt(looked: number, { isWhole, total }: Looked, optional: string): string {
  if (looked === 0) return "none to look at";
  const of = total === undefined ? "" : ` of ${total.toLocaleString("en")}`;
  const words = isWhole
    ? `all ${count(looked, "record")} looked at`
    : `${looked.toLocaleString("en")}${of} records looked at, from begin, middle and end`;
  return optional === "" ? words : `${words}; ${optional}`;
}
