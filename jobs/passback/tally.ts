/** What a grades run comes to: counts for the manifest, and for each course what its instructor should know. Pure. */
import type { GradesEntry, OutcomeCounts } from "../run/manifest.ts";
import type { Outcome, Row, RowPlace } from "./rows.ts";

/** Rows of one cause in one course, of which some are named. */
export interface Group {
  record: Row["record"];
  outcome: Outcome;
  reason: string;
  sisMessage: string;
  hint: string;
  isProblem: boolean;
  count: number;
  /** Titles of assignments, the first few. */
  titles: string[];
  /** sourcedIds of students, the first few. */
  students: string[];
}

export interface CourseTally {
  course: string;
  name: string;
  classes: string[];
  lineItems: OutcomeCounts;
  results: OutcomeCounts;
  groups: Group[];
}

/** What is written down between the stages. */
export interface TallyState {
  courses: CourseTally[];
}

export interface Tally {
  add(place: RowPlace, rows: readonly Row[]): void;
  /** Names a course; what was named first stays. */
  name(place: RowPlace, name: string): void;
  courses(): readonly CourseTally[];
  /** The counts of the manifest, and the problems by reason, the most frequent first. */
  entry(): Pick<GradesEntry, "lineItems" | "results" | "reasons">;
}

const NAMED = 12;
const GROUPS_A_COURSE = 60;
const CLASSES_NAMED = 50;

const COUNTED: Record<Outcome, keyof OutcomeCounts> = {
  sent: "sent",
  removed: "sent",
  unchanged: "unchanged",
  skipped: "skipped",
  refused: "refused",
  unknown: "refused",
  "would-send": "wouldSend",
};

export function createTally(state: TallyState = { courses: [] }): Tally {
  const courses = new Map(state.courses.map((course) => [course.course, course]));
  const groups = new Map<string, Map<string, Group>>();

  function courseOf(place: RowPlace): CourseTally {
    let course = courses.get(place.course);
    if (course === undefined) {
      course = {
        course: place.course,
        name: "",
        classes: [],
        lineItems: none(),
        results: none(),
        groups: [],
      };
      courses.set(place.course, course);
    }
    if (course.classes.length < CLASSES_NAMED && !course.classes.includes(place.class))
      course.classes.push(place.class);
    return course;
  }

  function groupOf(course: CourseTally, row: Row): Group {
    let known = groups.get(course.course);
    if (known === undefined) {
      known = new Map(course.groups.map((group) => [keyOf(group), group]));
      groups.set(course.course, known);
    }
    const { record, outcome, reason, hint, isProblem } = row;
    const isFull = known.size >= GROUPS_A_COURSE;
    // Words that differ from record to record would make a group of each.
    const sisMessage = isFull ? "" : row.sisMessage;
    const key = keyOf({ record, outcome, reason, sisMessage });
    let group = known.get(key);
    if (group === undefined) {
      group = { record, outcome, reason, sisMessage, hint, isProblem, count: 0, titles: [], students: [] };
      known.set(key, group);
      course.groups.push(group);
    }
    return group;
  }

  return {
    add(place, rows) {
      const course = courseOf(place);
      for (const row of rows) {
        const counts = row.record === "lineItem" ? course.lineItems : course.results;
        counts[COUNTED[row.outcome]] += 1;
        if (row.reason === "") continue;
        const group = groupOf(course, row);
        group.count += 1;
        nameSome(group.titles, row.title);
        if (row.student !== "") nameSome(group.students, row.student);
      }
    },
    name(place, name) {
      const course = courseOf(place);
      if (course.name === "") course.name = name;
    },
    courses: () => [...courses.values()],
    entry() {
      const lineItems = none();
      const results = none();
      const reasons = new Map<string, number>();
      for (const course of courses.values()) {
        addUp(lineItems, course.lineItems);
        addUp(results, course.results);
        for (const { reason, count, isProblem } of course.groups) {
          if (isProblem) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
        }
      }
      const sorted = [...reasons].sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1));
      return { lineItems, results, reasons: sorted.map(([reason, count]) => ({ reason, count })) };
    },
  };
}

export function none(): OutcomeCounts {
  return { sent: 0, unchanged: 0, skipped: 0, refused: 0, wouldSend: 0 };
}

function addUp(sum: OutcomeCounts, more: OutcomeCounts): void {
  sum.sent += more.sent;
  sum.unchanged += more.unchanged;
  sum.skipped += more.skipped;
  sum.refused += more.refused;
  sum.wouldSend += more.wouldSend;
}

function nameSome(names: string[], name: string): void {
  if (names.length < NAMED && !names.includes(name)) names.push(name);
}

function keyOf({
  record,
  outcome,
  reason,
  sisMessage,
}: Pick<Group, "record" | "outcome" | "reason" | "sisMessage">) {
  return JSON.stringify([record, outcome, reason, sisMessage]);
}
