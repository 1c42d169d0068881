/** `rosterbridge evaluate`: before a switch, the ids that a night would send against those that Canvas has. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { ExitCode } from "../config/failure.ts";
import { loadConfig } from "../config/load.ts";
import type { Config } from "../config/schema.ts";
import { openSisReport, type SisReport } from "../connectors/canvas/sis-report/report.ts";
import { evaluateNight } from "../connectors/store/evaluate/evaluate.ts";
import { type KeptReport, keepReport } from "./evaluate/canvas-files.ts";
import type { EvaluationFacts } from "./evaluate/facts.ts";
import { keepFieldValues } from "./evaluate/field-values.ts";
import { evaluationReport } from "./evaluate/report.ts";
import { evaluationText } from "./evaluate/text.ts";
import type { Call } from "./main.ts";
import { rosterSource } from "./night/built.ts";
import { nightFolders } from "./night/folders.ts";
import { rosterNight, ROSTER_STAGES } from "./roster.ts";
import { baselineFolder } from "./run/baseline.ts";
import { bytesOf } from "./run/files.ts";
import { failRun, type Run } from "./run/run.ts";
import { withRun } from "./run/with-run.ts";

export interface EvaluateOptions {
  /** The report: a folder, a zip or a CSV. */
  canvas: string;
  json: boolean;
}

/**
 * Ends with 0 whenever the comparison could be made, whatever it says: `verdict` of the JSON says it. Otherwise nothing is
 * written to stdout, and the code is the report's or the night's. The report is looked at before the SIS is asked.
 */
export async function evaluate(call: Call, { canvas, json }: EvaluateOptions): Promise<ExitCode> {
  const loaded = await loadConfig(call.options.config, { env: call.terminal.env, sections: ["source"] });
  const { config, scrubber } = loaded;
  rosterSource(config);
  const report = await openSisReport(canvas, new AbortController().signal);
  let facts: EvaluationFacts | undefined;
  try {
    const plan = { job: "roster", stages: ROSTER_STAGES, dryRun: true } as const;
    const code = await withRun(call, loaded, plan, async (run) => {
      const folder = join(run.folder, "evaluate");
      const work = join(folder, "work");
      try {
        const kept = await keepReport(report, work, run.signal);
        run.log.info({ rows: kept.rows }, `evaluate: ${told(kept)} read of Canvas's report`);
        return await rosterNight(run, config, {
          upTo: "check",
          last: async () => {
            facts = await compare(run, config, report, kept);
          },
        });
      } catch (error) {
        return failRun(run, error);
      } finally {
        // Names, logins and addresses: they are in the report and in the archive, and nowhere else.
        rmSync(work, { recursive: true, force: true });
      }
    });
    if (facts === undefined) return code;
    const scrub = (text: string) => scrubber.scrub(text);
    const [text, asJson] = [scrub(evaluationText(facts)), jsonText(facts, scrub)];
    writeFileSync(join(facts.folder, "report.txt"), text, { mode: 0o600 });
    writeFileSync(join(facts.folder, "report.json"), asJson, { mode: 0o600 });
    call.terminal.stdout.write(json ? asJson : text);
    return code;
  } finally {
    report.close();
  }
}

async function compare(
  run: Run,
  config: Config,
  report: SisReport,
  kept: KeptReport,
): Promise<EvaluationFacts> {
  const folders = nightFolders(run.folder);
  const folder = join(run.folder, "evaluate");
  const fields = join(folder, "work", "fields.csv");
  mkdirSync(join(folder, "work"), { recursive: true, mode: 0o700 });
  keepFieldValues(folders.extract, fields);
  const night = baselineFolder(run.folder);
  const paths = [fields, ...Object.values(kept.files).map(({ path }) => path)];
  const evaluation = await evaluateNight(
    { night, canvas: kept.files, fields, folder },
    {
      spill: folders.spill,
      memoryLimitMb: memoryLimit([...paths, join(night, "users.csv"), join(night, "enrollments.csv")]),
      threads: Math.min(4, availableParallelism()),
    },
  );
  run.log.info(`evaluate: compared; see ${folder}`);
  return {
    ...evaluation,
    run: run.id,
    institution: config.institution.name,
    folder,
    report: {
      day: report.day,
      files: report.files.map(({ kind, file }) => ({
        type: kind,
        name: file.name,
        rows: kept.rows[kind] ?? 0,
      })),
      others: report.others,
    },
    today: run.manifest.today,
    users: config.roster.users,
  };
}

/** What DuckDB may hold before it goes to disk, in MB: what it cannot do in parts, joins of a million people, must fit. */
function memoryLimit(read: readonly string[]): number {
  return Math.round(256 + bytesOf(read) / 3e6);
}

function told({ rows }: KeptReport): string {
  return Object.entries(rows)
    .map(([type, count]) => `${count.toLocaleString("en")} ${type}`)
    .join(", ");
}

/** Secrets are taken out of texts, not of the whole: one that is a number would tear the JSON. */
function jsonText(facts: EvaluationFacts, scrub: (text: string) => string): string {
  const safe = (member: string, value: unknown) =>
    typeof value === "string" && member !== "run" ? scrub(value) : value;
  return `${JSON.stringify(evaluationReport(facts), safe, 2)}\n`;
}
