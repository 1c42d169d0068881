/** In which order a roster's endpoints are read, and what is read instead where one fails. */
import pLimit from "p-limit";
import type { RestSourceConfig } from "../../config/schema.ts";
import { Failure } from "../../config/failure.ts";
import { bulkEndpoints, type Endpoint, schoolCollections, schoolEndpoints } from "./endpoints.ts";
import { type EndpointReading, readEndpoint, type ReadingDeps } from "./read-endpoint.ts";
import { RECORD_TYPES, type RecordType } from "./records.ts";
import { schoolsToRead } from "./schools.ts";
import type { EndpointReport } from "./sink.ts";
import { AnswerFailure } from "./source-failures.ts";
import { allOrFirstFailure } from "./together.ts";

/** Kinds of records that the per-school service has for every school; orgs and sessions are the district's. */
const BY_SCHOOL: RecordType[] = ["courses", "classes", "users", "enrollments"];

export interface RosterReading {
  reports: EndpointReport[];
  warnings: string[];
}

/**
 * All kinds of records at once, for the requests in flight are limited elsewhere.
 * @param stop ends all reading when one part of it has failed, with that part's error
 * @throws Failure source.… of the part that failed first
 */
export async function readRoster(
  deps: ReadingDeps & { everybody: boolean },
  stop: (error: unknown) => void,
): Promise<RosterReading> {
  const { config, ports, sink, everybody } = deps;
  const { exclude } = config;
  const reports: EndpointReport[] = [];
  const warnings: string[] = [];
  // Schools have hundreds of small endpoints: as many at a time as it takes to keep requests in flight.
  const someEndpoints = pLimit(config.concurrency);
  let allClasses: Promise<void> | undefined;

  async function read(endpoint: Endpoint): Promise<EndpointReading> {
    const reading = await readEndpoint(endpoint, deps);
    reports.push(reading.report);
    return reading;
  }

  async function readOrFallBack(endpoint: Endpoint): Promise<void> {
    try {
      await read(endpoint);
    } catch (error) {
      // One bad row makes a whole collection fail at some SISs; school by school, all of it may yet be had.
      if (!(error instanceof AnswerFailure) || error.status < 500) throw error;
      // Schools have students and teachers, and nobody else.
      if (endpoint.collection === "users" && everybody) throw error;
      const ids = await schools;
      const ofEach = ids.flatMap((id) => schoolEndpoints(endpoint.type, endpoint.collection, id, exclude));
      if (ofEach.length === 0) throw error;
      warn(`${error.message}; read school by school instead`);
      await sink.restart(endpoint.path, endpoint.type);
      await allOrFirstFailure(
        ofEach.map((one) => someEndpoints(() => read(one))),
        stop,
      );
    }
  }

  async function readOfSchool(endpoint: Endpoint): Promise<void> {
    if (endpoint.type === "classes" && allClasses !== undefined) return allClasses;
    try {
      await read(endpoint);
    } catch (error) {
      if (endpoint.type !== "classes" || !(error instanceof AnswerFailure) || error.status !== 404)
        throw error;
      await sink.restart(endpoint.path, endpoint.type);
      allClasses ??= readAllClasses();
      await allClasses;
    }
  }

  async function readAllClasses(): Promise<void> {
    warn("the SIS has no classes by school; all classes were read instead");
    await read({ type: "classes", collection: "classes", path: "classes" });
  }

  const inBulk = (type: RecordType) =>
    allOrFirstFailure(bulkEndpoints(type, exclude).map(readOrFallBack), stop);

  async function bySchool(type: RecordType): Promise<void> {
    const ids = await schools;
    if (ids.length === 0) throw noSchools();
    const endpoints = ids.flatMap((id) => schoolEndpoints(type, type, id, exclude));
    await allOrFirstFailure(
      endpoints.map((endpoint) => someEndpoints(() => readOfSchool(endpoint))),
      stop,
    );
  }

  function warn(message: string): void {
    warnings.push(message);
    ports.log({ level: "warn", message });
  }

  const schools = Promise.all(bulkEndpoints("orgs", exclude).map(read)).then((readings) =>
    schoolsToRead(
      config.schools,
      readings.flatMap(({ orgs }) => orgs),
    ),
  );
  const others = RECORD_TYPES.filter((type) => type !== "orgs");
  await allOrFirstFailure(
    [schools, ...others.map((type) => (isBySchool(type, config.service) ? bySchool(type) : inBulk(type)))],
    stop,
  );
  return { reports, warnings };
}

/** @throws Failure usage.exclude when source.exclude leaves nothing to read a kind of record from */
export function checkExclude({ exclude, service }: Pick<RestSourceConfig, "exclude" | "service">): void {
  for (const type of RECORD_TYPES) {
    if (isBySchool(type, service)) schoolCollections(type, exclude);
    else bulkEndpoints(type, exclude);
  }
}

export function isBySchool(type: RecordType, service: RestSourceConfig["service"]): boolean {
  return service === "per-school" && BY_SCHOOL.includes(type);
}

export function noSchools(): Failure {
  return new Failure(
    "source.no-schools",
    "The SIS has no org of type school, so nothing can be read school by school",
    {
      hint: "Use source.service: bulk, or name the orgs to read under source.schools.",
    },
  );
}
