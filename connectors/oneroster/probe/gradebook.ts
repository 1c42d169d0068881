/** What grade passback would meet in the SIS's gradebook: asked, never written to. */
import { Failure } from "../../../config/failure.ts";
import type { Config } from "../../../config/schema.ts";
import { ofClass } from "../gradebook/addresses.ts";
import { AnswerFailure } from "../source-failures.ts";
import type { ProbeDeps } from "./endpoint.ts";
import { departureSteps } from "./records.ts";
import { fetchSamplePage, promised, type SamplePage } from "./sample-page.ts";
import { rulesOf, type StandardRecord } from "./standard.ts";
import { asFinding, bad, count, doubtful, good, type ProbeStep } from "./step.ts";
import type { RosterSample } from "./survey.ts";

type GradesConfig = NonNullable<Config["grades"]>;
export type GradebookNeeds = Pick<GradesConfig, "categories" | "gradingPeriod">;

/** A class that the gradebook does not know says nothing of the others. */
const MOST_CLASSES = 3;

interface Question {
  name: string;
  type: StandardRecord;
  /** Tried one after the other, until one answers. */
  paths: readonly string[];
  root: string;
  /** Whether grades cannot be sent without it. */
  needed: boolean;
}

/** @param needs `unconfigured`: grades are not sent, so that nothing here is a fault */
export async function* probeGradebook(
  needs: GradebookNeeds | "unconfigured",
  sample: RosterSample,
  deps: ProbeDeps,
): AsyncGenerator<ProbeStep> {
  const { config } = deps;
  const classes = classesToAsk(sample);
  const root = config.gradebookUrl ?? config.url;
  const used = needs !== "unconfigured";
  const ofEach = (collection: "lineItems" | "results" | "categories") =>
    classes.map((id) => ofClass(id, collection));
  const lookup = used ? needs.categories.lookup : "all";
  const questions: Question[] = [
    {
      ...{ name: "categories", type: "categories", root },
      paths: lookup === "per-class" ? ofEach("categories") : ["categories"],
      needed: used && lookup !== "none",
    },
    { name: "lineItems of a class", type: "lineItems", root, paths: ofEach("lineItems"), needed: used },
    { name: "results of a class", type: "results", root, paths: ofEach("results"), needed: used },
  ];
  for (const question of questions) yield* answersTo(question, used, deps);
  yield* gradingPeriods(used && needs.gradingPeriod === "by-due-date", used, deps);
}

/** With students in them first: these are likely to have grades. */
function classesToAsk({ kinds: { classes, enrollments } }: RosterSample): string[] {
  const all = (classes?.records ?? []).map(({ sourcedId }) => sourcedId);
  const known = new Set(all);
  const taken = (enrollments?.records ?? [])
    .map((enrollment) => enrollment.class)
    .filter((id) => known.has(id));
  return [...new Set([...taken, ...all])].slice(0, MOST_CLASSES);
}

async function* answersTo(question: Question, used: boolean, deps: ProbeDeps): AsyncGenerator<ProbeStep> {
  const { name, type, paths, needed } = question;
  const { ports, signal, config } = deps;
  if (paths.length === 0) {
    yield doubtful(
      name,
      null,
      "not tried, as no class is known to ask for",
      "Mend what is wrong with classes first.",
    );
    return;
  }
  const startedAt = ports.now();
  let failure: Failure | undefined;
  for (const path of paths) {
    try {
      const page = await ask(path, question, deps);
      yield good(name, ports.now() - startedAt, wordsOf(path, page));
      yield* departureSteps(name, rulesOf(type, config.version), page.records);
      return;
    } catch (error) {
      failure = asFinding(error, signal);
      if (!(failure instanceof AnswerFailure) || failure.status !== 404) break;
    }
  }
  if (failure !== undefined) yield refused(name, ports.now() - startedAt, failure, { needed, used });
}

async function ask(path: string, { root }: Question, deps: ProbeDeps): Promise<SamplePage> {
  const limit = deps.config.pageSize;
  const query = (sorted: boolean) => ({ limit, offset: 0, sorted, filter: undefined });
  try {
    return await fetchSamplePage({ root, path }, query(true), deps);
  } catch (error) {
    if (!(error instanceof AnswerFailure) || error.status !== 400) throw error;
    return fetchSamplePage({ root, path }, query(false), deps);
  }
}

function wordsOf(path: string, page: SamplePage): string {
  const total = promised(page);
  const counted =
    total === undefined ? `${count(page.received, "record")}, no X-Total-Count` : count(total, "record");
  return `/${path}: ${counted}`;
}

function refused(
  name: string,
  ms: number,
  failure: Failure,
  { needed, used }: { needed: boolean; used: boolean },
): ProbeStep {
  if (!used) return good(name, ms, `${whyNot(failure)}; no matter, as this configuration sends no grades`);
  if (needed) return bad(name, ms, withHint(failure));
  return doubtful(name, ms, failure.message, "Nothing to mend: this configuration does not need it.");
}

function whyNot(failure: Failure): string {
  const why =
    failure instanceof AnswerFailure ? String(failure.status) : failure.code.replace(/^source\./, "");
  return `not to be had (${why})`;
}

function withHint(failure: Failure): Pick<Failure, "message" | "hint"> & Failure {
  if (failure.code !== "source.not-found") return failure;
  return new Failure("source.not-found", failure.message, {
    hint: "Check source.gradebookUrl (or source.url, where it is not given), and ask the SIS's support whether grade passback is switched on for this key.",
  });
}

/** Not offered by many; a run then looks among all sessions. */
async function* gradingPeriods(needed: boolean, used: boolean, deps: ProbeDeps): AsyncGenerator<ProbeStep> {
  const { config, ports, signal } = deps;
  const [name, path] = ["gradingPeriods", "gradingPeriods"];
  const startedAt = ports.now();
  const question: Question = { name, type: "academicSessions", root: config.url, paths: [path], needed };
  try {
    const page = await ask(path, question, deps);
    const words = wordsOf(path, page);
    if (page.received > 0 || !needed) yield good(name, ports.now() - startedAt, words);
    else yield doubtful(name, ports.now() - startedAt, words, AMONG_ALL);
  } catch (error) {
    const failure = asFinding(error, signal);
    const ms = ports.now() - startedAt;
    if (!needed)
      yield good(
        name,
        ms,
        `${whyNot(failure)}; no matter, as ${used ? "grades.gradingPeriod does not ask for them" : "this configuration sends no grades"}`,
      );
    else yield doubtful(name, ms, failure.message, AMONG_ALL);
  }
}

const AMONG_ALL =
  "Nothing to mend: the grading period of a due date is then looked for among all academicSessions.";
