/** Graded work as Canvas's SIS Integration API and Submissions API give it (Canvas REST API documentation). */
import { Failure } from "../../../config/failure.ts";
import type { SectionGrades } from "../records.ts";
import { type CanvasClient, createCanvasClient } from "./client.ts";
import { compareIds } from "./ids.ts";
import { inOrder } from "./in-order.ts";
import type { CanvasApiConfig, CanvasApiOptions } from "./ports.ts";
import { readSectionGrades } from "./section-grades.ts";
import { type SectionWork, sectionWork } from "./section-work.ts";
import { assignmentsByCourse } from "./sis-assignments.ts";
import { type CanvasSubmission, showsSisId } from "./submissions.ts";

const PAGE_SIZE = 100;
/** So many pieces of work without one SIS id are no coincidence. */
const ENOUGH_TO_JUDGE = 100;

/**
 * Section by section, in the order of Canvas's course and section ids, each as soon as it and those before it are
 * complete; no more sections are in memory than are read at the same time. A section that Canvas refuses to show
 * comes with its assignments and their `problem`.
 * @throws Failure source.… when Canvas, or anything of it, cannot be had completely; the signal's reason
 */
export async function* readCanvasApi(
  config: CanvasApiConfig,
  options: CanvasApiOptions,
): AsyncGenerator<SectionGrades> {
  const base = new URL(config.url.endsWith("/") ? config.url : `${config.url}/`);
  const client = createCanvasClient(config, options);
  const notice = sisIdWatch();
  const reading = { client, base, comments: options.comments, notice };
  try {
    yield* inOrder(
      (signal) => allWork(client, base, listsOf(base, config, options), signal),
      (work, signal) => readSectionGrades(work, reading, signal),
      { width: options.concurrency, signal: options.signal },
    );
  } finally {
    await client.close();
  }
}

async function* allWork(
  client: CanvasClient,
  base: URL,
  lists: URL[],
  signal: AbortSignal,
): AsyncGenerator<SectionWork> {
  for (const list of lists) {
    for await (const course of assignmentsByCourse(client, list, signal)) yield* sectionWork(course, base);
  }
}

/** One list of the whole account, or one of each course that is asked for. */
function listsOf(base: URL, config: CanvasApiConfig, { courses }: CanvasApiOptions): URL[] {
  const paths =
    courses === undefined
      ? [`accounts/${encodeURIComponent(config.account)}`]
      : [...courses].sort(compareIds).map((id) => `courses/${bySisId(id)}`);
  return paths.map((path) => {
    const url = new URL(`api/sis/${path}/assignments`, base);
    url.searchParams.append("include[]", "student_overrides");
    url.searchParams.append("per_page", String(PAGE_SIZE));
    return url;
  });
}

/** "CS/101.11" is CS%2F101%2E11 (Canvas API, SIS IDs): a dot would be taken for the beginning of a format. */
function bySisId(id: string): string {
  return `sis_course_id:${encodeURIComponent(id).replaceAll(".", "%2E")}`;
}

/** Ends the run when Canvas hides the SIS ids: every grade would be skipped, each for a reason that is not its own. */
function sisIdWatch(): (submission: CanvasSubmission) => void {
  let hidden = 0;
  let shown = false;
  return (submission) => {
    if (shown || submission.user == null) return;
    shown = showsSisId(submission);
    if (shown || ++hidden < ENOUGH_TO_JUDGE) return;
    throw new Failure(
      "source.unauthorized",
      `Canvas shows no SIS id of any user (${hidden} were looked at)`,
      {
        hint: "Give the role of the token's user the account permission SIS Data - read, and run again.",
      },
    );
  };
}
