/** An evaluation as a consultant wants to read it: what fits, where not, what it means, what to do. Ids only. */
import type { ChoiceTally } from "../../connectors/store/evaluate/choices.ts";
import type { Result } from "../../connectors/store/evaluate/matching.ts";
import type { SchoolTally } from "../../connectors/store/evaluate/tally.ts";
import type { EvaluatedType } from "../../connectors/store/evaluate/tables.ts";
import { grouped, percentOf, schoolWithId } from "../night/wording.ts";
import { inColumns } from "../plan/columns.ts";
import { doubts, headline, meaning, steps } from "./advice.ts";
import { type EvaluationFacts, resultOf } from "./facts.ts";

/** Lines of a list; what is more is counted, and in the JSON. */
const MOST = 12;
const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8];

/** Ids, counts and names of schools; never a name, a login or an address of a person. */
export function evaluationText(facts: EvaluationFacts): string {
  const sections = [
    heading(facts),
    titled("By type", byType(facts)),
    titled("Recognised without the id, and what is unclear", recognised(facts)),
    titled(
      "Which field of the SIS Canvas knows people by (roster.users.id)",
      choices(facts.ids, facts.users.id),
    ),
    titled("Which field is their login (roster.users.login)", choices(facts.logins, facts.users.login)),
    titled("By school, the least known first", bySchool(facts)),
    titled("Before you believe it", doubts(facts)),
    titled("If it were delivered as it is", meaning(facts)),
    titled(
      "What to do",
      steps(facts).map((step, at) => `${at + 1}. ${step}`),
    ),
    places(facts),
  ];
  const lines = sections.filter((section) => section.length > 0).map((section) => section.join("\n"));
  // What a SIS or Canvas calls something may hold anything; here it is on one line, and paints nothing.
  return `${lines.join("\n\n").replace(/[^\P{Cc}\n]+/gu, " ")}\n`;
}

function heading({ run, institution, report, ...facts }: EvaluationFacts): string[] {
  const files = report.files.map(({ name, type, rows }) => `${name} (${grouped(rows)} ${type})`).join(", ");
  return [
    `The ids of this configuration against those of Canvas: ${institution}, ${run}. Nothing was sent.`,
    `Canvas: ${report.day === undefined ? "" : `report of ${report.day}: `}${files}`,
    "",
    headline({ run, institution, report, ...facts }),
  ];
}

function byType(facts: EvaluationFacts): string[] {
  const title = [
    ...["", "tonight", "same id", "other id", "unclear", "another's", "new"],
    ...["in Canvas", "left behind", "other terms"],
  ];
  const rows = facts.reported.map((type) => {
    const { tonight = 0, inCanvas = 0, behind = {} } = facts.types[type] ?? {};
    const numbers = [
      tonight,
      resultOf(facts, type, "same-id"),
      resultOf(facts, type, "other-id", "adopted"),
      resultOf(facts, type, "perhaps", "ambiguous"),
      resultOf(facts, type, "other-owner"),
      resultOf(facts, type, "new"),
      inCanvas,
      (behind.gone ?? 0) + (behind["in-sis"] ?? 0),
      behind["other-term"] ?? 0,
    ];
    return [type, ...numbers.map(grouped)];
  });
  return inColumns([title, ...rows], [...NUMBERS, 9]);
}

const WORDS: Partial<Record<Result, string>> = {
  "other-id": "the same, under another id",
  adopted: "an account without SIS ID",
  perhaps: "perhaps the same",
  ambiguous: "several may be it",
  "other-owner": "the id is another's",
};

function recognised(facts: EvaluationFacts): string[] {
  const rows = facts.reported.flatMap((type) => {
    const { how = [] } = facts.types[type] ?? {};
    const others = resultOf(facts, type, "other-owner");
    return [
      ...how.map(({ result, how, rows }) => [
        type,
        grouped(rows),
        `${WORDS[result] ?? result}, by ${how}`,
        result,
      ]),
      ...(others > 0 ? [[type, grouped(others), WORDS["other-owner"] ?? "", "other-owner"]] : []),
    ];
  });
  const told = new Set<string>();
  return inColumns(
    rows.map(([type = "", rows = "", words = "", result = ""]) => {
      const examples = told.has(`${type} ${result}`)
        ? ""
        : shown(facts, type as EvaluatedType, result as Result);
      told.add(`${type} ${result}`);
      return [type, rows, words, examples];
    }),
    [1],
  );
}

function shown({ examples }: EvaluationFacts, type: EvaluatedType, result: Result): string {
  const some = type === "enrollments" ? undefined : examples[type]?.[result];
  if (some === undefined || some.length === 0) return "";
  return `such as ${some.map(({ id, canvas }) => (canvas === "" || canvas === id ? id : `${id} (Canvas: ${canvas})`)).join(", ")}`;
}

function choices(tallies: readonly ChoiceTally[], now: string): string[] {
  if (tallies.length === 0) return [];
  const title = ["field", "have it", "share it", "in Canvas", "another's there", ""];
  const rows = tallies
    .filter(({ choice }, at) => at < MOST || choice === now)
    .map(({ choice, given, shared, same, other }) => [
      choice,
      ...[given, shared, same, other].map(grouped),
      choice === now ? "configured" : "",
    ]);
  return inColumns([title, ...rows], [1, 2, 3, 4]);
}

function bySchool({ schools }: EvaluationFacts): string[] {
  if (schools.length === 0) return [];
  const known = ({ sameId, otherId, tonight }: SchoolTally) => (sameId + otherId) / Math.max(1, tonight);
  const unknown = new Map<string, number>();
  for (const school of schools) {
    unknown.set(school.account_id, Math.min(unknown.get(school.account_id) ?? 1, known(school)));
  }
  const order = [...unknown].sort(([, one], [, two]) => one - two).map(([id]) => id);
  const title = ["school", "", "tonight", "same id", "other id", "unclear", "new", "left behind", "known"];
  const rows = order
    .slice(0, MOST)
    .flatMap((id) =>
      schools
        .filter(({ account_id }) => account_id === id)
        .map((school, at) => [
          at === 0 ? schoolWithId(school) : "",
          school.type,
          ...[
            school.tonight,
            school.sameId,
            school.otherId,
            school.unclear,
            school.new,
            school.leftBehind,
          ].map(grouped),
          percentOf(school.sameId + school.otherId, Math.max(1, school.tonight)),
        ]),
    );
  const more = order.length - MOST;
  return [
    ...inColumns([title, ...rows], NUMBERS.slice(1)),
    ...(more > 0 ? [`… and ${grouped(more)} more schools`] : []),
  ];
}

function places({ files, folder }: EvaluationFacts): string[] {
  return inColumns([
    ...(files.changes === undefined ? [] : [["ids to change", files.changes]]),
    ["who is who", files.matches],
    ["in Canvas only", files.leftBehind],
    ...(files.claims === undefined ? [] : [["logins taken", files.claims]]),
    ["all files", folder],
  ]);
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}
