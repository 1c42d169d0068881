/** The rows of a Gradebook export. Source: Canvas's GradebookExporter. */
import type { Assignment, Course, Submission, User } from "../records.ts";
import { placesOf } from "../work/assigned.ts";
import { assignmentsOf, groupsOf, type WorkState } from "../work/state.ts";
import { totalsOf } from "../work/totals.ts";
import type { Cell } from "./csv-text.ts";
import type { GradebookExportOptions } from "./gradebook-export.ts";
import { totalColumns } from "./gradebook-totals.ts";
import { numberWriter } from "./numbers.ts";

const POINTS_POSSIBLE = "    Points Possible";
const HIDDEN = "Manual Posting";
const HIDDEN_FROM_ALL = "Manual Posting (scores hidden from instructors)";

/** Header, the row of hidden assignments if there are any, Points Possible, students. None without students. */
export function gradebookRows(
  state: WorkState,
  course: Course,
  options: GradebookExportOptions,
): Cell[][] | undefined {
  const write = numberWriter(options.decimalComma === true);
  const places = placesOf(state.school, course.id);
  const students = inOrder(state, places);
  if (students.length === 0) return undefined;
  const assignments = gradable(state, course);
  const custom = options.customColumns ?? [];
  const people = peopleColumns(state, places, options);
  const totals = totalColumns(state, course, options);
  const gap: Cell[] = [...people.slice(1), ...custom].map(() => null);

  const rows: Cell[][] = [
    [
      ...people.map(([name]) => name),
      ...custom,
      ...assignments.map(title),
      ...totals.map(({ name }) => name),
    ],
  ];
  if (assignments.some((each) => isHidden(state, each))) {
    const marks = assignments.map((each) => hiddenText(state, each, options));
    rows.push([null, ...gap, ...marks, ...totals.map(() => null)]);
  }
  rows.push([
    POINTS_POSSIBLE,
    ...gap,
    ...assignments.map(({ points_possible }) => write(points_possible)),
    ...totals.map(({ importable }) => (importable ? null : (options.readOnlyText ?? "(read only)"))),
  ]);
  const gradesOf = totalsOf(state, course);
  for (const user of students) {
    const grades = gradesOf(user.id);
    rows.push([
      ...people.map(([, value]) => value(user)),
      ...custom.map((name) => `${name} on ${user.id}`),
      ...assignments.map((each) => scoreCell(state, each, user, write)),
      ...totals.map(({ value }) => asCell(value(grades, user), write)),
    ]);
  }
  return rows;
}

/** By their names; the test student last. */
function inOrder({ school }: WorkState, places: ReadonlyMap<number, number[]>): User[] {
  const isTest = (user: User) =>
    school.enrollmentsOfUser(user.id).some((each) => each.type === "StudentViewEnrollment");
  return [...places.keys()]
    .map((id) => school.users.get(id))
    .sort(
      (one, other) =>
        Number(isTest(one)) - Number(isTest(other)) ||
        one.sortable_name.localeCompare(other.sortable_name, "en") ||
        one.id - other.id,
    );
}

function gradable(state: WorkState, course: Course): Assignment[] {
  const positions = new Map(groupsOf(state, course.id).map((group) => [group.id, group.position]));
  const place = (each: Assignment) => positions.get(each.assignment_group_id) ?? 0;
  return assignmentsOf(state, course.id)
    .filter((each) => each.workflow_state === "published" && each.grading_type !== "not_graded")
    .sort((one, other) => place(one) - place(other) || one.position - other.position);
}

function title({ name, id }: Assignment): string {
  return `${name} (${id})`;
}

type PeopleColumn = readonly [name: string, value: (user: User) => Cell];

function peopleColumns(
  { school }: WorkState,
  places: ReadonlyMap<number, number[]>,
  options: GradebookExportOptions,
): PeopleColumn[] {
  const sis = options.sisIds ?? true;
  const names: PeopleColumn[] =
    options.splitNames === true
      ? [
          ["LastName", ({ last_name }) => guarded(last_name)],
          ["FirstName", ({ first_name }) => guarded(first_name)],
        ]
      : [["Student", ({ sortable_name }) => guarded(sortable_name)]];
  const sections = (user: User) =>
    (places.get(user.id) ?? []).map((id) => school.sections.get(id).name).sort();
  return [
    ...names,
    ["ID", ({ id }) => id],
    ...(sis ? [["SIS User ID", ({ sis_id }) => sis_id] satisfies PeopleColumn] : []),
    ["SIS Login ID", ({ login_id }) => login_id],
    ...(sis && options.integrationIds === true
      ? [["Integration ID", ({ integration_id }) => integration_id] satisfies PeopleColumn]
      : []),
    ...(sis && options.rootAccount === true
      ? [["Root Account", () => "oakdale.instructure.example"] satisfies PeopleColumn]
      : []),
    ["Section", (user) => sentence(sections(user), options.andText ?? " and ")],
  ];
}

/** A spreadsheet would take a name that begins with = for a formula. */
function guarded(name: string): string {
  return /^\s*=/.test(name) ? `="${name}"` : name;
}

/** "A", "A and B", "A, B, and C". */
function sentence(names: readonly string[], and: string): string {
  if (names.length < 3) return names.join(and);
  return `${names.slice(0, -1).join(", ")},${and}${names.at(-1) ?? ""}`;
}

function isHidden(state: WorkState, assignment: Assignment): boolean {
  return assignment.post_manually || isHiddenFromAll(state, assignment);
}

function isHiddenFromAll(state: WorkState, assignment: Assignment): boolean {
  if (!assignment.anonymous_grading) return false;
  return [...(state.submissions.get(assignment.id)?.values() ?? [])].some(
    ({ workflow_state, posted_at }) => workflow_state !== "deleted" && posted_at === null,
  );
}

function hiddenText(state: WorkState, assignment: Assignment, { muted }: GradebookExportOptions): Cell {
  if (isHiddenFromAll(state, assignment)) return HIDDEN_FROM_ALL;
  if (!assignment.post_manually) return null;
  return muted === true ? "Muted" : HIDDEN;
}

type NumberWriter = (value: number | null) => string | null;

function scoreCell(state: WorkState, assignment: Assignment, user: User, write: NumberWriter): Cell {
  const submission: Submission | undefined = state.submissions.get(assignment.id)?.get(user.id);
  const none = submission === undefined || submission.workflow_state === "deleted";
  if (none || isHiddenFromAll(state, assignment)) return "N/A";
  if (submission.excused) return "EX";
  return assignment.grading_type === "gpa_scale" ? submission.grade : write(submission.score);
}

function asCell(value: Cell, write: NumberWriter): Cell {
  return typeof value === "number" ? write(value) : value;
}
