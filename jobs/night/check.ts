/** Stage check: references, duplicates, order, one current enrollment; what Canvas would refuse or misread stays here. */
import { availableParallelism } from "node:os";
import { Failure } from "../../config/failure.ts";
import type { Config } from "../../config/schema.ts";
import { readArchiveIndex, type ArchivedEndpoint } from "../../connectors/store/archive.ts";
import { openDatabase } from "../../connectors/store/database.ts";
import { settleRoster } from "../../connectors/store/roster/settle.ts";
import { writeRoster, type Settled } from "../../connectors/store/roster/write.ts";
import { CANVAS_FILES, COLUMN_RULES, FULL_NAME } from "../../mappers/canvas-files.ts";
import { dayEnd, dayStart } from "../../mappers/days.ts";
import { recognisedAs } from "../../mappers/file-recognition.ts";
import { userColumns } from "../../mappers/users.ts";
import type { Run } from "../run/run.ts";
import { draftColumns, ORG_SEPARATOR, type BigType } from "./draft-records.ts";
import { draftsOf, nightFolders } from "./folders.ts";
import { placeFile, placeRest } from "./place-files.ts";

/** What DuckDB may hold before it goes to disk; a district of 60,000 students needs less. */
const MEMORY_LIMIT_MB = 192;

/** @throws Failure source.too-many-rejects above the tolerance */
export async function check(run: Run, config: Config): Promise<void> {
  const folders = nightFolders(run.folder);
  const index = readArchiveIndex(folders.extract);
  const drafts = (type: BigType) => {
    const files = ofType(index, type).map(({ name }) => draftsOf(folders.map, name));
    return { rows: files.map(({ rows }) => rows), rest: files.map(({ rest }) => rest) };
  };
  const columns = { ...CANVAS_FILES, users: userColumns(config.roster.users) };
  proveHeaders(columns);
  const { timezone } = config.institution;
  const database = await openDatabase({
    spill: folders.spill,
    memoryLimitMb: MEMORY_LIMIT_MB,
    threads: Math.min(4, availableParallelism()),
  });
  let settled: Settled;
  try {
    await settleRoster(database, {
      mapped: {
        accounts: placeFile(folders.map, "accounts"),
        terms: placeFile(folders.map, "terms"),
        courses: placeFile(folders.map, "courses"),
        sections: placeFile(folders.map, "sections"),
        rest: placeRest(folders.map),
        users: drafts("users"),
        enrollments: drafts("enrollments"),
      },
      columns,
      draftColumns: {
        users: draftColumns("users", config.roster),
        enrollments: draftColumns("enrollments", config.roster),
      },
      rules: [...COLUMN_RULES, FULL_NAME],
      include: config.roster.users.include,
      schools: config.source.schools,
      orgSeparator: ORG_SEPARATOR,
      today: { start: dayStart(run.manifest.today, timezone), end: dayEnd(run.manifest.today, timezone) },
    });
    settled = await writeRoster(database, columns, folders.canvas, folders.rejects);
  } finally {
    database.close();
  }
  record(run, settled);
  holdToTolerance(run, config.source.rejectTolerancePercent);
}

function ofType(index: readonly ArchivedEndpoint[], type: string): ArchivedEndpoint[] {
  return index.filter((endpoint) => endpoint.type === type);
}

function record(run: Run, settled: Settled): void {
  const { extracted } = run.manifest;
  for (const [type, entry] of Object.entries(extracted)) {
    entry.rejected = settled.rejected[type] ?? 0;
    entry.gone = settled.gone[type] ?? 0;
    entry.leftOut = settled.leftOut[type] ?? {};
  }
  run.manifest.files = Object.fromEntries(
    Object.entries(settled.files).map(([file, rows]) => [file, { rows }]),
  );
  const rows = Object.entries(settled.files).map(([file, count]) => `${count.toLocaleString("en")} ${file}`);
  run.log.info({ stage: "check", files: settled.files }, `check: ${rows.join(", ")}`);
  const rejected = Object.entries(settled.rejected);
  if (rejected.length > 0) {
    const words = rejected.map(([type, count]) => `${count.toLocaleString("en")} ${type}`).join(", ");
    run.log.warn(
      { stage: "check", rejected: settled.rejected },
      `check: rejected ${words}; why is in rejects.csv`,
    );
  }
}

/** Canvas tells files by their headers alone: one that looks like another would be read as that. */
function proveHeaders(columns: Record<string, readonly string[]>): void {
  for (const [file, header] of Object.entries(columns)) {
    const kind = recognisedAs(header);
    if (kind !== file)
      throw new Error(`Canvas would take ${file}.csv for ${kind ?? "nothing that it knows"}`);
  }
}

function holdToTolerance(run: Run, tolerance: number): void {
  const over = Object.entries(run.manifest.extracted)
    .map(([type, { records, rejected }]) => ({
      type,
      records,
      rejected,
      percent: (100 * rejected) / Math.max(1, records),
    }))
    .filter(({ percent }) => percent > tolerance);
  if (over.length === 0) return;
  const words = over.map(
    ({ type, records, rejected, percent }) =>
      `${rejected.toLocaleString("en")} of ${records.toLocaleString("en")} ${type} (${percent.toPrecision(2)} %)`,
  );
  throw new Failure(
    "source.too-many-rejects",
    `Too many records of the SIS are unfit: ${words.join(", ")}; the limit is ${tolerance} % (source.rejectTolerancePercent). Nothing was delivered.`,
    {
      hint: `rejects.csv of this run says for each record which field is wrong: ${nightFolders(run.folder).rejects}`,
    },
  );
}
