/** The whole comparison of a night with Canvas's report, in SQL, within the memory that the database may use. */
import { inDatabase, type Database, type DatabaseOptions } from "../database.ts";
import { proposeChanges } from "./changes.ts";
import { type ChoiceTally, loadFields, tallyIds, tallyLogins } from "./choices.ts";
import { findClaims } from "./claims.ts";
import { matchEnrollments } from "./enrollments.ts";
import { findLeftBehind } from "./left-behind.ts";
import type { Result } from "./matching.ts";
import { matchUsers } from "./people.ts";
import { matchPlaces } from "./places.ts";
import {
  type CanvasFile,
  type EvaluatedType,
  ID_TYPES,
  type IdType,
  loadCanvas,
  loadNight,
} from "./tables.ts";
import {
  type ChangeTally,
  type ClaimTally,
  countDangling,
  type Example,
  examplesOf,
  reportedTypes,
  type SchoolTally,
  tallyChanges,
  tallyClaims,
  tallySchools,
  tallyType,
  type TypeTally,
} from "./tally.ts";
import { type EvaluationFiles, writeEvaluation } from "./write.ts";

export interface EvaluationInput {
  /** What the night left as the baseline of the next. */
  night: string;
  canvas: Partial<Record<EvaluatedType, CanvasFile>>;
  /** The fields of the SIS's users: FIELD_COLUMNS, without a header. */
  fields: string;
  /** Where the files go. */
  folder: string;
}

export interface Evaluation {
  /** Of which the report has a file; of the others nothing can be said. */
  reported: EvaluatedType[];
  types: Partial<Record<EvaluatedType, TypeTally>>;
  examples: Partial<Record<IdType, Partial<Record<Result, Example[]>>>>;
  schools: SchoolTally[];
  ids: ChoiceTally[];
  logins: ChoiceTally[];
  claims: ClaimTally[];
  /** Logins without a SIS ID that Canvas would give to somebody of another name. */
  takeovers: number;
  changes: ChangeTally[];
  /** Enrollments of the report that refer to what it does not have. */
  dangling: number;
  files: EvaluationFiles;
}

export async function evaluateNight(input: EvaluationInput, options: DatabaseOptions): Promise<Evaluation> {
  return inDatabase(options, async (database) => {
    await loadNight(database, input.night);
    await loadCanvas(database, input.canvas);
    await loadFields(database, input.fields);
    await matchPlaces(database);
    await matchUsers(database);
    await matchEnrollments(database);
    await proposeChanges(database);
    await findClaims(database);
    await findLeftBehind(database);
    return told(database, input);
  });
}

async function told(database: Database, { canvas, folder }: EvaluationInput): Promise<Evaluation> {
  const reported = reportedTypes(canvas);
  const types: Evaluation["types"] = {};
  for (const type of reported) types[type] = await tallyType(database, type);
  const examples: Evaluation["examples"] = {};
  for (const type of ID_TYPES) examples[type] = await examplesOf(database, type);
  return {
    reported,
    types,
    examples,
    schools: await tallySchools(database, reported),
    ids: await tallyIds(database),
    logins: await tallyLogins(database),
    claims: await tallyClaims(database),
    takeovers: await database.count("SELECT count(DISTINCT id) FROM takeovers"),
    changes: await tallyChanges(database),
    dangling: await countDangling(database, reported),
    files: await writeEvaluation(database, folder),
  };
}
