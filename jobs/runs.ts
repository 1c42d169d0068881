/** `rosterbridge runs`: what ran, and how it ended. */
import { EXIT_CODES, type ExitCode } from "../config/failure.ts";
import { loadConfig } from "../config/load.ts";
import type { Call } from "./main.ts";
import { countWords, hasMatched } from "./run/grades-lines.ts";
import { pastRuns, type PastRun } from "./run/history.ts";

export async function runs(call: Call, { json, limit }: { json: boolean; limit: number }): Promise<ExitCode> {
  const { config } = await loadConfig(call.options.config, { env: call.terminal.env, sections: [] });
  const found = pastRuns(config.state, config.institution.id).slice(0, limit);
  const { stdout } = call.terminal;
  if (json) {
    const entries = found.map(({ folder, manifest, state }) => ({ ...manifest, state, folder }));
    stdout.write(`${JSON.stringify(entries, null, 2)}\n`);
  } else if (found.length === 0) {
    stdout.write(`No run yet in ${config.state}. \`rosterbridge roster\` makes the first.\n`);
  } else {
    stdout.write(found.map(line).join(""));
  }
  return EXIT_CODES.ok;
}

function line({ manifest, state }: PastRun): string {
  const { run, exitCode } = manifest;
  return `${run}  ${state.padEnd(7)}  ${String(exitCode ?? "-").padStart(3)}  ${outcome(manifest)}\n`;
}

function outcome(manifest: PastRun["manifest"]): string {
  const { status, guard, files, delivery, errors, dryRun, grades } = manifest;
  if (status === "paused") return "nothing was done: a pause is configured";
  const [violation] = guard?.violations ?? [];
  if (status === "held" && violation !== undefined) return `waits for a person: ${violation.message}`;
  const [error] = errors;
  if (error !== undefined)
    return [dryRun ? "dry run" : null, error.stage, firstLine(error.message)]
      .filter((part) => part !== null)
      .join(": ");
  if (grades !== undefined) {
    if (!hasMatched(manifest)) return "nothing was sent yet";
    const { lineItems, results } = grades;
    return `line items: ${countWords(lineItems, dryRun)}; results: ${countWords(results, dryRun)}${dryRun ? ", dry run" : ""}`;
  }
  const rows = Object.values(files).reduce((sum, entry) => sum + entry.rows, 0);
  return `${rows.toLocaleString("en")} rows${delivery === null ? "" : `, delivered to ${delivery.target}`}${dryRun ? ", dry run" : ""}`;
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0] ?? "";
}
