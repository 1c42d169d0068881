/** Stage post: what is to be sent, class by class, to the SIS; and what became of it, for people. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Failure } from "../../config/failure.ts";
import { countFrames, readFrames } from "../../connectors/store/frames.ts";
import type { LedgerLineItem, LedgerResult } from "../../connectors/store/ledger.ts";
import { replaceFile } from "../run/files.ts";
import type { Run } from "../run/run.ts";
import { coursePage, hasNews, pageName } from "./course-summary.ts";
import type { PassbackFolders } from "./folders.ts";
import { openGradesFile } from "./grades-file.ts";
import type { ClassOutcome, ClassPlan } from "./plan.ts";
import { postClass } from "./post-class.ts";
import { createPostedFile, type PostedFile } from "./posted-file.ts";
import type { PostPorts } from "./posting.ts";
import { type Before, isSample, readBack, type ReadBackPorts } from "./read-back.ts";
import { createTally, type Tally, type TallyState } from "./tally.ts";
import { together } from "./together.ts";

/** What the stage match has decided, besides the plans. */
export interface Decided {
  /** Length of its part of grades.csv. */
  bytes: number;
  tally: TallyState;
}

/** Enough that a SIS which takes its time with one class is kept busy by the others. */
const CLASSES_AT_ONCE = 8;

/** @throws Failure source.… ; what has been told until then is in grades.csv all the same */
export async function post(
  run: Run,
  folders: PassbackFolders,
  ports: PostPorts & ReadBackPorts,
): Promise<void> {
  const posted = createPostedFile(folders.posted);
  try {
    await postAll(run, folders, posted, ports);
  } finally {
    tell(run, folders, posted);
    posted.close();
  }
}

async function postAll(
  run: Run,
  folders: PassbackFolders,
  posted: PostedFile,
  ports: PostPorts & ReadBackPorts,
): Promise<void> {
  const total = countFrames(folders.plans);
  let done = 0;
  const doubt = { isThere: false };
  await together(readFrames(folders.plans) as Generator<ClassPlan>, CLASSES_AT_ONCE, async (plan, number) => {
    run.signal.throwIfAborted();
    const before = doubt.isThere || isSample(number) ? digestsBefore(plan, ports) : undefined;
    const rows = await postClass(plan, ports);
    const outcome: ClassOutcome = { course: plan.course, class: plan.class, classId: plan.classId, rows };
    const corrected = before === undefined ? undefined : await readBack(outcome, ports, { plan, before });
    posted.add(corrected ?? outcome);
    if (corrected !== undefined && !doubt.isThere) {
      doubt.isThere = true;
      run.log.warn(
        { stage: "post", class: plan.classId },
        "post: the SIS does not hold what it said that it had taken; from now on every class is read back, and those before",
      );
    }
    run.progress({ stage: "post", unit: "classes", done: ++done, total });
  });
  if (doubt.isThere) await readAllBack(posted, ports);
}

/** Every class that was sent to before the first doubt. One that was read back already is found as it was told. */
async function readAllBack(posted: PostedFile, ports: ReadBackPorts): Promise<void> {
  for (const [number, outcome] of posted.all()) {
    if (!outcome.rows.some((row) => row.outcome === "sent" || row.outcome === "removed")) continue;
    const corrected = await readBack(outcome, ports);
    if (corrected !== undefined) posted.add(corrected, number);
  }
}

/** By sourcedId, which an assignment that was made again in Canvas takes over. */
function digestsBefore({ classId }: ClassPlan, { ledger }: PostPorts): Before {
  const { lineItems, results } = ledger.ofClass(classId);
  const confirmed = (entries: Iterable<LedgerLineItem | LedgerResult>) =>
    new Map(Array.from(entries, (entry) => [entry.sourcedId, entry.confirmed]));
  const before = {
    lineItem: confirmed(lineItems.values()),
    result: confirmed([...results.values()].flatMap((ofOne) => [...ofOne.values()])),
  };
  return ({ record, sourcedId }) => before[record].get(sourcedId) ?? null;
}

/** grades.csv, the pages of the courses and the manifest's counts: of what was decided, and of what was posted. */
function tell(run: Run, folders: PassbackFolders, posted: PostedFile): void {
  const decided = readDecided(folders);
  const tally = createTally(decided.tally);
  const file = openGradesFile(folders.grades, decided.bytes);
  for (const [, outcome] of posted.all()) {
    file.add(outcome, outcome.rows);
    tally.add(outcome, outcome.rows);
  }
  file.close();
  tellCourses(run, folders, tally);
}

/** The manifest's counts, and a page for each course of which there is something to tell. */
export function tellCourses(run: Run, folders: PassbackFolders, tally: Tally): void {
  const { manifest } = run;
  if (manifest.grades !== undefined) Object.assign(manifest.grades, tally.entry());
  rmSync(folders.courses, { recursive: true, force: true });
  mkdirSync(folders.courses, { recursive: true, mode: 0o700 });
  const facts = { run: run.id, at: manifest.startedAt, dryRun: manifest.dryRun };
  for (const course of tally.courses()) {
    if (!hasNews(course)) continue;
    writeFileSync(join(folders.courses, pageName(course.course)), coursePage(course, facts), { mode: 0o600 });
  }
}

export function writeDecided(folders: PassbackFolders, decided: Decided): void {
  mkdirSync(dirname(folders.decided), { recursive: true, mode: 0o700 });
  replaceFile(folders.decided, JSON.stringify(decided));
}

function readDecided({ decided, grades }: PassbackFolders): Decided {
  try {
    if (!existsSync(grades)) throw new Error(`${grades} is gone`);
    return JSON.parse(readFileSync(decided, "utf8")) as Decided;
  } catch (cause) {
    throw new Failure(
      "internal.file-damaged",
      `What was kept of the run is damaged: ${decided} cannot be read.`,
      {
        hint: "Make a new run with `rosterbridge grades`.",
        cause,
      },
    );
  }
}
