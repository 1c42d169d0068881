/** Reads a roster as a night does, with a clock that runs only while somebody waits. */
import { type RestSourceConfig, Source } from "../../../config/schema.ts";
import { Secret } from "../../../config/secret.ts";
import {
  connectOneRoster,
  type ExtractReport,
  type SourceEvent,
  type SourcePorts,
} from "../../../connectors/oneroster/source.ts";
import { createRecordSink, type RecordSink } from "./record-sink.ts";

export function secretOf(value: string): Secret {
  const secret = new Secret({ env: "TEST" });
  secret.resolve(value);
  return secret;
}

export type ConfigChanges = Omit<Partial<RestSourceConfig>, "kind">;

/** The defaults of a config file, with a token that every tiny SIS takes. */
export function restConfig(url: string, changes: ConfigChanges = {}): RestSourceConfig {
  const source = Source.parse({
    kind: "oneroster-rest",
    url,
    auth: { kind: "bearer", token: { env: "TEST" } },
    timeoutSeconds: 10,
  });
  if (source.kind !== "oneroster-rest") throw new Error("not a REST source");
  return { ...source, auth: { kind: "bearer", token: secretOf("t0ken") }, ...changes };
}

export interface TestPorts extends SourcePorts {
  events: SourceEvent[];
  /** Every wait, in milliseconds. */
  waits: number[];
}

/** Nobody really waits: the clock jumps. */
export function testPorts(start = Date.now()): TestPorts {
  let now = start;
  const events: SourceEvent[] = [];
  const waits: number[] = [];
  return {
    events,
    waits,
    log: (event) => events.push(event),
    now: () => now,
    random: () => 0.5,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
  };
}

export interface Read {
  report: ExtractReport;
  sink: RecordSink;
  ports: TestPorts;
  /** Warnings of the reading and of all endpoints. */
  warnings: string[];
}

export async function readRoster(
  url: string,
  changes: ConfigChanges = {},
  { ports = testPorts(), sink = createRecordSink(), signal = new AbortController().signal } = {},
): Promise<Read> {
  const report = await connectOneRoster(restConfig(url, changes), ports).extract(sink, signal);
  const warnings = [...report.warnings, ...report.endpoints.flatMap((endpoint) => endpoint.warnings)];
  return { report, sink, ports, warnings };
}

/** The Failure that reading ends with. */
export async function failureOf(
  reading: Promise<unknown>,
): Promise<{ code: string; message: string; hint: string }> {
  return reading.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => error as { code: string; message: string; hint: string },
  );
}
