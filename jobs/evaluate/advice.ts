/** What an evaluation means, and what to do next, in the order in which to do it. */
import { EVALUATED_TYPES } from "../../connectors/store/evaluate/tables.ts";
import { count, grouped } from "../night/wording.ts";
import { type EvaluationFacts, resultOf, resultOfAll } from "./facts.ts";
import { proposalOf } from "./proposal.ts";

/** In a day Canvas gains and loses people; in a month it is another. */
const OLD_DAYS = 7;
const DAY_MS = 24 * 3600 * 1000;
/** Fewer of tonight's people than this share of them in Canvas, and it is probably not this district's Canvas. */
const STRANGERS = 0.1;
/** A whole report has a few people who went between two of its files. */
const DANGLING = 0.02;

/**
 * - `choose`: another field is the id
 * - `stop`: Canvas would mix people up
 * - `strangers`: next to nobody is known to Canvas
 * - `join`: change ids first
 * - `look`: somebody must say who some are, or whose a login is; or the report says nothing of people
 * - `fits`: deliver
 */
export type Verdict = "choose" | "stop" | "strangers" | "join" | "look" | "fits";

export function verdictOf(facts: EvaluationFacts): Verdict {
  const proposal = proposalOf(facts, "id");
  if (proposal !== undefined && proposal.best !== proposal.now) return "choose";
  if (resultOfAll(facts, "other-owner") > 0 || facts.takeovers > 0) return "stop";
  if (areStrangers(facts)) return "strangers";
  if (resultOfAll(facts, "other-id") > 0) return "join";
  const isUnclear = resultOfAll(facts, "perhaps", "ambiguous") > 0 || unsolvedClaims(facts) > 0;
  return isUnclear || facts.types.users === undefined ? "look" : "fits";
}

/** Users whom Canvas skips, as another SIS ID has their login or integration id, whatever is changed. */
function unsolvedClaims({ claims }: EvaluationFacts): number {
  return claims.reduce((all, { claimed, solved }) => all + claimed - solved, 0);
}

/** Of what the report says nothing. */
function absentTypes({ reported }: EvaluationFacts): string[] {
  return EVALUATED_TYPES.filter((type) => !reported.includes(type));
}

function areStrangers(facts: EvaluationFacts): boolean {
  const known = resultOf(facts, "users", "same-id", "other-id", "adopted");
  return facts.types.users !== undefined && known < facts.types.users.tonight * STRANGERS;
}

const HEADLINES: Record<Verdict, string> = {
  fits: "The ids meet. What is in Canvas stays what it is.",
  join: "The ids differ for some: change them in Canvas before the first delivery, or Canvas makes second ones.",
  choose: "Another field of the SIS is what Canvas knows people by: change the config before anything else.",
  stop: "Do not deliver: Canvas would take one for another.",
  strangers: "Canvas knows next to nobody of tonight: as it is, everybody would get a new account.",
  look: "What is recognised has its id. Some may be in Canvas already, or want a login that another has there: a person must look at them first.",
};

export function headline(facts: EvaluationFacts): string {
  const [verdict, absent] = [verdictOf(facts), absentTypes(facts).join(", ")];
  if (verdict === "look" && facts.types.users === undefined)
    return `The report says nothing of ${absent}: whether people's ids meet cannot be told by it.`;
  if (verdict === "fits" && absent !== "")
    return `The ids that the report tells of meet. Of ${absent} it says nothing.`;
  return HEADLINES[verdict];
}

/** What to doubt about the report itself. */
export function doubts(facts: EvaluationFacts): string[] {
  const { report, today, types, dangling } = facts;
  const age = report.day === undefined ? 0 : (Date.parse(today) - Date.parse(report.day)) / DAY_MS;
  const enrollments = types.enrollments?.inCanvas ?? 0;
  const absent = absentTypes(facts);
  const hasDeleted = Object.values(types).some(({ deleted }) => deleted > 0);
  return [
    ...(absent.length > 0
      ? [
          `The report says nothing of ${absent.join(", ")}, so nothing is said of them here, and less is recognised.`,
        ]
      : []),
    ...(age > OLD_DAYS ? [`The report is ${Math.round(age)} days old: Canvas has changed since.`] : []),
    ...(dangling > enrollments * DANGLING
      ? [
          `${count(dangling, "enrollments")} of the report name a user or section that it does not have: are its files of different reports, or of a selection of terms?`,
        ]
      : []),
    ...(areStrangers(facts)
      ? [
          "Next to nobody of tonight is in the report: is it of this district's Canvas, and not of a test instance?",
        ]
      : []),
    ...(hasDeleted
      ? []
      : [
          "The report has nothing that was deleted. Deleted people and courses keep their ids, and Canvas refuses to give one again: run it with deleted objects for certainty about change_sis_id.csv.",
        ]),
    ...Object.entries(types)
      .filter(([, { twice }]) => twice > 0)
      .map(
        ([type, { twice }]) =>
          `${grouped(twice)} ids of ${type} are in the report more than once; none of them is changed.`,
      ),
  ];
}

/** Consequences of delivering as things stand. */
export function meaning(facts: EvaluationFacts): string[] {
  const users = (...results: Parameters<typeof resultOf>[2][]) => resultOf(facts, "users", ...results);
  const courses = resultOf(facts, "courses", "other-id") + resultOf(facts, "sections", "other-id");
  const claimed = unsolvedClaims(facts);
  const behind = facts.types.users?.behind ?? {};
  const lines: [number, string, string][] = [
    [
      resultOfAll(facts, "other-owner"),
      "Ids that are another person's or thing's in Canvas",
      "Canvas would rename that one, and give it away with all work and grades.",
    ],
    [
      facts.takeovers,
      "Logins of accounts without SIS ID that bear another name",
      "Canvas would give those accounts to whoever has the login tonight.",
    ],
    [
      users("other-id"),
      "People who are in Canvas under another id",
      "Canvas would skip them where their login is taken, and otherwise make them second accounts, without their work and grades.",
    ],
    [
      courses,
      "Courses and sections that are in Canvas under another id",
      "Canvas would make empty ones beside them, and move nobody's work.",
    ],
    [
      users("adopted"),
      "People whose account has no SIS ID, and their login",
      "Canvas gives it this id by itself.",
    ],
    [
      users("perhaps", "ambiguous"),
      "People who may be in Canvas, and it cannot be told as whom",
      "A person must look, or they get second accounts.",
    ],
    [
      claimed,
      "Logins or integration ids that another SIS ID has in Canvas, and no change solves it",
      "Canvas skips these users.",
    ],
    [users("new"), "New people", "Canvas makes accounts for them."],
    [
      behind["in-sis"] ?? 0,
      "People in Canvas whom the SIS has, and nobody enrolled in tonight's roster",
      "They stay as they are.",
    ],
    [
      behind.gone ?? 0,
      "People in Canvas who are unknown to this configuration",
      "rosterbridge never touches what it did not deliver: they stay until somebody removes them.",
    ],
  ];
  return lines.flatMap(([rows, what, so]) => (rows > 0 ? [`${what}: ${grouped(rows)}. ${so}`] : []));
}

/** Steps, each with what to type or to read. */
export function steps(facts: EvaluationFacts): string[] {
  const { changes, files } = facts;
  const verdict = verdictOf(facts);
  const [proposed, waits, taken] = (["proposed", "waits", "taken"] as const).map((fate) =>
    changes.reduce((all, tally) => all + tally[fate], 0),
  );
  const again = "Run the report in Canvas again, and evaluate again";
  return [
    ...(["id", "login"] as const).flatMap((key) => {
      const proposal = proposalOf(facts, key);
      if (proposal === undefined || proposal.best === proposal.now) return [];
      const { now, best, foundNow = 0, foundBest } = proposal;
      return [
        `Set roster.users.${key}: ${best}. Canvas has ${grouped(foundBest)} of tonight's people by it, and ${grouped(foundNow)} by ${now}. Then evaluate again: what follows is about the config as it is.`,
      ];
    }),
    ...(resultOfAll(facts, "other-owner") + facts.takeovers > 0
      ? [
          `Look at "other-owner" in matches.csv${facts.takeovers > 0 ? " and at claims.csv" : ""}, and mend it in Canvas or in the SIS${verdict === "choose" ? ", should any be left then" : ""}. Deliver nothing before.`,
        ]
      : []),
    ...(resultOfAll(facts, "perhaps", "ambiguous") > 0
      ? [
          'Look at "perhaps" and "ambiguous" in matches.csv. Who is the same gets the new id in Canvas by hand, or a row in change_sis_id.csv.',
        ]
      : []),
    ...((proposed ?? 0) > 0
      ? [
          `Read ${files.changes ?? "change_sis_id.csv"} (${grouped(proposed ?? 0)} changes), try it on a test instance of Canvas, and import it alone, as the first file of all. ${again}: it should propose none of them any more.`,
        ]
      : []),
    ...((waits ?? 0) > 0
      ? [
          `${grouped(waits ?? 0)} changes must wait, as their new id is free only once the others are made: the evaluation after that proposes them.`,
        ]
      : []),
    ...((taken ?? 0) > 0
      ? [
          `${grouped(taken ?? 0)} changes are not proposed, as Canvas has the new id already ("not proposed" in matches.csv): one of the two must be mended by hand.`,
        ]
      : []),
    ...(unsolvedClaims(facts) > 0
      ? ["Look at claims.csv: give those logins up in Canvas, or correct them in the SIS."]
      : []),
    ...(facts.types.users === undefined
      ? [
          "Run the report in Canvas with users as well, for all terms and with deleted objects, and evaluate again.",
        ]
      : []),
    ...(verdict !== "choose" && verdict !== "stop" && facts.types.users !== undefined
      ? ["Then `rosterbridge plan`, and `rosterbridge roster` when it says what you expect."]
      : []),
  ];
}
