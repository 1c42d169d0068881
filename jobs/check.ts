/** `rosterbridge check`: everything that a night needs, tried out; what works, what is missing, how to mend it. */
import { Failure, type ExitCode } from "../config/failure.ts";
import type { LoadedConfig, SecretSection } from "../config/load.ts";
import { gradesRefusal } from "../config/source-warnings.ts";
import { probeGateway } from "../connectors/gateway/probe.ts";
import { checkConfiguration } from "./check/configuration.ts";
import { found, type Finding, type SectionName, untried } from "./check/finding.ts";
import { asJson, exitCodeOf, findingLines, heading, verdict } from "./check/report.ts";
import { sisFindings } from "./check/sis.ts";
import { checkState } from "./check/state.ts";
import { gradesFindings } from "./check/grades.ts";
import type { Call } from "./main.ts";
import { onInterrupt } from "./run/interrupt.ts";

/** Goes on after a failure as far as that makes sense, leaves nothing behind, and makes no run. */
export async function check(call: Call, { json }: { json: boolean }): Promise<ExitCode> {
  const { stdout } = call.terminal;
  const findings: Finding[] = [];
  const told = new Set<string>();
  const interrupts = onInterrupt();
  let section: SectionName | undefined;
  try {
    for await (const finding of findingsOf(call, interrupts.signal)) {
      findings.push(finding);
      if (!json) stdout.write(heading(finding.section, section) + findingLines(finding, told));
      ({ section } = finding);
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
  const { source, delivery, grades } = config;
  const scrub = (text: string) => scrubber.scrub(text);
  if (source.kind === "oneroster-csv" || sound.has("source")) yield* sisFindings(config, scrub, signal);
  else yield untried("source", "sis", "the SIS");
  if (grades !== undefined && gradesRefusal(config) === undefined) {
    if (sound.has("grades")) yield* gradesFindings(grades.source, scrub, signal);
    else yield untried("source", "grades", "grades");
  }
  if (!sound.has("delivery")) yield untried("delivery", "delivery", "the gateway");
  else if (delivery.kind !== "canvas-api") {
    const steps = await probeGateway(delivery, { now: Date.now, random: Math.random, signal });
    for (const step of steps) yield { area: "delivery", section: "delivery", ...step };
  }
}

function stopped(reason: unknown): Failure {
  const exit = reason instanceof Failure ? reason.exit : "interrupted";
  return new Failure(`${exit}.signal`, "The check was stopped before it had come to its end.");
}
