/**
 * Bench (e) and (f): grade passback. What it costs beside the SIS's own time to post grades, and what deciding that
 * nothing is to be sent costs with a million results in the ledger.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandboxCanvas } from "../../jobs/demo/canvas.ts";
import type { Manifest } from "../../jobs/run/manifest.ts";
import { cliOf, median, type RunningSis, startSis, timed, type Timed } from "./programs.ts";

type Report = (name: string, what: string, ratio: number, limit: number, details: string) => void;

const IN_FLIGHT = 6;
const PUT_SECONDS = 0.02;

/** A district whose roster is delivered and whose Canvas is full of work, as table extracts. */
interface Semester extends AsyncDisposable {
  /** Runs a command of the program to its end. */
  run(...command: string[]): Promise<Timed>;
  /** The newest grades run. */
  grades(): { run: string } & NonNullable<Manifest["grades"]>;
}

async function semester(
  sis: RunningSis,
  options: { pageSize: number; assignmentsPerCourse: number; bulk: boolean },
): Promise<Semester> {
  const folder = mkdtempSync(join(tmpdir(), "rosterbridge-bench-"));
  const config = join(folder, "rosterbridge.yaml");
  writeFileSync(
    config,
    `institution: { id: bench, name: Bench, timezone: America/Los_Angeles }
source:
  kind: oneroster-rest
  url: ${sis.url}
  auth: { kind: bearer, token: { env: BENCH_TOKEN } }
  pageSize: ${options.pageSize}
delivery: { kind: directory, path: . }
grades:
  source: { kind: canvas-data, path: ./canvas }
  categories: { lookup: none, override: "null" }
  concurrency: ${IN_FLIGHT}
  bulk: ${options.bulk}
`,
  );
  const run = (...command: string[]) =>
    timed(process.execPath, [cliOf(), ...command, "--quiet", "--config", config], { okay: [0, 6] });
  const runs = join(folder, "var", "runs");
  const newest = (job: string) =>
    join(
      runs,
      readdirSync(runs)
        .filter((name) => name.endsWith(job))
        .sort()
        .at(-1) ?? "",
    );
  await run("roster");
  {
    const { assignmentsPerCourse } = options;
    const canvas = await startSandboxCanvas({
      roster: join(newest("roster"), "canvas"),
      token: "bench",
      assignmentsPerCourse,
      oddities: false,
    });
    await canvas.writeCanvasData(join(folder, "canvas"), { format: "parquet", gzip: false });
    await canvas.stop();
  }
  return {
    run,
    grades() {
      const manifest = JSON.parse(readFileSync(join(newest("grades"), "manifest.json"), "utf8")) as Manifest;
      if (manifest.grades === undefined) throw new Error(`${manifest.run} has no grades`);
      return { run: manifest.run, ...manifest.grades };
    },
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
      await sis.stop();
    },
  };
}

/** The SIS takes 20 ms a PUT, six are in flight: no program can post faster than that. */
export async function benchPosting(report: Report): Promise<void> {
  const pageSize = 1000;
  const sis = await startSis({
    students: 800,
    schools: 2,
    pageSize,
    gradebook: { putLatencyMs: PUT_SECONDS * 1000 },
  });
  await using district = await semester(sis, { pageSize, assignmentsPerCourse: 3, bulk: false });
  const { seconds } = await district.run("grades");
  const { lineItems, results } = district.grades();
  const puts = lineItems.sent + results.sent;
  const floor = (puts * PUT_SECONDS) / IN_FLIGHT;
  report(
    "(e)",
    "grades to a SIS that takes 20 ms a PUT, run / PUTs × 20 ms / 6",
    seconds / floor,
    1.15,
    `${puts.toLocaleString("en")} PUTs in ${seconds.toFixed(1)} s; floor ${floor.toFixed(1)} s`,
  );
}

/** A million results that the SIS has confirmed, and nothing that differs; what Canvas says is in the run's folder. */
export async function benchDeciding(report: Report, rounds: number): Promise<void> {
  const pageSize = 1000;
  const sis = await startSis({ students: 60_000, schools: 60, pageSize, gradebook: { bulk: true } });
  await using district = await semester(sis, { pageSize, assignmentsPerCourse: 3, bulk: true });
  await district.run("grades");
  const { run, results: known } = district.grades();
  const decided: Timed[] = [];
  for (let round = 0; round < rounds; round++)
    decided.push(await district.run("rerun", run, "--from", "match"));
  const { lineItems, results } = district.grades();
  const sent = lineItems.sent + results.sent;
  if (sent > 0) throw new Error(`${sent} records were sent again, though nothing has changed`);
  const words = [known.sent, results.unchanged].map((count) => count.toLocaleString("en"));
  const details = `${words[0] ?? ""} results known, ${words[1] ?? ""} found unchanged, nothing sent`;
  report(
    "(f)",
    "seconds of CPU to decide that nothing is to be sent",
    median(decided.map(({ cpu }) => cpu)),
    10,
    details,
  );
  report("(f)", "peak memory there, in MiB", Math.max(...decided.map(({ peak }) => peak)), 512, details);
}
