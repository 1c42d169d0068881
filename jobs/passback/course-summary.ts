/** The page of a course that its instructor can be handed: what went to the SIS, what did not, why, what to do. Pure. */
import type { OutcomeCounts } from "../run/manifest.ts";
import { digestText } from "./identity.ts";
import type { CourseTally, Group } from "./tally.ts";

export interface PageFacts {
  run: string;
  /** ISO 8601, in UTC. */
  at: string;
  dryRun: boolean;
}

/** Names nobody: students are told by their ids. */
export function coursePage(course: CourseTally, { run, at, dryRun }: PageFacts): string {
  const { name, classes, groups } = course;
  const title = name === "" || name === course.course ? course.course : `${name} (${course.course})`;
  const problems = groups.filter(({ isProblem }) => isProblem);
  const others = groups.filter(({ isProblem }) => !isProblem);
  const lines = [
    `Grades of ${title}`,
    `${classes.length === 1 ? "Class" : "Classes"} ${classes.join(", ")}`,
    `Run ${run}, ${at}${dryRun ? ", a dry run: nothing was sent" : ""}`,
    "",
    countLine("Assignments", course.lineItems, dryRun),
    countLine("Grades", course.results, dryRun),
    ...(problems.length === 0
      ? ["", "Nothing needs your attention."]
      : ["", "WHAT DID NOT REACH THE SIS", ...told(problems)]),
    ...(others.length === 0 ? [] : ["", "FOR YOUR INFORMATION", ...told(others)]),
  ];
  return lines.map((line) => `${line.replaceAll(/\p{Cc}+/gu, " ")}\n`).join("");
}

/** Whether anything became of the course but that all of it is in the SIS as it was. */
export function hasNews({ lineItems, results, groups }: CourseTally): boolean {
  return groups.length > 0 || [lineItems, results].some(({ sent, wouldSend }) => sent + wouldSend > 0);
}

const LONGEST_NAME = 120;

/** A name that every file system takes, whatever characters the course's id has, and that no other course has. */
export function pageName(course: string): string {
  const safe = course
    .toWellFormed()
    .replaceAll(/[^A-Za-z0-9._-]/gu, (character) => encodeURIComponent(character).replaceAll("%", "="))
    .replace(/^\./, "=2E");
  const name = safe.length > LONGEST_NAME ? `${safe.slice(0, LONGEST_NAME)}~${digestText(course)}` : safe;
  return `${name}.txt`;
}

function countLine(what: string, counts: OutcomeCounts, dryRun: boolean): string {
  const { sent, wouldSend, unchanged, skipped, refused } = counts;
  const first = dryRun ? `${n(wouldSend)} would be sent` : `${n(sent)} sent`;
  const parts = [
    first,
    `${n(unchanged)} in the SIS already`,
    `${n(skipped)} not sent`,
    `${n(refused)} refused by the SIS`,
  ];
  return `${what}: ${parts.join(", ")}`;
}

function told(groups: readonly Group[]): string[] {
  return groups.flatMap(({ record, count, reason, sisMessage, hint, titles, students }) => {
    const what = record === "lineItem" ? plural(count, "assignment") : plural(count, "grade");
    return [
      "",
      `* ${what}: ${reason}`,
      ...(sisMessage === "" ? [] : [`    The SIS says: ${sisMessage}`]),
      ...(hint === "" ? [] : [`    What to do: ${hint}`]),
      `    Of: ${titles.join(" · ")}${record === "lineItem" && count > titles.length ? " …" : ""}`,
      ...(students.length === 0
        ? []
        : [`    Students: ${students.join(", ")}${count > students.length ? " …" : ""}`]),
    ];
  });
}

function plural(count: number, word: string): string {
  return `${n(count)} ${word}${count === 1 ? "" : "s"}`;
}

function n(value: number): string {
  return value.toLocaleString("en");
}
