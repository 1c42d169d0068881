/** Whether a roster is fit for Canvas: what an administrator would else hear of from teachers and parents. Pure. */
import type { Config } from "../../config/schema.ts";
import type { RosterSample } from "../../connectors/oneroster/probe.ts";
import { RECORD_TYPES, type RecordType, type User } from "../../connectors/oneroster/records.ts";
import type { Finding } from "./finding.ts";
import { classDoubts } from "./fitness/classes.ts";
import type { Doubt } from "./fitness/doubt.ts";
import { guessEndDates } from "./fitness/end-dates.ts";
import { enrollmentDoubts } from "./fitness/enrollments.ts";
import { idDoubts } from "./fitness/ids.ts";
import { peopleDoubts } from "./fitness/people.ts";
import { sessionDoubts } from "./fitness/sessions.ts";

type FitnessConfig = Pick<Config, "roster"> & {
  source: Pick<Config["source"], "endDates"> & { filters?: object };
};

/** @param today YYYY-MM-DD, in the time zone of the institution */
export function fitnessFindings(
  sample: RosterSample,
  { source, roster }: FitnessConfig,
  today: string,
): Finding[] {
  const { kinds } = sample;
  const sessions = kinds.academicSessions?.records ?? [];
  const isFiltered = Object.keys(source.filters ?? {}).length > 0;
  const doubts = [
    ...sessionDoubts(sessions, kinds.classes?.records ?? [], { endDates: source.endDates, today }),
    ...classDoubts(sample, isFiltered),
    ...peopleDoubts(wanted(sample, roster), roster.users),
    ...enrollmentDoubts(sample, roster.enrollments, isFiltered),
    ...idDoubts(sample),
  ];
  const byKind = RECORD_TYPES.flatMap((kind) => {
    const ofKind = doubts.filter(({ name }) => name === kind);
    return ofKind.length > 0 ? ofKind.map(asFinding) : sound(sample, kind);
  });
  return [...byKind, ...endDatesFinding(sessions, source.endDates)];
}

/** Who is not enrolled in anything may lack whatever they like. */
function wanted(
  { kinds: { users, enrollments } }: RosterSample,
  { users: { include } }: Config["roster"],
): User[] {
  const all = users?.records ?? [];
  if (include === "all" || enrollments?.isWhole !== true) return all;
  const enrolled = new Set(enrollments.records.map(({ user }) => user));
  return all.filter(({ sourcedId }) => enrolled.has(sourcedId));
}

function asFinding({ name, message, hint, examples }: Doubt): Finding {
  return { ...line(`${name} fit`, message), status: hint === "" ? "ok" : "warn", hint, examples };
}

function sound({ kinds }: RosterSample, kind: RecordType): Finding[] {
  const { records = [], isWhole = false } = kinds[kind] ?? {};
  if (records.length === 0) return [];
  const looked = `${isWhole ? "all " : ""}${records.length.toLocaleString("en")}`;
  return [line(`${kind} fit`, `${looked} looked at: nothing that Canvas would stumble over`)];
}

function line(name: string, message: string): Finding {
  return { area: "source", section: "fitness", name, status: "ok", ms: null, message, hint: "" };
}

function endDatesFinding(
  sessions: Parameters<typeof guessEndDates>[0],
  configured: "inclusive" | "exclusive",
): Finding[] {
  if (sessions.length === 0) return [];
  const { guess, reason } = guessEndDates(sessions);
  const name = "end dates";
  if (guess === undefined) {
    return [
      line(
        name,
        `whether endDate is the last day cannot be told from the sessions; source.endDates says ${configured}`,
      ),
    ];
  }
  const message = `endDate seems to be ${guess === "inclusive" ? "the last day" : "the day after the last day"}: ${reason}`;
  if (guess === configured) return [line(name, `${message}; so says source.endDates`)];
  const hint = `Compare with the calendar in the SIS, and set source.endDates: ${guess} if that is right; else terms close a day ${guess === "inclusive" ? "early" : "late"}.`;
  return [{ ...line(name, message), status: "warn", hint }];
}
