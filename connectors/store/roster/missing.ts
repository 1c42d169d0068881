/**
 * What was delivered and is gone tonight: what Canvas is told of it, by the policies, for how many nights.
 *
 * The tables `beside_<file>` hold the rows of the last delivered night that are not among tonight's, with their fate:
 *   sent         Canvas is told its new status
 *   kept         the policy is to keep it: it is as it was
 *   held         to be deleted, but something that stays in Canvas refers to it: it is as it was
 *   waits        to be deleted as soon as Canvas has let go of the rows that refer to it, which is done tonight
 *   unmentioned  a user whose record is there, but whose login is somebody else's tonight, and the user's enrollments,
 *                admin roles and observers
 */
import type { Database } from "../database.ts";
import { isExtra, policyOf } from "./extra-files.ts";
import { columnList, filesOf, KEYS, REFERENCES } from "./files.ts";
import type { RosterColumns, RosterFile } from "./settle.ts";

/** How the packages of one night after the other are read: each by itself, against the one before, or as changes. */
export type DeliveryMode = "full" | "diffing" | "changes";

export interface MissingRules {
  missing: {
    users: "suspend" | "delete" | "keep";
    enrollments: "delete" | "complete" | "inactivate" | "keep";
    sections: "delete" | "keep";
    courses: "keep" | "delete" | "complete";
    accounts: "keep" | "delete";
    terms: "keep" | "delete";
  };
  /** On how many delivered nights a row that is gone is sent. */
  repeatNights: number;
  mode: DeliveryMode;
}

const STATUS = { suspend: "suspended", delete: "deleted", complete: "completed", inactivate: "inactive" };

/** Rows that are gone from the SIS and stay in Canvas. */
const STAYING = "nights > 0 AND status <> 'deleted'";

/**
 * Canvas deletes a user with all enrollments, a section with those in it, and refuses to delete a term or an account
 * that has courses or sub-accounts at that moment. So an enrollment goes with its user; a section, course, term or
 * account goes only when nothing that stays in Canvas refers to it.
 */
interface Rules {
  unmentioned?: string;
  kept?: string;
  deleted?: string;
  held?: string;
  waits?: string;
}

const RULES: Record<RosterFile, Rules> = {
  users: {},
  enrollments: {
    unmentioned: "user_id IN (SELECT user_id FROM beside_users WHERE fate = 'unmentioned')",
    deleted: "user_id IN (SELECT user_id FROM beside_users WHERE status = 'deleted')",
    // In diffing Canvas deletes it under the course of last night, and refuses that as the section is in another now.
    waits: `section_id IN (SELECT section_id FROM last_sections l JOIN sections s USING (section_id)
      WHERE s.course_id <> l.course_id)`,
  },
  logins: { deleted: "existing_user_id IN (SELECT user_id FROM beside_users WHERE status = 'deleted')" },
  user_observers: {
    unmentioned: `observer_id IN (SELECT user_id FROM beside_users WHERE fate = 'unmentioned')
      OR student_id IN (SELECT user_id FROM beside_users WHERE fate = 'unmentioned')`,
  },
  admins: { unmentioned: "user_id IN (SELECT user_id FROM beside_users WHERE fate = 'unmentioned')" },
  sections: {
    held: isReferredTo("sections"),
    waits: "section_id IN (SELECT section_id FROM beside_enrollments WHERE nights = 0)",
  },
  // A section that is gone and stays in Canvas stays in the course that it was cross-listed into.
  xlists: { kept: "section_id IN (SELECT section_id FROM beside_sections WHERE status <> 'deleted')" },
  courses: {
    held: isReferredTo("courses"),
    // Canvas reads courses first: a section that moves out of one is still in it then.
    waits: `course_id IN (SELECT course_id FROM beside_sections WHERE nights = 0 UNION ALL
      SELECT l.course_id FROM last_sections l SEMI JOIN sections USING (section_id) WHERE l.status <> 'deleted')`,
  },
  terms: {
    held: isReferredTo("terms"),
    waits: "term_id IN (SELECT term_id FROM last_courses WHERE status <> 'deleted')",
  },
  accounts: {
    held: `account_id IN (
      WITH RECURSIVE up(account_id) AS (
        SELECT account_id FROM last_accounts ANTI JOIN accounts USING (account_id)
          WHERE ${isReferredTo("accounts")}
        UNION
        SELECT l.parent_account_id FROM last_accounts l JOIN up USING (account_id)
      ) FROM up)`,
    waits: `account_id IN (SELECT account_id FROM last_courses WHERE status <> 'deleted'
      UNION ALL SELECT parent_account_id FROM last_accounts WHERE status <> 'deleted')`,
  },
};

export async function createBeside(database: Database, columns: RosterColumns): Promise<void> {
  for (const [file, own] of filesOf(columns)) {
    const names = ["source_type", "source_id", ...own, "held", "fate"];
    await database.run(`CREATE TABLE beside_${file} (
      ${names.map((name) => `"${name}" VARCHAR`).join(", ")}, nights INTEGER, fresh BOOLEAN DEFAULT false,
      told BOOLEAN DEFAULT false, mentioned BOOLEAN DEFAULT false, remembered BOOLEAN DEFAULT true)`);
  }
}

/** Canvas reads courses before it takes the sections out that were cross-listed into one. */
const HOST_WAITS =
  "WHEN course_id IN (SELECT xlist_course_id FROM last_xlists WHERE nights = 0) THEN 'waits'";

/**
 * Fills `beside_<file>` with every delivered row that is not among tonight's. Of these are `fresh` those of which Canvas
 * loses something tonight: they were there last night, or another policy now takes what the one before had left.
 */
export async function settleMissing(
  database: Database,
  columns: RosterColumns,
  rules: MissingRules,
): Promise<void> {
  for (const file of SETTLED_IN_ORDER) {
    if (columns[file] !== undefined) await addMissing(database, columns, file, rules);
  }
  await database.run(`UPDATE beside_enrollments SET course_id = s.course_id FROM sections s
    WHERE s.section_id = beside_enrollments.section_id AND s.course_id <> beside_enrollments.course_id`);
  for (const mark of ["mentioned", "remembered"]) await followReferences(database, columns, mark);
}

/** What refers to others comes before them. */
const SETTLED_IN_ORDER = [
  "users",
  "enrollments",
  "logins",
  "admins",
  "user_observers",
  "sections",
  "xlists",
  "courses",
  "terms",
  "accounts",
] as const satisfies RosterFile[];

/**
 * The keys of a file that rows refer to which stay in Canvas, and of which no night after this one knows; undefined:
 * nothing does. What is remembered is looked at anew every night, for it may have moved by then.
 */
export function forgottenReferences(file: RosterFile): string | undefined {
  if (file === "users" || file === "enrollments" || isExtra(file)) return undefined;
  return referencesTo(file, `${STAYING} AND NOT remembered`);
}

function isReferredTo(file: RosterFile): string {
  return `(held <> '' OR ${columnList(KEYS[file])} IN (${referencesTo(file, STAYING)}))`;
}

/** The keys of a file that rows refer to which are gone from the SIS. */
function referencesTo(file: RosterFile, where: string): string {
  return REFERENCES.filter(({ from, to }) => to === file && !isExtra(from))
    .map(({ from, column }) => `SELECT ${column} FROM beside_${from} WHERE ${where}`)
    .join(" UNION ALL ");
}

async function addMissing(
  database: Database,
  columns: RosterColumns,
  file: RosterFile,
  { missing, repeatNights, mode }: MissingRules,
): Promise<void> {
  const policy = policyOf(file, missing);
  const { unmentioned, kept, deleted, held, waits } = RULES[file];
  const cases = [
    ...(unmentioned === undefined ? [] : [`WHEN ${unmentioned} THEN 'unmentioned'`]),
    // What Canvas has deleted does not come back by another policy.
    "WHEN status = 'deleted' THEN 'deleted'",
    ...(kept === undefined ? [] : [`WHEN ${kept} THEN 'kept'`]),
    ...(deleted === undefined ? [] : [`WHEN ${deleted} THEN 'deleted'`]),
    ...(policy === "delete" && held !== undefined ? [`WHEN ${held} THEN 'held'`] : []),
    ...(policy === "delete" && waits !== undefined ? [`WHEN ${waits} THEN 'waits'`] : []),
    ...(policy === "delete" && file === "courses" && columns.xlists !== undefined ? [HOST_WAITS] : []),
    `ELSE '${policy === "keep" ? "kept" : STATUS[policy]}'`,
  ];
  const key = columnList(KEYS[file]);
  // In diffing the absence of a row is its deletion: what stays in Canvas stays in the package, so here as well. And
  // who is gone keeps the login there, which somebody may claim years later.
  const forever = mode === "diffing" || file === "users" ? "status <> 'deleted'" : "false";
  await database.run(`
    INSERT INTO beside_${file} BY NAME
    SELECT * EXCLUDE (verdict), fate = 'waits' OR told AS mentioned,
      fate IN ('unmentioned', 'waits', 'held') OR (told AND nights < ${repeatNights}) OR ${forever} AS remembered
    FROM (SELECT *, fate = 'sent' AND nights <= ${repeatNights} AS told
      FROM (SELECT * REPLACE (
          if(fate = 'sent', verdict, status) AS status,
          CASE WHEN fate = 'unmentioned' THEN nights WHEN fate = 'waits' THEN 0
            WHEN fate = 'sent' AND verdict <> status THEN 1 ELSE nights + 1 END AS nights),
          if(nights = 0, fate NOT IN ('unmentioned', 'waits'), fate = 'sent' AND verdict <> status) AS fresh
        FROM (SELECT *, if(verdict IN ('unmentioned', 'kept', 'held', 'waits'), verdict, 'sent') AS fate
          FROM (SELECT *, CASE ${cases.join(" ")} END AS verdict
            FROM last_${file} ANTI JOIN ${file} USING (${key}) ANTI JOIN beside_${file} USING (${key})))))`);
}

/** A row of the package refers to rows of the package: what a marked row refers to is marked too. */
async function followReferences(database: Database, columns: RosterColumns, mark: string): Promise<void> {
  for (const { from, column, to, key } of REFERENCES) {
    if (columns[from] === undefined) continue;
    const unmarked = `NOT ${mark} AND fate <> 'unmentioned' AND ${key} IN (SELECT ${column} FROM beside_${from} WHERE ${mark})`;
    do await database.run(`UPDATE beside_${to} SET ${mark} = true WHERE ${unmarked}`);
    while ((await database.count(`SELECT count(*) FROM beside_${to} WHERE ${unmarked}`)) > 0);
  }
}
