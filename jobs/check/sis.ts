/** What the SIS itself has to say: whether a night can read it, how it answers, and whether its roster fits Canvas. */
import type { Config, RestSourceConfig } from "../../config/schema.ts";
import { gradesRefusal } from "../../config/source-warnings.ts";
import { probeCsv } from "../../connectors/oneroster/csv/probe.ts";
import type { CsvSourceConfig } from "../../connectors/oneroster/csv/source.ts";
import {
  type ProbeExtent,
  probeOneRoster,
  type RosterSample,
  type SisStep,
} from "../../connectors/oneroster/probe.ts";
import { REAL_PORTS } from "../../connectors/oneroster/source.ts";
import { csvStateFinder } from "../night/csv-last-state.ts";
import { dayIn } from "../run/run.ts";
import type { Finding } from "./finding.ts";
import { fitnessFindings } from "./fitness.ts";
import { openScratch, type Scratch } from "./scratch.ts";

export async function* sisFindings(
  config: Config,
  scrub: (text: string) => string,
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  const { source } = config;
  const sample = yield* asFindings(
    source.kind === "oneroster-rest"
      ? restSteps(config, source, scrub, signal)
      : csvSteps(config, source, signal),
  );
  if (sample === undefined) return;
  yield* fitnessFindings(sample, config, dayIn(config.institution.timezone, new Date(REAL_PORTS.now())));
}

type Steps = AsyncGenerator<SisStep, RosterSample | undefined>;

function restSteps(
  config: Config,
  source: RestSourceConfig,
  scrub: (text: string) => string,
  signal: AbortSignal,
): Steps {
  const ports = { ...REAL_PORTS, scrub, log: () => undefined };
  return probeOneRoster(source, ports, signal, extentOf(config));
}

async function* csvSteps(
  { state, institution }: Config,
  source: CsvSourceConfig,
  signal: AbortSignal,
): Steps {
  const findState = csvStateFinder(state, institution.id, () => undefined);
  const scratch = scratchIn(state);
  try {
    return yield* probeCsv(source, { findState, now: REAL_PORTS.now, spill: scratch?.folder }, signal);
  } finally {
    scratch?.remove();
  }
}

/** Why there is none is a finding of the state folder's own. */
function scratchIn(state: string): Scratch | undefined {
  try {
    return openScratch(state);
  } catch {
    return undefined;
  }
}

async function* asFindings(steps: Steps): AsyncGenerator<Finding, RosterSample | undefined> {
  try {
    for (;;) {
      const { done, value } = await steps.next();
      if (done === true) return value;
      yield { area: "source", ...value };
    }
  } finally {
    await steps.return(undefined);
  }
}

function extentOf(config: Config): ProbeExtent {
  if (gradesRefusal(config) !== undefined) return {};
  return { gradebook: config.grades ?? "unconfigured" };
}
