/** What a sample of records is like: which of them a night would leave out, and which the standard has otherwise. */
import { readRecord } from "../read-record.ts";
import { caseWords, openCaseBook } from "./cases.ts";
import { departuresOf, optionalWords } from "./conformance.ts";
import type { Sample } from "./sample.ts";
import type { RestSourceConfig } from "../../../config/schema.ts";
import { count, doubtful, good, type ProbeStep } from "./step.ts";
import type { StandardRecord } from "./standard.ts";
import type { OneRosterVersion } from "../spoken-version.ts";

const OTHERWISE =
  "A night reads these all the same. The standard has it otherwise, so it is worth telling the SIS's support: other software may stumble over it.";
const LEFT_OUT =
  "Have these records mended in the SIS: a night leaves them out, with the reason in rejects.csv, and from source.rejectTolerancePercent of a kind on it ends with code 3.";

export function recordSteps(
  { type, records, isWhole, total }: Sample,
  { version, rejectTolerancePercent }: Pick<RestSourceConfig, "version" | "rejectTolerancePercent">,
): ProbeStep[] {
  const name = `${type} records`;
  const rejects = openCaseBook();
  const readable = records.filter((raw) => {
    const { reject } = readRecord(type, raw);
    if (reject !== undefined)
      rejects.note([reject.field, reject.reason].filter(Boolean).join(" "), reject.sourcedId);
    return reject === undefined;
  });
  const rejected = records.length - readable.length;
  // Of a sample it is certain only what it holds itself.
  const breaksNight = total !== undefined && total > 0 && (100 * rejected) / total > rejectTolerancePercent;
  return [
    lookedAt(name, { type, records, isWhole, total }, version),
    ...rejects.all().map(([why, cases]): ProbeStep => {
      const message = `would be left out, as ${why}: ${caseWords(cases, records.length)}`;
      return {
        ...doubtful(name, null, message, LEFT_OUT),
        ...(breaksNight && { status: "fail" as const }),
        examples: cases.examples,
      };
    }),
    ...departureSteps(name, type, version, readable),
  ];
}

export function departureSteps(
  name: string,
  type: StandardRecord,
  version: OneRosterVersion,
  records: readonly unknown[],
): ProbeStep[] {
  return departuresOf(type, version, records).map(([what, cases]) => ({
    ...doubtful(name, null, `${what}: ${caseWords(cases, records.length)}`, OTHERWISE),
    examples: cases.examples,
  }));
}

function lookedAt(
  name: string,
  { type, records, isWhole, total }: Pick<Sample, "type" | "records" | "isWhole" | "total">,
  version: OneRosterVersion,
): ProbeStep {
  const of = total === undefined ? "" : ` of ${total.toLocaleString("en")}`;
  const looked = isWhole
    ? `all ${count(records.length, "record")} looked at`
    : `${records.length.toLocaleString("en")}${of} records looked at, from begin, middle and end`;
  if (records.length === 0) return good(name, null, "none to look at");
  const optional = optionalWords(type, version, records);
  return good(name, null, optional === "" ? looked : `${looked}; optional members ${optional}`);
}
