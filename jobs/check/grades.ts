/** Whether grades are to be had where the config says: Canvas itself, or the files that it exports. */
import { Failure } from "../../config/failure.ts";
import type { Config } from "../../config/schema.ts";
import { probeCanvasApi } from "../../connectors/canvas/api/probe.ts";
import { exportFiles } from "../../connectors/canvas/export-files/folder.ts";
import { recentReports } from "../../connectors/canvas/grade-export/report-names.ts";
import { listFiles } from "../../connectors/gateway/fetch.ts";
import { REAL_PORTS } from "../../connectors/oneroster/ports.ts";
import type { Finding } from "./finding.ts";

type GradeSource = NonNullable<Config["grades"]>["source"];

interface FoundFile {
  name: string;
  modified: Date;
}

/** Gradebooks and reports change every school day. */
const STALE_DAYS = 7;
const DAY_MS = 86_400_000;

/** What each kind of source reads, and where it comes from. */
const FILES = {
  "gradebook-csv": {
    what: "Gradebook exports",
    endings: [".csv"],
    hint: "Let instructors export their Gradebooks (Gradebook, Export) and put the CSVs there.",
  },
  "grade-export": {
    what: "Grade Export reports",
    endings: [".csv", ".zip"],
    hint: "Run the report in Canvas (Account > Settings > Reports) and put its file there.",
  },
  "canvas-data": {
    what: "Canvas Data extracts",
    endings: [".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".parquet", ".gz"],
    hint: "Let the DAP client write its tables there.",
  },
} as const;

export async function* gradesFindings(
  source: GradeSource,
  scrub: (text: string) => string,
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  if (source.kind === "canvas-api") {
    const ports = { ...REAL_PORTS, scrub, log: () => undefined };
    for await (const step of probeCanvasApi(source, ports, signal)) {
      yield { area: "source", section: "grades", ...step };
    }
    return;
  }
  const { what, endings, hint } = FILES[source.kind];
  const startedAt = Date.now();
  const line = (status: Finding["status"], message: string, hint = ""): Finding => ({
    ...{ area: "source", section: "grades", name: "grade files", status, message, hint },
    ms: Date.now() - startedAt,
  });
  try {
    const { folder, files } = await filesOf(source, endings, signal);
    const newest = files.toSorted((one, other) => Number(other.modified) - Number(one.modified))[0];
    if (newest === undefined) {
      yield line("fail", `there are no ${what} in ${folder}`, hint);
      return;
    }
    const days = Math.floor((startedAt - Number(newest.modified)) / DAY_MS);
    const words = `${files.length.toLocaleString("en")} ${what} in ${folder}, the newest of ${newest.modified.toISOString()}`;
    if (days <= STALE_DAYS) yield line("ok", words);
    else
      yield line(
        "warn",
        `${words}, ${days} days ago`,
        "See why there is no newer one: what was graded since is not sent.",
      );
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    yield line("fail", error.message, error.hint);
  }
}

async function filesOf(
  { kind, path }: Exclude<GradeSource, { kind: "canvas-api" }>,
  endings: readonly string[],
  signal: AbortSignal,
): Promise<{ folder: string; files: FoundFile[] }> {
  if (typeof path === "string") return { folder: path, files: (await exportFiles(path, endings)).files };
  const files = await listFiles(path, signal);
  return {
    folder: `${path.path} at ${path.host}`,
    files: kind === "grade-export" ? recentReports(files) : files,
  };
}
