/**
 * Stage check: references, duplicates, order, one current enrollment; what Canvas would refuse or misread stays here.
 * Then the night is compared with the last one that was delivered, and judged.
 */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Failure } from "../../config/failure.ts";
import type { Config } from "../../config/schema.ts";
import { areUsersPartial } from "../../connectors/oneroster/endpoints.ts";
import { readArchiveIndex, type ArchivedEndpoint } from "../../connectors/store/archive.ts";
import { inDatabase } from "../../connectors/store/database.ts";
import { writeBaseline } from "../../connectors/store/roster/baseline.ts";
import type { Compared } from "../../connectors/store/roster/compared.ts";
import { findContested } from "../../connectors/store/roster/contested.ts";
import { compareNights, writeChanges } from "../../connectors/store/roster/difference.ts";
import type { CrossListing } from "../../connectors/store/roster/cross-lists.ts";
import { settleRoster, type RosterColumns } from "../../connectors/store/roster/settle.ts";
import {
  type FileRows,
  type Outcomes,
  writeFiles,
  writeRejects,
} from "../../connectors/store/roster/write.ts";
import { COLUMN_RULES, FULL_NAME } from "../../mappers/canvas-files.ts";
import { dayEnd, dayStart } from "../../mappers/days.ts";
import { recognisedAs } from "../../mappers/file-recognition.ts";
import { enrollmentRole } from "../../mappers/roles.ts";
import { baselineFolder } from "../run/baseline.ts";
import { bytesOf } from "../run/files.ts";
import type { Run } from "../run/run.ts";
import { keepCompared } from "./compared-file.ts";
import { warnOfContested } from "./contested-logins.ts";
import { draftColumns, ORG_SEPARATOR, type BigType } from "./draft-records.ts";
import { draftsOf, nightFolders } from "./folders.ts";
import { judge } from "./guard.ts";
import { lastNight } from "./last-night.ts";
import { likenessFile, placeFile, placeRest } from "./place-files.ts";
import { areCrossListed, rosterColumns } from "./roster-columns.ts";
import { fileChanges } from "./wording.ts";
import { noteWritten, requireWritten } from "./written.ts";

/**
 * What DuckDB may hold before it goes to disk, in MB. Sorting goes to disk in parts, of which each thread holds its own
 * and each must fit: eight million enrollments do not within what is plenty for a hundred thousand. To compare takes more
 * than there is to do in a first night.
 */
function memoryLimit(
  threads: number,
  { read, isCompared }: { read: readonly string[]; isCompared: boolean },
) {
  return Math.round((isCompared ? 92 : 64) + 8 * threads + bytesOf(read) / 3.5e6);
}

/** @throws Failure source.too-many-rejects above the tolerance, internal.file-damaged */
export async function check(run: Run, config: Config): Promise<void> {
  requireWritten(run, "map", "map");
  const folders = nightFolders(run.folder);
  const index = readArchiveIndex(folders.extract);
  const drafts = (type: BigType) => {
    const files = ofType(index, type).map(({ name }) => draftsOf(folders.map, name));
    return { rows: files.map(({ rows }) => rows), rest: files.map(({ rest }) => rest) };
  };
  const { timezone } = config.institution;
  const { today: day } = run.manifest;
  const today = { start: dayStart(day, timezone), end: dayEnd(day, timezone) };
  const last = await lastNight(run, config, {
    usersPartial:
      config.source.kind === "oneroster-rest" &&
      areUsersPartial(
        ofType(index, "users").map(({ endpoint }) => endpoint),
        config.source,
      ),
  });
  const columns = rosterColumns(config.roster, last.settling?.folder);
  proveHeaders(columns);
  const threads = Math.min(4, availableParallelism());
  const options = {
    spill: folders.spill,
    memoryLimitMb: memoryLimit(threads, {
      read: [
        ...drafts("users").rows,
        ...drafts("enrollments").rows,
        ...(last.settling === undefined ? [] : [join(last.settling.folder, "enrollments.csv")]),
      ],
      isCompared: last.settling !== undefined,
    }),
    threads,
  };
  const { files, outcomes, compared, contested } = await inDatabase(options, async (database) => {
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
      ...(areCrossListed(config.roster.crossLists) && {
        crossLists: crossListing(config.roster, folders.map),
      }),
      include: config.roster.users.include,
      schools: config.source.schools,
      orgSeparator: ORG_SEPARATOR,
      today,
      ...(last.settling === undefined ? {} : { last: last.settling }),
    });
    const compared = await compareNights(database, columns, last.baseline, today);
    const [files, beside] = await database.sideBySide(
      (one) => writeFiles(one, columns, folders.canvas, config.delivery.mode),
      async (other) => {
        if (!last.isDelivered) await writeBaseline(other, columns, baselineFolder(run.folder));
        await writeChanges(other, columns, compared.baseline, folders.changes);
        const outcomes = await writeRejects(other, folders.rejects);
        return {
          outcomes,
          contested: await findContested(other, columns, config.roster.repeatMissingNights),
        };
      },
    );
    return { files, compared, ...beside };
  });
  noteWritten(run, "check", ["canvas", "baseline"]);
  record(run, files, outcomes, compared);
  warnOfContested(run, contested);
  if (last.baseline === undefined && last.facts.baselineProblem === undefined) {
    run.log.info(
      { stage: "check" },
      "check: no night has been delivered before, so there is no baseline: all is new",
    );
  }
  run.manifest.schools = compared.schools;
  keepCompared(run.folder, compared);
  const { missing } = config.roster;
  const facts = { missing, schools: config.source.schools, today: day, timezone, ...last.facts };
  run.manifest.guard = { ...judge(compared, config.roster.guard, facts), accepted: null };
  holdToTolerance(run, config.source.rejectTolerancePercent);
}

function crossListing({ crossLists, enrollments }: Config["roster"], folder: string): CrossListing {
  const { rule, sections } = crossLists;
  if (rule === "none") return { sections };
  const teacherRole = enrollmentRole("teacher", enrollments.roles);
  return {
    sections,
    ...(teacherRole !== undefined && { rule: { likeness: likenessFile(folder), teacherRole } }),
  };
}

function ofType(index: readonly ArchivedEndpoint[], type: string): ArchivedEndpoint[] {
  return index.filter((endpoint) => endpoint.type === type);
}

function record(run: Run, files: FileRows, outcomes: Outcomes, compared: Compared): void {
  const { extracted } = run.manifest;
  for (const [type, entry] of Object.entries(extracted)) {
    entry.rejected = outcomes.rejected[type] ?? 0;
    entry.gone = outcomes.gone[type] ?? 0;
    entry.leftOut = outcomes.leftOut[type] ?? {};
  }
  run.manifest.files = Object.fromEntries(
    fileChanges(compared.files)
      .filter(([, { rows, removed }]) => rows + removed > 0)
      .map(([file, change]) => [file, { ...change, rows: files[file] ?? 0 }]),
  );
  const rows = Object.entries(files).map(([file, count]) => `${count.toLocaleString("en")} ${file}`);
  run.log.info({ stage: "check", files: files }, `check: ${rows.join(", ")}`);
  const rejected = Object.entries(outcomes.rejected);
  if (rejected.length > 0) {
    const words = rejected.map(([type, count]) => `${count.toLocaleString("en")} ${type}`).join(", ");
    run.log.warn(
      { stage: "check", rejected: outcomes.rejected },
      `check: rejected ${words}; why is in rejects.csv`,
    );
  }
}

/** Canvas tells files by their headers alone: one that looks like another would be read as that. */
function proveHeaders(columns: RosterColumns): void {
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
      `${rejected.toLocaleString("en")} of ${records.toLocaleString("en")} ${type} (${percent.toLocaleString("en", { maximumSignificantDigits: 2 })} %)`,
  );
  throw new Failure(
    "source.too-many-rejects",
    `Too many records of the SIS are unfit: ${words.join(", ")}; the limit is ${tolerance} % (source.rejectTolerancePercent). Nothing was delivered.`,
    {
      hint: `rejects.csv of this run says for each record which field is wrong: ${nightFolders(run.folder).rejects}`,
    },
  );
}
