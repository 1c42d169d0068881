/** What a night would meet at the SIS, found out with a handful of small requests: nothing is read, nothing kept. */
import { Failure } from "../../config/failure.ts";
import type { RestSourceConfig } from "../../config/schema.ts";
import { createClient } from "./client.ts";
import type { SourcePorts } from "./ports.ts";
import { probeRoster } from "./probe/roster.ts";
import { probeServer } from "./probe/server.ts";
import type { ProbeStep } from "./probe/step.ts";

export type { ProbeStep } from "./probe/step.ts";

/** Somebody waits for the answer, so what a night would sit out is told. */
const MOST_RETRIES = 1;
const LONGEST_WAIT_MS = 30_000;

/**
 * Each finding when it is known: whether the SIS is there, its clock, the credentials, every endpoint that a
 * night would read, the schools, the size of its pages. Goes on after a failure as far as that makes sense.
 * @param config one that connectOneRoster takes
 * @throws the signal's reason
 */
export async function* probeOneRoster(
  config: RestSourceConfig,
  ports: SourcePorts,
  signal: AbortSignal,
): AsyncGenerator<ProbeStep> {
  const { steps, isReached } = await probeServer(config, ports, signal);
  yield* steps;
  if (!isReached) return;
  const impatient = { ...config, retries: Math.min(config.retries, MOST_RETRIES) };
  const client = createClient(impatient, { ...ports, sleep: shortSleep(ports) }, signal);
  try {
    yield* probeRoster({ config: impatient, client, ports, signal });
  } finally {
    await client.close();
  }
}

function shortSleep({ sleep }: SourcePorts): SourcePorts["sleep"] {
  return async (ms, signal) => {
    if (ms <= LONGEST_WAIT_MS) return sleep(ms, signal);
    throw new Failure("source.rate-limited", `The SIS asks to wait ${Math.round(ms / 1000)} seconds`, {
      hint: "Check again after that. Lower source.concurrency or set source.requestsPerSecond to what the SIS allows.",
    });
  };
}
