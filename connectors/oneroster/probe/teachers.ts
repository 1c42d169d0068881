/** Which of some classes have a teacher, where the enrollments of a district are too many to be read. */
import { Failure } from "../../../config/failure.ts";
import { idText, refText } from "../loose-values.ts";
import { percentEncode } from "../percent.ts";
import { readRecord } from "../read-record.ts";
import type { ProbeDeps } from "./endpoint.ts";
import { fetchSamplePage, type SamplePage } from "./sample-page.ts";

export interface TaughtSample {
  /** sourcedIds of the classes that were asked for. */
  asked: string[];
  untaught: string[];
}

const MOST_CLASSES = 12;
const MOST_PEOPLE = 200;

type WhetherTaught = (classId: string) => Promise<boolean | undefined>;

/**
 * By `/classes/{id}/teachers` (OneRoster 1.1 §3.3), or else by a filter on enrollments; undefined where the SIS
 * understands neither.
 * @param classes sourcedIds, of which some are asked for, from begin to end
 */
export async function sampleTeachers(
  classes: readonly string[],
  deps: ProbeDeps,
  until: number,
): Promise<TaughtSample | undefined> {
  const step = Math.max(1, Math.floor(classes.length / MOST_CLASSES));
  const chosen = classes.filter((_, index) => index % step === 0).slice(0, MOST_CLASSES);
  const [first] = chosen;
  if (first === undefined) return undefined;
  const ways: WhetherTaught[] = [(id) => byTeachers(id, deps), (id) => byEnrollments(id, deps)];
  for (const way of ways) {
    const sample: TaughtSample = { asked: [], untaught: [] };
    for (const id of chosen) {
      if (deps.ports.now() >= until) break;
      const taught = await way(id);
      if (taught === undefined) break;
      sample.asked.push(id);
      if (!taught) sample.untaught.push(id);
    }
    if (sample.asked.length > 0) return sample;
  }
  return undefined;
}

async function byTeachers(classId: string, deps: ProbeDeps): Promise<boolean | undefined> {
  const page = await pageOf(`classes/${percentEncode(classId)}/teachers`, 5, undefined, deps);
  if (page === undefined) return undefined;
  return page.records.some((raw) => {
    const { record } = readRecord("users", raw);
    return record !== undefined && !record.gone;
  });
}

async function byEnrollments(classId: string, deps: ProbeDeps): Promise<boolean | undefined> {
  if (classId.includes("'")) return undefined;
  const page = await pageOf("enrollments", MOST_PEOPLE, `class.sourcedId='${classId}'`, deps);
  // One that is full may go on, one that is empty may be a filter that is not understood.
  if (page === undefined || page.received === 0 || page.received >= MOST_PEOPLE) return undefined;
  if (page.records.some((raw) => refText((raw as { class?: unknown }).class) !== classId)) return undefined;
  return page.records.some((raw) => {
    const { record } = readRecord("enrollments", raw);
    return record?.role === "teacher" && !record.gone && idText(record.user) !== undefined;
  });
}

async function pageOf(
  path: string,
  limit: number,
  filter: string | undefined,
  deps: ProbeDeps,
): Promise<SamplePage | undefined> {
  const query = { limit, offset: 0, sorted: false, filter };
  try {
    return await fetchSamplePage({ root: deps.config.url, path }, query, deps);
  } catch (error) {
    deps.signal.throwIfAborted();
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
