/** A district's roster over OneRoster 1.1 REST: all that the mapping needs, completely, or a Failure. */
import type { RestSourceConfig } from "../../config/schema.ts";
import { createClient } from "./client.ts";
import { parseFilter } from "./filter.ts";
import type { SourcePorts } from "./ports.ts";
import { checkExclude, readRoster } from "./roster-reading.ts";
import type { EndpointReport, PageSink } from "./sink.ts";

export { REAL_PORTS, type SourceEvent, type SourcePorts, type SourceProgress } from "./ports.ts";
export type { EndpointReport, PageProblem, PageSink, PageSummary, RawPage } from "./sink.ts";

export interface ExtractReport {
  /** In the order in which they were done. */
  endpoints: EndpointReport[];
  /** What a person should know of the reading as a whole; each has been logged when it arose. */
  warnings: string[];
}

export interface OneRosterSource {
  /**
   * Reads everything once. When it rejects, nothing is under way any more, and what the sink was given is
   * void.
   * @throws Failure source.…; or the signal's reason
   */
  extract: (sink: PageSink, signal: AbortSignal) => Promise<ExtractReport>;
}

/** What a night cannot do without. */
export interface Wanted {
  /** People who are neither students nor teachers of a school: guardians, administrators. */
  everybody: boolean;
}

/** @throws Failure usage.filter, usage.exclude: before anything is asked */
export function connectOneRoster(
  config: RestSourceConfig,
  ports: SourcePorts,
  { everybody }: Wanted = { everybody: false },
): OneRosterSource {
  for (const [collection, filter] of Object.entries(config.filters)) parseFilter(filter, collection);
  checkExclude(config);

  return {
    async extract(sink, signal) {
      const failed = new AbortController();
      const all = AbortSignal.any([signal, failed.signal]);
      const client = createClient(config, ports, all);
      try {
        const memory = { sortRefused: false };
        const deps = { config, client, sink, ports, memory, everybody, signal: all };
        const { reports, warnings } = await readRoster(deps, (error) => {
          failed.abort(error);
        });
        return { endpoints: reports, warnings };
      } catch (error) {
        // Parts that were stopped may say so before the part that failed has come to an end itself.
        throw all.aborted ? all.reason : error;
      } finally {
        await client.close();
      }
    },
  };
}
