/** Endpoints that this configuration does not read: whether they would be there for another one. */
import pLimit from "p-limit";
import { Failure } from "../../../config/failure.ts";
import type { CollectionName } from "../../../config/schema.ts";
import { percentEncode } from "../percent.ts";
import { AnswerFailure } from "../source-failures.ts";
import type { ProbeDeps } from "./endpoint.ts";
import { fetchSamplePage } from "./sample-page.ts";
import { good, type ProbeStep } from "./step.ts";

/** A SIS may be read school by school because its bulk endpoints take minutes. */
const PATIENCE_MS = 10_000;

const IN_BULK: readonly CollectionName[] = [
  ...(["orgs", "schools", "academicSessions", "terms", "gradingPeriods", "courses", "classes"] as const),
  ...(["users", "students", "teachers", "enrollments"] as const),
];
const OF_A_SCHOOL: readonly CollectionName[] = [
  ...(["courses", "classes", "students", "teachers", "enrollments", "terms"] as const),
];

/**
 * Each asked for one record. That one is missing is no fault: nothing depends on it.
 * @param asked paths that were asked already
 * @param school sourcedId of some school, whose endpoints stand for those of all
 */
export async function otherEndpointSteps(
  asked: ReadonlySet<string>,
  school: string | undefined,
  deps: ProbeDeps,
): Promise<ProbeStep[]> {
  const { exclude } = deps.config;
  const wanted = (names: readonly CollectionName[], under: string) =>
    names.filter((name) => !exclude.includes(name)).map((name) => `${under}${name}`);
  const ofSchool = school === undefined ? [] : wanted(OF_A_SCHOOL, `schools/${percentEncode(school)}/`);
  const groups: [name: string, paths: string[]][] = [
    ["other endpoints", wanted(IN_BULK, "")],
    ["per-school service", ofSchool.some((path) => asked.has(path)) ? [] : ofSchool],
  ];
  const steps: ProbeStep[] = [];
  for (const [name, paths] of groups) {
    const rest = paths.filter((path) => !asked.has(path));
    if (rest.length > 0) steps.push(await otherStep(name, rest, deps));
  }
  return steps;
}

async function otherStep(name: string, paths: readonly string[], deps: ProbeDeps): Promise<ProbeStep> {
  const startedAt = deps.ports.now();
  const inFlight = pLimit(deps.config.concurrency);
  const answers = await Promise.all(paths.map((path) => inFlight(() => answerOf(path, deps))));
  const named = paths.map((path, index) => ({
    name: path.slice(path.lastIndexOf("/") + 1),
    problem: answers[index],
  }));
  const answering = named.filter(({ problem }) => problem === undefined).map((one) => one.name);
  const not = named.flatMap((one) => (one.problem === undefined ? [] : [`${one.name} (${one.problem})`]));
  const words = [
    ...(answering.length > 0
      ? [`${answering.join(", ")} answer${answering.length === 1 ? "s" : ""} too`]
      : []),
    ...(not.length > 0 ? [`not to be had: ${not.join(", ")}`] : []),
  ].join("; ");
  return good(name, deps.ports.now() - startedAt, `${words}; this configuration needs none of them`);
}

/** In a word why not; undefined where it answers. */
async function answerOf(path: string, deps: ProbeDeps): Promise<string | undefined> {
  const query = { limit: 1, offset: 0, sorted: false, filter: undefined };
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const signal = AbortSignal.any([deps.signal, patience]);
  try {
    await fetchSamplePage({ root: deps.config.url, path }, query, { ...deps, signal });
    return undefined;
  } catch (error) {
    deps.signal.throwIfAborted();
    if (patience.aborted) return "too slow";
    if (error instanceof AnswerFailure) return String(error.status);
    if (error instanceof Failure) return error.code.replace(/^source\./, "");
    throw error;
  }
}
