/** What the SIS itself has to say: whether a night can read it, how it answers, and whether its roster fits Canvas. */
import type { Config, RestSourceConfig } from "../../config/schema.ts";
import { gradesRefusal } from "../../config/source-warnings.ts";
import { type ProbeExtent, probeOneRoster, type RosterSample } from "../../connectors/oneroster/probe.ts";
import { REAL_PORTS } from "../../connectors/oneroster/source.ts";
import { dayIn } from "../run/run.ts";
import type { Finding } from "./finding.ts";
import { fitnessFindings } from "./fitness.ts";

export async function* sisFindings(
  config: Config,
  source: RestSourceConfig,
  scrub: (text: string) => string,
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  const ports = { ...REAL_PORTS, scrub, log: () => undefined };
  const steps = probeOneRoster(source, ports, signal, extentOf(config));
  let sample: RosterSample | undefined;
  for (;;) {
    const { done, value } = await steps.next();
    if (done === true) {
      sample = value;
      break;
    }
    yield { area: "source", ...value };
  }
  if (sample === undefined) return;
  yield* fitnessFindings(sample, config, dayIn(config.institution.timezone, new Date(ports.now())));
}

function extentOf(config: Config): ProbeExtent {
  if (gradesRefusal(config) !== undefined) return {};
  return { gradebook: config.grades ?? "unconfigured" };
}
