/** `rosterbridge check`: everything that a night needs, tried out; what works, what is missing, how to mend it. */
import { Failure, type ExitCode } from "../config/failure.ts";
import type { LoadedConfig, SecretSection } from "../config/load.ts";
import { probeGateway } from "../connectors/gateway/probe.ts";
import { probeCsv } from "../connectors/oneroster/csv/probe.ts";
import { probeOneRoster } from "../connectors/oneroster/probe.ts";
import { REAL_PORTS } from "../connectors/oneroster/source.ts";
import { checkConfiguration } from "./check/configuration.ts";
import { found, type Finding } from "./check/finding.ts";
import { asJson, exitCodeOf, findingLines, verdict } from "./check/report.ts";
import { checkState } from "./check/state.ts";
import type { Call } from "./main.ts";
import { csvStateFinder } from "./night/csv-last-state.ts";
import { onInterrupt } from "./run/interrupt.ts";

/** Goes on after a failure as far as that makes sense, leaves nothing behind, and makes no run. */
export async function check(call: Call, { json }: { json: boolean }): Promise<ExitCode> {
  const { stdout } = call.terminal;
  const findings: Finding[] = [];
  const told = new Set<string>();
  const interrupts = onInterrupt();
  try {
    for await (const finding of findingsOf(call, interrupts.signal)) {
      findings.push(finding);
      if (!json) stdout.write(findingLines(finding, told));
    }
  } catch (error) {
    throw interrupts.signal.aborted ? stopped(interrupts.signal.reason) : error;
  } finally {
    interrupts.release();
  }
  stdout.write(json ? asJson(findings) : `\n${verdict(findings)}\n`);
  return exitCodeOf(findings);
}

async function* findingsOf({ terminal, options }: Call, signal: AbortSignal): AsyncGenerator<Finding> {
  yield found("Node.js", process.versions.node);
  const { findings, loaded, sound } = await checkConfiguration(options.config, terminal.env);
  yield* findings;
  if (loaded === undefined) return;
  yield* await checkState(loaded.config);
  for await (const finding of outside(loaded, sound, signal)) {
    const { message, hint } = finding;
    yield { ...finding, message: loaded.scrubber.scrub(message), hint: loaded.scrubber.scrub(hint) };
  }
}

async function* outside(
  { config, scrubber }: LoadedConfig,
  sound: ReadonlySet<SecretSection>,
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  const { source, delivery, state, institution } = config;
  if (source.kind === "oneroster-rest" && sound.has("source")) {
    const scrub = (text: string) => scrubber.scrub(text);
    const ports = { ...REAL_PORTS, scrub, log: () => undefined };
    for await (const step of probeOneRoster(source, ports, signal)) yield { area: "source", ...step };
  }
  if (source.kind === "oneroster-csv") {
    const findState = csvStateFinder(state, institution.id, () => undefined);
    const ports = { findState, now: Date.now };
    for await (const step of probeCsv(source, ports, signal)) yield { area: "source", ...step };
  }
  if (delivery.kind !== "canvas-api" && sound.has("delivery")) {
    const steps = await probeGateway(delivery, { now: Date.now, random: Math.random, signal });
    for (const step of steps) yield { area: "delivery", ...step };
  }
}

function stopped(reason: unknown): Failure {
  const exit = reason instanceof Failure ? reason.exit : "interrupted";
  return new Failure(`${exit}.signal`, "The check was stopped before it had come to its end.");
}
