/** Stage map: from the archive to rows, still with OneRoster's references; records that give none, with the reason. */
import type { Config } from "../../config/schema.ts";
import type { AcademicSession, Reject } from "../../connectors/oneroster/records.ts";
import { readArchiveIndex } from "../../connectors/store/archive.ts";
import { indexOrgs } from "../../mappers/accounts.ts";
import { toClassRows, type ClassContext } from "../../mappers/classes.ts";
import { crossListLikeness } from "../../mappers/cross-lists.ts";
import { indexSessions } from "../../mappers/sessions.ts";
import { toTermRow } from "../../mappers/terms.ts";
import type { Run } from "../run/run.ts";
import { ensureDrafts } from "./drafting.ts";
import { nightFolders } from "./folders.ts";
import { note, sortedNotes } from "./notes.ts";
import { placeFiles } from "./place-files.ts";
import { readSmallCollection, type SmallType } from "./small-collections.ts";
import { pageWorkerData, type PageWorkers } from "./workers.ts";
import { noteWritten } from "./written.ts";

export async function map(run: Run, config: Config, workers: PageWorkers): Promise<void> {
  const folders = nightFolders(run.folder);
  const index = readArchiveIndex(folders.extract);
  const notes = await ensureDrafts(folders, index, pageWorkerData(config, run.manifest.today), workers);
  const read = <T extends SmallType>(type: T) => readSmallCollection(folders.map, index, type);
  const files = placeFiles();

  const orgs = read("orgs");
  const accounts = indexOrgs(orgs.records, {
    types: config.roster.accounts.types,
    schools: config.source.schools,
    unread: idsOf(orgs.rejects),
  });
  files.reject("orgs", [...orgs.rejects, ...accounts.rejects]);
  for (const row of accounts.accounts) files.row("accounts", "orgs", row.account_id, row);

  const sessions = read("academicSessions");
  files.reject("academicSessions", sessions.rejects);
  const courses = read("courses");
  files.reject("courses", courses.rejects);
  const classes = read("classes");
  files.reject("classes", classes.rejects);

  const context: ClassContext = {
    roster: config.roster,
    timezone: config.institution.timezone,
    endDates: config.source.endDates,
    orgs: accounts,
    sessions: indexSessions(sessions.records, {
      endDates: config.source.endDates,
      unread: idsOf(sessions.rejects),
    }),
    courses: new Map(courses.records.filter(({ gone }) => !gone).map((course) => [course.sourcedId, course])),
  };
  const isByRule = config.roster.crossLists.rule !== "none";
  const terms = new Map<string, Map<string, AcademicSession>>();
  for (const record of classes.records) {
    if (record.gone) continue;
    const rows = toClassRows(record, context);
    if (rows.reject !== undefined) files.reject("classes", [rows.reject]);
    else if (rows.leftOut !== undefined) files.absent("left-out", "classes", record, rows.leftOut);
    else {
      for (const { field, reason } of rows.notes) note(notes, "classes", field, reason, record.sourcedId);
      files.row("courses", "classes", record.sourcedId, rows.course);
      files.row("sections", "classes", record.sourcedId, rows.section);
      const likeness = isByRule ? crossListLikeness(record, rows.termId) : undefined;
      if (likeness !== undefined) files.likeness(rows.section.section_id, likeness);
      const given = terms.get(rows.termId) ?? new Map<string, AcademicSession>();
      terms.set(rows.termId, given.set(rows.session.sourcedId, rows.session));
    }
  }
  for (const [termId, given] of terms) {
    files.row("terms", "academicSessions", termId, toTermRow([...given.values()], termId, context));
  }
  for (const [type, { records }] of Object.entries({ orgs, academicSessions: sessions, courses, classes })) {
    for (const record of records) if (record.gone) files.absent("gone", type, record, "");
  }

  files.write(folders.map);
  noteWritten(run, "map", ["map"]);
  run.manifest.warnings = sortedNotes(notes);
  run.log.info({ stage: "map" }, `map: ${files.counts()}`);
}

function idsOf(rejects: readonly Reject[]): Set<string> {
  return new Set(rejects.map(({ sourcedId }) => sourcedId));
}
