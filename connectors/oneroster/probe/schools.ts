/** Which schools a night would read, and the endpoints of each of them. */
import pLimit from "p-limit";
import type { CollectionName } from "../../../config/schema.ts";
import { bulkEndpoints, type Endpoint, schoolEndpoints } from "../endpoints.ts";
import { readEndpoint } from "../read-endpoint.ts";
import type { RecordType } from "../records.ts";
import { noSchools } from "../roster-reading.ts";
import { schoolsToRead } from "../schools.ts";
import { type EndpointProbe, endpointStep, probeEndpoint, type ProbeDeps, totalOf } from "./endpoint.ts";
import { probeSink } from "./sink.ts";
import { asFinding, bad, count, good, type ProbeStep } from "./step.ts";

export interface SchoolsProbe {
  step: ProbeStep;
  /** sourcedIds; none where they cannot be had. */
  ids: string[];
}

/** Reads all orgs, as a night does: whether a school is there is not known from some of them. */
export async function probeSchools(deps: ProbeDeps): Promise<SchoolsProbe> {
  const { config, ports, signal } = deps;
  const startedAt = ports.now();
  const memory = { sortRefused: false };
  try {
    const reading = (endpoint: Endpoint) => readEndpoint(endpoint, { ...deps, sink: probeSink, memory });
    const readings = await Promise.all(bulkEndpoints("orgs", config.exclude).map(reading));
    const ids = schoolsToRead(
      config.schools,
      readings.flatMap(({ orgs }) => orgs),
    );
    if (ids.length === 0 && config.service === "per-school") throw noSchools();
    return { step: good("schools", ports.now() - startedAt, schoolWords(ids, config.schools)), ids };
  } catch (error) {
    return { step: bad("schools", ports.now() - startedAt, asFinding(error, signal)), ids: [] };
  }
}

/** @param configured source.schools */
export function schoolWords(ids: readonly string[], configured: readonly string[]): string {
  return `${count(ids.length, "school")}${configured.length > 0 ? ", as source.schools says" : ""}`;
}

/** One collection, in all schools. */
export interface CollectionProbe {
  collection: CollectionName;
  probes: EndpointProbe[];
}

/** The endpoints of every school that have what `collection` has: as a night reads them, each asked for one record. */
export async function probeBySchool(
  type: RecordType,
  collection: CollectionName,
  ids: readonly string[],
  deps: ProbeDeps,
): Promise<CollectionProbe[]> {
  const inFlight = pLimit(deps.config.concurrency);
  const endpoints = ids.flatMap((id) => schoolEndpoints(type, collection, id, deps.config.exclude));
  const probes = await Promise.all(
    endpoints.map((endpoint) => inFlight(() => probeEndpoint(endpoint, deps))),
  );
  return [...Map.groupBy(probes, ({ endpoint }) => endpoint.collection)].map(([collection, probes]) => ({
    collection,
    probes,
  }));
}

/** One line for all schools: the worst of what was found, in how many of them, and the slowest answer. */
export function collectionStep({ collection, probes }: CollectionProbe): ProbeStep {
  const name = `${collection} by school`;
  const ms = Math.max(...probes.map((probe) => probe.ms));
  const steps = probes.map((probe) => ({ ...endpointStep(probe), isEmpty: isEmpty(probe) }));
  // Not every school has something of everything.
  const remarkable = steps.every(({ isEmpty }) => isEmpty) ? steps : steps.filter(({ isEmpty }) => !isEmpty);
  const worst = (["fail", "warn"] as const)
    .map((status) => remarkable.filter((step) => step.status === status))
    .find((found) => found.length > 0);
  const [first] = worst ?? [];
  if (worst === undefined || first === undefined) {
    const records = probes.reduce((sum, { opening }) => sum + ((opening && totalOf(opening)) ?? 0), 0);
    return good(name, ms, `${count(records, "record")} in ${count(probes.length, "school")}`);
  }
  return {
    ...first,
    name,
    ms,
    message: `${worst.length} of ${count(probes.length, "school")}: ${first.message}`,
  };
}

function isEmpty({ opening }: EndpointProbe): boolean {
  return opening !== undefined && opening.page.summary.received === 0;
}
