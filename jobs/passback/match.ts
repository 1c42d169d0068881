/** Stage match: what Canvas says against the ledger and the SIS; what is to be sent, and what is not, and why. */
import type { SectionGrades, Submission } from "../../connectors/canvas/records.ts";
import type { Gradebook } from "../../connectors/oneroster/gradebook.ts";
import { createFrames } from "../../connectors/store/frames.ts";
import type { GroundSection, RosterGround } from "../../connectors/store/ground.ts";
import { countSections, readSnapshot } from "../../connectors/store/snapshot.ts";
import { type Category, categoryFilter } from "../../mappers/categories.ts";
import type { GradingSession } from "../../mappers/grading-periods.ts";
import type { Run } from "../run/run.ts";
import { mapClass, type MappingPorts } from "./class-mapping.ts";
import { ofOneClass } from "./class-refusals.ts";
import { demandDetails } from "./details.ts";
import type { PassbackFolders } from "./folders.ts";
import { openGradesFile } from "./grades-file.ts";
import { matchClass, type MatchPorts, type MatchedClass, skipped } from "./match-class.ts";
import type { ClassPlan } from "./plan.ts";
import { tellCourses, writeDecided } from "./post.ts";
import { because, problem, row, type Row, type RowPlace, type Why } from "./rows.ts";
import { createTally } from "./tally.ts";
import { together } from "./together.ts";
import { wouldSend } from "./would-send.ts";

export interface MatchStage extends MatchPorts, Omit<MappingPorts, "categories" | "sessions"> {
  gradebook: Pick<Gradebook, "lineItemsOfClass" | "resultsOfClass" | "categories" | "gradingPeriods">;
  ground: RosterGround;
}

/** Each needs the SIS only now and then; without that they are done one after the other all the same. */
const SECTIONS_AT_ONCE = 8;

/** @throws Failure source.… when the SIS as a whole cannot be asked, usage.snapshot */
export async function match(run: Run, folders: PassbackFolders, ports: MatchStage): Promise<void> {
  demandDetails(run, ports.rules);
  const plans = createFrames<ClassPlan>(folders.plans);
  const file = openGradesFile(folders.grades);
  const tally = createTally();
  const total = countSections(folders.snapshot);
  const sis = askedOnce(ports);
  let done = 0;
  let toSend = 0;

  function tell(place: RowPlace, rows: readonly Row[]): void {
    file.add(place, rows);
    tally.add(place, rows);
  }

  try {
    await together(readSnapshot(folders.snapshot), SECTIONS_AT_ONCE, async (grades) => {
      run.signal.throwIfAborted();
      const place = placeOf(grades, ports.ground);
      tally.name(place, grades.course.name ?? "");
      const { rows, plan } = await matchSection(grades, sis, ports);
      tell(place, rows);
      if (plan !== undefined) toSend++;
      if (plan !== undefined && run.manifest.dryRun) tell(place, await wouldSend(plan, ports));
      else if (plan !== undefined) plans.add(plan);
      run.progress({ stage: "match", unit: "sections", done: ++done, total });
    });
    plans.done();
  } catch (error) {
    plans.abandon();
    throw error;
  } finally {
    const bytes = file.close();
    writeDecided(folders, { bytes, tally: { courses: [...tally.courses()] } });
    tellCourses(run, folders, tally);
  }
  run.log.info(
    { stage: "match", classes: toSend },
    `match: something ${run.manifest.dryRun ? "would" : "is to"} be sent to ${n(toSend)} classes`,
  );
}

async function matchSection(
  grades: SectionGrades,
  sis: ReturnType<typeof askedOnce>,
  ports: MatchStage,
): Promise<MatchedClass> {
  const { sis_id } = grades.section;
  const place = sis_id === null ? undefined : ports.ground.section(sis_id);
  if (place === undefined) {
    const isNowhere = grades.section.id === undefined;
    const why = sis_id !== null ? NOT_IN_ROSTER : isNowhere ? NO_SECTION : NO_CLASS;
    return { rows: strangers(grades, why), plan: undefined };
  }
  // Only what is asked of one class can be refused for that class alone.
  const isOfClass = ports.rules.categories.lookup === "per-class";
  const ask = () => sis.categories(place);
  const categories = isOfClass ? await ofOneClass(place.classId, ask) : { value: await ask() };
  const sessions = await sis.sessions();
  const known = "why" in categories ? [] : categories.value;
  const mapping = mapClass(grades, place, { ...ports, categories: known, sessions });
  if ("why" in categories) {
    const rows = grades.assignments.flatMap((assignment) =>
      skipped(assignment, mapping.titles.get(assignment.assignment.id) ?? "", categories.why, mapping),
    );
    return { rows, plan: undefined };
  }
  return matchClass(grades, place, mapping, ports);
}

const NO_CLASS = because("the section was made in Canvas and is no class of the SIS");
const NO_SECTION = because("it is in no section, and so in no class of the SIS");
const NOT_IN_ROSTER: Why = problem(
  "the section is no class of the last delivered roster",
  "If the class is new, the next night of `rosterbridge roster` brings it; if the SIS has dropped it, its grades have no place there.",
);

/** What the source has found wrong with work itself is more to the point than where it was found. */
function strangers({ assignments }: SectionGrades, whySection: Why): Row[] {
  return assignments.flatMap(({ assignment: { id, name: title, problem: found }, submissions }) => {
    const why = found === undefined ? whySection : problem(found);
    return strangersOf({ id, title, submissions }, why);
  });
}

function strangersOf(
  { id, title, submissions }: { id: string; title: string; submissions: readonly Submission[] },
  why: Why,
): Row[] {
  return [
    row({ record: "lineItem", assignment: id, title, student: "" }, "skipped", why),
    ...submissions
      .filter(({ score, excused }) => score !== undefined || excused === true)
      .map(({ sis_user_id, user_id, score = "EX" }) =>
        row(
          {
            record: "result",
            assignment: id,
            title,
            student: sis_user_id ?? user_id ?? "",
            score: String(score),
          },
          "skipped",
          why,
        ),
      ),
  ];
}

/** The roster's course and class, or else what Canvas calls them: an export that belongs nowhere has but a name. */
function placeOf({ course, section }: SectionGrades, ground: RosterGround): RowPlace {
  const known = section.sis_id === null ? undefined : ground.section(section.sis_id);
  if (known !== undefined) return { course: known.course_id, class: known.classId };
  return {
    course: course.sis_id ?? nameInCanvas(course, "course"),
    class: section.sis_id ?? nameInCanvas(section, "section"),
  };
}

function nameInCanvas({ id, name }: { id?: string; name?: string }, otherwise: string): string {
  return id === undefined ? (name ?? otherwise) : `canvas-${id}`;
}

/** What is asked of the SIS once a run, or once a class, and only when something of it is needed. */
function askedOnce({ gradebook, rules }: MatchStage) {
  const { lookup, override } = rules.categories;
  let all: Promise<Category[]> | undefined;
  let sessions: Promise<GradingSession[]> | undefined;
  return {
    categories({ classId }: GroundSection): Promise<Category[]> {
      if (override !== null || lookup === "none") return Promise.resolve([]);
      if (lookup === "per-class") return gradebook.categories({ kind: "class", classId });
      if (lookup === "filter")
        return gradebook.categories({ kind: "filter", filter: categoryFilter(classId, rules) });
      return (all ??= gradebook.categories({ kind: "all" }));
    },
    sessions(): Promise<GradingSession[]> {
      if (rules.gradingPeriod !== "by-due-date") return Promise.resolve([]);
      return (sessions ??= gradebook.gradingPeriods());
    },
  };
}

function n(value: number): string {
  return value.toLocaleString("en");
}
