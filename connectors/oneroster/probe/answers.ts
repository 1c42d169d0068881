/** How an endpoint answers: how much at a time, how fast, and whether it obeys what it is asked. */
import { idText } from "../loose-values.ts";
import { AnswerFailure } from "../source-failures.ts";
import type { ProbeDeps } from "./endpoint.ts";
import type { Sample } from "./sample.ts";
import { fetchSamplePage, promised } from "./sample-page.ts";
import { count, doubtful, good, type ProbeStep } from "./step.ts";

type Obedience = "works" | "is refused" | "is ignored" | "is answered with nothing" | "was not tried";

/** By the standard, /students and /teachers wrap in `users` and so on (OneRoster 1.1 §3.3). */
const WRAPPERS: Record<string, string> = {
  ...{ schools: "orgs", students: "users", teachers: "users" },
  ...{ terms: "academicSessions", gradingPeriods: "academicSessions" },
};
/** Anything else could not be told from a filter that the SIS does not understand. */
const PLAIN_ID = /^[\w.:-]+$/;

export async function answersStep(sample: Sample, deps: ProbeDeps): Promise<ProbeStep> {
  const { first, probe } = sample;
  const { path } = probe.endpoint;
  const { received, hasNext, ms } = first;
  const sort = await sortObedience(sample, deps);
  const filter = await filterObedience(sample, deps);
  const total = promised(first);
  const wrapper = oddWrapper(path, first.keys);
  const more = (total ?? sample.records.length) > received;
  const size =
    more && received < deps.config.pageSize
      ? ` (${deps.config.pageSize.toLocaleString("en")} were asked for)`
      : "";
  const words = [
    `${count(received, "record")} a page${size}`,
    total === undefined ? "no X-Total-Count" : "X-Total-Count",
    ...(more ? [hasNext ? "Link" : "no Link"] : []),
    `sort ${sort}`,
    `filter ${filter}`,
    ...(wrapper === undefined ? [] : [wrapper]),
  ].join("; ");
  const name = `${path} answers`;
  const hints = [
    ...(isOdd(sort) ? [SORT] : []),
    ...(isOdd(filter) ? [FILTER] : []),
    ...(wrapper === undefined ? [] : [WRAPPED]),
  ];
  return hints.length === 0 ? good(name, ms, words) : doubtful(name, ms, words, hints.join(" "));
}

const SORT =
  "Without sort, pages may repeat and skip records: a night notices, and then reads one page after the other, which takes longer. Worth telling the SIS's support.";
const FILTER =
  "A night needs no filter. Those of source.filters are applied by rosterbridge itself where the SIS does not.";
const WRAPPED = "The standard has another name around the records; a night takes either.";

function isOdd(obedience: Obedience): boolean {
  return obedience !== "works" && obedience !== "was not tried";
}

/** Begun from the other end, the first record is another one; in which order letters and digits come is the SIS's affair. */
async function sortObedience({ probe, first }: Sample, deps: ProbeDeps): Promise<Obedience> {
  if (!probe.opening.asking.sorted) return "is refused";
  const top = idOf(first.records[0]);
  if (top === undefined || (promised(first) ?? first.received) < 2) return "was not tried";
  const query = { limit: 1, offset: 0, sorted: true, descending: true, filter: undefined };
  const found = await attempt(() => ask(probe.endpoint.path, query, deps));
  if (found === undefined) return "is refused";
  const bottom = idOf(found.records[0]);
  return (bottom !== undefined && bottom !== top) || isAscending(first.records) ? "works" : "is ignored";
}

function isAscending(records: readonly unknown[]): boolean {
  const ids = records.map((record) => idOf(record) ?? "");
  return ids.length > 2 && ids.every((id, index) => index === 0 || (ids[index - 1] ?? "") <= id);
}

async function filterObedience({ probe, first }: Sample, deps: ProbeDeps): Promise<Obedience> {
  const wanted = first.records.map(idOf).findLast((id) => id !== undefined && PLAIN_ID.test(id));
  if (wanted === undefined || first.received < 2) return "was not tried";
  const query = { limit: 2, offset: 0, sorted: false, filter: `sourcedId='${wanted}'` };
  const found = await attempt(() => ask(probe.endpoint.path, query, deps));
  if (found === undefined) return "is refused";
  if (found.received === 0) return "is answered with nothing";
  return found.records.every((record) => idOf(record) === wanted) ? "works" : "is ignored";
}

function ask(path: string, query: Parameters<typeof fetchSamplePage>[1], deps: ProbeDeps) {
  return fetchSamplePage({ root: deps.config.url, path }, query, deps);
}

/** Undefined where the SIS says no: this is asked for the report alone, and no night depends on it. */
async function attempt<T>(asking: () => Promise<T>): Promise<T | undefined> {
  try {
    return await asking();
  } catch (error) {
    if (error instanceof AnswerFailure) return undefined;
    throw error;
  }
}

function idOf(record: unknown): string | undefined {
  return idText((record as { sourcedId?: unknown } | undefined)?.sourcedId);
}

function oddWrapper(path: string, keys: readonly string[]): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const standard = WRAPPERS[name] ?? name;
  return keys.includes(standard) ? undefined : `wrapped in "${name}" instead of "${standard}"`;
}
