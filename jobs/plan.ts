/** `rosterbridge plan`: a night up to its check, and what it would change in Canvas, on stdout. */
import { join } from "node:path";
import { EXIT_CODES, type ExitCode } from "../config/failure.ts";
import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import { inDatabase } from "../connectors/store/database.ts";
import { type Changes, readChanges } from "../connectors/store/roster/read-changes.ts";
import type { Call } from "./main.ts";
import { readCompared } from "./night/compared-file.ts";
import { rosterSource } from "./night/built.ts";
import { nightFolders } from "./night/folders.ts";
import type { PlanFacts } from "./plan/facts.ts";
import { planReport } from "./plan/report.ts";
import { planText } from "./plan/text.ts";
import { rosterNight, ROSTER_STAGES } from "./roster.ts";
import type { Run } from "./run/run.ts";
import { withRun } from "./run/with-run.ts";

/** How many lines of changes.csv are told: in JSON, and in words of each kind of change of each file. */
const TOLD = { first: 100, samples: 4 };
const MEMORY_LIMIT_MB = 192;

/** A night that ends with its check. */
export type Night = (run: Run, config: Config) => Promise<ExitCode>;

const upToCheck: Night = (run, config) => rosterNight(run, config, { upTo: "check" });

/**
 * Ends with 0 whenever the plan could be shown, also when a guard would hold the night: nothing waits for anybody,
 * and `guard.held` of the JSON says it. Without a plan nothing is written to stdout, and the code is the night's.
 */
export async function plan(
  call: Call,
  { json }: { json: boolean },
  night: Night = upToCheck,
): Promise<ExitCode> {
  const loaded = await loadConfig(call.options.config, { env: call.terminal.env, sections: ["source"] });
  const { config, scrubber } = loaded;
  rosterSource(config);
  let facts: PlanFacts | undefined;
  const code = await withRun(
    call,
    loaded,
    { job: "roster", stages: ROSTER_STAGES, dryRun: true },
    async (run) => {
      const ended = await night(run, config);
      if (ended === EXIT_CODES.ok) facts = await factsOf(run, config);
      return ended;
    },
  );
  if (facts === undefined) return code;
  const scrub = (text: string) => scrubber.scrub(text);
  call.terminal.stdout.write(json ? jsonText(facts, scrub) : scrub(planText(facts)));
  return code;
}

async function factsOf(run: Run, config: Config): Promise<PlanFacts> {
  const { guard, extracted } = run.manifest;
  const compared = readCompared(run.folder);
  if (compared === undefined || guard === null) throw new Error(`${run.id} was not compared`);
  const { missing, repeatMissingNights } = config.roster;
  const changesFile = join(run.folder, "changes.csv");
  return {
    run: run.id,
    institution: config.institution.name,
    folder: run.folder,
    changesFile,
    compared,
    guard,
    missing,
    timezone: config.institution.timezone,
    repeatMissingNights,
    mode: config.delivery.mode,
    changes: await changesOf(run, changesFile),
    rejected: Object.values(extracted).reduce((all, { rejected }) => all + rejected, 0),
  };
}

async function changesOf(run: Run, file: string): Promise<Changes> {
  const { spill } = nightFolders(run.folder);
  return inDatabase({ spill, memoryLimitMb: MEMORY_LIMIT_MB, threads: 1 }, (database) =>
    readChanges(database, file, TOLD),
  );
}

/** Secrets are taken out of texts, not of the whole: one that is a number would tear the JSON. */
function jsonText(facts: PlanFacts, scrub: (text: string) => string): string {
  const safe = (member: string, value: unknown) =>
    typeof value === "string" && member !== "run" ? scrub(value) : value;
  return `${JSON.stringify(planReport(facts), safe, 2)}\n`;
}
