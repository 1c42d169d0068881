/**
 * Speed and memory as ratios, each against a floor measured in the same run: `npm run bench [-- PART]`.
 * A ratio says what the program adds; the machine's own speed and noise are in both of its sides.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { benchDeciding, benchPosting } from "./grades.ts";
import {
  cliOf,
  nightFolder,
  median,
  ROOT,
  startSis,
  timed,
  type RunningSis,
  type Timed,
} from "./programs.ts";
import { benchSftp } from "./sftp.ts";

const ROUNDS = 3;
const IN_FLIGHT = 6;

interface Comparison {
  night: Timed[];
  floor: Timed[];
}

/** Night and floor in turn, so that a machine that slows down slows both. */
async function compare(sis: RunningSis, pageSize: number, parse: boolean): Promise<Comparison> {
  const floorOptions = { url: sis.url, token: sis.token, pageSize, inFlight: IN_FLIGHT, parse };
  const result: Comparison = { night: [], floor: [] };
  for (let round = 0; round < ROUNDS; round++) {
    result.floor.push(
      await timed(process.execPath, [join(ROOT, "test/bench/floor.ts"), JSON.stringify(floorOptions)]),
    );
    const folder = nightFolder(sis, pageSize);
    result.night.push(
      await timed(process.execPath, [cliOf(), "roster", "--quiet", "--config", folder.config]),
    );
    folder.remove();
  }
  return result;
}

function report(name: string, what: string, ratio: number, limit: number, details: string): void {
  const verdict = ratio <= limit ? "within" : "OVER";
  process.stdout.write(`${name} ${what}: ${ratio.toFixed(2)} (${verdict} ${limit})\n    ${details}\n`);
}

function ratioOf({ night, floor }: Comparison): number {
  return median(night.map(({ seconds }, round) => seconds / (floor[round]?.seconds ?? Number.NaN)));
}

function times(values: Timed[]): string {
  return values.map(({ seconds }) => `${seconds.toFixed(2)} s`).join(", ");
}

async function latency(): Promise<void> {
  const pageSize = 500;
  const sis = await startSis({ students: 20_000, schools: 20, pageSize, latencyMs: 200 });
  const result = await compare(sis, pageSize, false);
  await sis.stop();
  report(
    "(a)",
    "a SIS that takes 200 ms a page, night / fetching the same pages",
    ratioOf(result),
    1.15,
    `night ${times(result.night)}; floor ${times(result.floor)}; ${IN_FLIGHT} in flight`,
  );
}

async function throughput(): Promise<void> {
  const pageSize = 1000;
  const peaks: number[] = [];
  for (const students of [6_000, 60_000]) {
    const sis = await startSis({ students, schools: students / 1000, pageSize });
    const result = await compare(sis, pageSize, true);
    await sis.stop();
    peaks.push(Math.max(...result.night.map(({ peak }) => peak)));
    if (students < 60_000) continue;
    report(
      "(b)",
      `${sis.counts["enrollments"]?.toLocaleString("en") ?? ""} enrollments from a fast SIS, night / fetching and parsing the same pages`,
      ratioOf(result),
      2,
      `night ${times(result.night)}; floor ${times(result.floor)}`,
    );
  }
  const [tenth = Number.NaN, full = Number.NaN] = peaks;
  report(
    "(c)",
    "peak memory there, in MiB",
    full,
    512,
    `peaks of a tenth of the data: ${tenth.toFixed(0)} MiB`,
  );
  report("(c)", "peak memory / that of a tenth of the data", full / tenth, 1.6, "largest of all rounds");
}

const PARTS: Record<string, () => Promise<void>> = {
  latency,
  throughput,
  sftp: () => benchSftp(report, ROUNDS),
  posting: () => benchPosting(report),
  deciding: () => benchDeciding(report, ROUNDS),
};

execFileSync("npm", ["run", "-s", "build"], { cwd: ROOT, stdio: "inherit" });
const asked = process.argv.slice(2);
for (const [name, part] of Object.entries(PARTS))
  if (asked.length === 0 || asked.includes(name)) await part();
