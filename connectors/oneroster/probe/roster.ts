/** The endpoints that a night would read: all of the district's, and those of its schools where they are wanted. */
import pLimit from "p-limit";
import type { Failure } from "../../../config/failure.ts";
import type { AuthConfig } from "../../../config/schema.ts";
import { bulkEndpoints, type Endpoint, schoolEndpoints } from "../endpoints.ts";
import { RECORD_TYPES } from "../records.ts";
import { isBySchool } from "../roster-reading.ts";
import { AnswerFailure } from "../source-failures.ts";
import { type EndpointProbe, endpointStep, probeEndpoint, type ProbeDeps } from "./endpoint.ts";
import { probePageSize } from "./page-size.ts";
import { type CollectionProbe, collectionStep, probeBySchool, probeSchools } from "./schools.ts";
import { bad, good, type ProbeStep } from "./step.ts";

const TAKEN: Record<AuthConfig["kind"], string> = {
  oauth1: "signed requests are taken (OAuth 1.0a)",
  oauth2: "a token was given, and is taken (OAuth 2)",
  bearer: "the token is taken",
};

/** @returns what became of every endpoint that a night reads; none where nothing can be had at all */
export async function* probeRoster(deps: ProbeDeps): AsyncGenerator<ProbeStep, EndpointProbe[]> {
  const { schools, service, auth } = deps.config;
  const inBulk = await probeDistrict(deps);
  const refusal = commonFailure(inBulk);
  if (refusal !== undefined) {
    yield refusal;
    return [];
  }
  if (inBulk.some(({ opening }) => opening !== undefined)) yield good("credentials", null, TAKEN[auth.kind]);

  let ids: string[] = [];
  if (schools.length > 0 || service === "per-school" || inBulk.some(mayBeHadBySchool)) {
    const found = await probeSchools(deps);
    yield found.step;
    ids = found.ids;
  }
  const all: EndpointProbe[] = [...inBulk];
  for (const probe of inBulk) {
    const { type, collection } = probe.endpoint;
    const instead = mayBeHadBySchool(probe) ? await probeBySchool(type, collection, ids, deps) : [];
    const steps = instead.map(collectionStep);
    yield withStandIn(endpointStep(probe), steps, "a night reads it school by school instead");
    yield* steps;
    all.push(...instead.flatMap(({ probes }) => probes));
  }
  if (service === "per-school") {
    for (const type of RECORD_TYPES.filter((type) => isBySchool(type, service))) {
      const found = await probeBySchool(type, type, ids, deps);
      for (const one of found) {
        const instead = lacksClasses(one) ? [await probeEndpoint(ALL_CLASSES, deps)] : [];
        const steps = instead.map(endpointStep);
        yield withStandIn(collectionStep(one), steps, "a night reads all classes instead");
        yield* steps;
        all.push(...one.probes, ...instead);
      }
    }
  }
  const pageSize = await probePageSize(all, deps);
  if (pageSize !== undefined) yield pageSize;
  return all;
}

async function probeDistrict(deps: ProbeDeps): Promise<EndpointProbe[]> {
  const { exclude, service, concurrency } = deps.config;
  const [first, ...others] = RECORD_TYPES.filter((type) => !isBySchool(type, service)).flatMap((type) =>
    bulkEndpoints(type, exclude),
  );
  if (first === undefined) return [];
  const probe = await probeEndpoint(first, deps);
  // Without a token nothing else can be asked.
  if (isOfToken(probe.failure)) return [probe];
  const inFlight = pLimit(concurrency);
  return [
    probe,
    ...(await Promise.all(others.map((endpoint) => inFlight(() => probeEndpoint(endpoint, deps))))),
  ];
}

/** Where all endpoints fail in the same way it is one fault, and said once. */
function commonFailure(probes: readonly EndpointProbe[]): ProbeStep | undefined {
  const [first] = probes;
  if (first?.failure === undefined) return undefined;
  const { code } = first.failure;
  if (!probes.every(({ failure }) => failure?.code === code)) return undefined;
  const step = bad(
    code === "source.unauthorized" || code === "source.token" ? "credentials" : "endpoints",
    first.ms,
    first.failure,
  );
  if (isOfToken(first.failure)) return { ...step, message: `${step.message}; no endpoint could be asked` };
  if (probes.length === 1) return step;
  return { ...step, message: `${step.message}; so it is with all ${probes.length} endpoints` };
}

function isOfToken(failure: Failure | undefined): boolean {
  const isOfCredentials = failure?.code === "source.token" || failure?.code === "source.unauthorized";
  return isOfCredentials && !(failure instanceof AnswerFailure);
}

/** One bad row makes a whole collection fail at some SISs; a night then tries school by school. */
function mayBeHadBySchool({ endpoint, failure }: EndpointProbe): boolean {
  const { type, collection } = endpoint;
  return (
    failure instanceof AnswerFailure &&
    failure.status >= 500 &&
    schoolEndpoints(type, collection, "", []).length > 0
  );
}

const ALL_CLASSES: Endpoint = { type: "classes", collection: "classes", path: "classes" };

/** Some SISs have no classes by school; a night then reads those of the district. */
function lacksClasses({ collection, probes }: CollectionProbe): boolean {
  return (
    collection === "classes" &&
    probes.some(({ failure }) => failure instanceof AnswerFailure && failure.status === 404)
  );
}

/** A failure that a night gets round, when what it does instead works. */
function withStandIn(step: ProbeStep, instead: readonly ProbeStep[], how: string): ProbeStep {
  if (instead.length === 0 || instead.some(({ status }) => status === "fail")) return step;
  return { ...step, status: "warn", message: `${step.message}; ${how}` };
}
