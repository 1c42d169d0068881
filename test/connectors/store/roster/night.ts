/** Small nights by hand: what the map stage would have written, settled in a real database, and read back. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csvLine } from "../../../../connectors/store/csv.ts";
import { openDatabase } from "../../../../connectors/store/database.ts";
import { writeBaseline } from "../../../../connectors/store/roster/baseline.ts";
import type { Compared } from "../../../../connectors/store/roster/compared.ts";
import { findContested, type Contested } from "../../../../connectors/store/roster/contested.ts";
import { compareNights, writeChanges } from "../../../../connectors/store/roster/difference.ts";
import type { DeliveryMode, MissingRules } from "../../../../connectors/store/roster/missing.ts";
import type { PlaceFile } from "../../../../connectors/store/roster/places.ts";
import { settleRoster, type RosterFile } from "../../../../connectors/store/roster/settle.ts";
import { ADMIN_COLUMNS, AGENT_COLUMNS, LOGIN_COLUMNS } from "../../../../connectors/store/roster/tables.ts";
import {
  type FileRows,
  type Outcomes,
  writeFiles,
  writeRejects,
} from "../../../../connectors/store/roster/write.ts";
import {
  CANVAS_FILES,
  COLUMN_RULES,
  FULL_NAME,
  OPTIONAL_FILES,
  PACKAGE_ORDER,
} from "../../../../mappers/canvas-files.ts";
import { parseTable } from "../strict-csv.ts";

export type Row = Record<string, string>;
export type BigType = "users" | "enrollments";

export interface Night {
  accounts: Row[];
  terms: Row[];
  courses: Row[];
  sections: Row[];
  users: Row[];
  enrollments: Row[];
  /** What became no row, by type; the small collections' are one file, the others' one each. */
  rest: Row[];
}

export interface Options {
  include?: "enrolled" | "all";
  schools?: readonly string[];
  userColumns?: readonly string[];
  /** Over how many files the drafts are spread. */
  files?: number;
  /** What is cross-listed: by name, or by what makes sections alike. */
  crossLists?: { sections?: Row; alike?: Row };
  /** Whether there is xlists.csv; without `crossLists` it is what is left of earlier nights. */
  crossListsFile?: boolean;
  /** Whether users have `more_logins`. */
  moreLogins?: boolean;
  /** Whether users have `admin_roles`. */
  admins?: boolean;
  /** Whether there is admins.csv; without `admins` it is what is left of earlier nights. */
  adminsFile?: boolean;
  /** Whether agents count: users then have `part` and `agents`. */
  observers?: boolean;
  /** Whether there is user_observers.csv; without `observers` it is what is left of earlier nights. */
  observersFile?: boolean;
  memoryLimitMb?: number;
  mode?: DeliveryMode;
  /** The last delivered night: the folder of its baseline, and what becomes of what is missing. */
  last?: Omit<MissingRules, "mode"> & { folder: string };
  /** Where to leave this night's own baseline. */
  baseline?: string;
}

export interface SettledNight extends Outcomes {
  files: FileRows;
  /** Rows of each file that was written. */
  rows: Record<RosterFile, Row[]>;
  /** Files as they are. */
  texts: Record<string, string>;
  rejects: Row[];
  compared: Compared;
  contested: Contested[];
  /** Lines of changes.csv. */
  changes: Row[];
  /** What is left in the folder of the night but its input and output. */
  leftovers: string[];
}

/** The day of every night here, in UTC. */
export const TODAY = { start: "2026-11-20T00:00:00Z", end: "2026-11-20T23:59:59Z" };
export const SEPARATOR = "\u001f";

const REST = ["sourced_id", "modified", "fate", "field", "value", "reason"];
const ENROLLMENT = ["section_id", "user", "role", "start_date", "end_date"];

export function night(parts: Partial<Night> = {}): Night {
  return {
    accounts: [],
    terms: [],
    courses: [],
    sections: [],
    users: [],
    enrollments: [],
    rest: [],
    ...parts,
  };
}

export async function settle(input: Night, options: Options = {}): Promise<SettledNight> {
  const folder = mkdtempSync(join(tmpdir(), "settle-"));
  try {
    return await settleIn(folder, input, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function settleIn(folder: string, input: Night, options: Options): Promise<SettledNight> {
  const userColumns = options.userColumns ?? CANVAS_FILES.users;
  const { observers = false, observersFile = observers, admins = false, adminsFile = admins } = options;
  const columns = {
    ...CANVAS_FILES,
    users: userColumns,
    ...((options.crossLists !== undefined || options.crossListsFile === true) && {
      xlists: OPTIONAL_FILES.xlists,
    }),
    ...(options.moreLogins === true && { logins: OPTIONAL_FILES.logins }),
    ...(adminsFile && { admins: OPTIONAL_FILES.admins }),
    ...(observersFile && { user_observers: OPTIONAL_FILES.user_observers }),
  };
  const draftColumns = {
    users: [
      "orgs",
      ...userColumns,
      ...(observers ? AGENT_COLUMNS : []),
      ...(options.moreLogins === true ? LOGIN_COLUMNS : []),
      ...(admins ? ADMIN_COLUMNS : []),
    ],
    enrollments: ENROLLMENT,
  };
  const write = (name: string, rows: readonly Row[], names: readonly string[]) => {
    writeFileSync(
      join(folder, name),
      rows.map((row) => csvLine(names.map((column) => row[column] ?? ""))).join(""),
    );
    return join(folder, name);
  };
  const drafts = (type: BigType) => {
    const restOf = input.rest.filter((row) => row["type"] === type);
    const names = ["sourced_id", "modified", ...draftColumns[type]];
    return {
      rows: dealt(input[type], options.files ?? 1).map((rows, n) => write(`${type}-${n}`, rows, names)),
      rest: dealt(restOf, options.files ?? 1).map((rows, n) => write(`${type}-${n}-rest`, rows, REST)),
    };
  };
  const small = input.rest.filter(({ type }) => type !== "users" && type !== "enrollments");
  const place = (file: PlaceFile) =>
    write(file, input[file], ["source_type", "source_id", ...CANVAS_FILES[file]]);
  const mapped = {
    accounts: place("accounts"),
    terms: place("terms"),
    courses: place("courses"),
    sections: place("sections"),
    rest: write("rest", small, ["type", ...REST]),
    users: drafts("users"),
    enrollments: drafts("enrollments"),
  };
  const { alike, sections = {} } = options.crossLists ?? {};
  const likeness = write(
    "likeness",
    Object.entries(alike ?? {}).map(([section_id, likeness]) => ({ section_id, likeness })),
    ["section_id", "likeness"],
  );
  const before = new Set(readdirSync(folder));
  const spill = join(folder, "spill");
  const database = await openDatabase({ spill, memoryLimitMb: options.memoryLimitMb ?? 256, threads: 1 });
  let files: FileRows;
  let outcomes: Outcomes;
  let compared: Compared;
  let contested: Contested[];
  const { last, mode = "full", baseline } = options;
  try {
    await settleRoster(database, {
      mapped,
      columns,
      draftColumns,
      rules: [...COLUMN_RULES, FULL_NAME],
      ...(options.crossLists !== undefined && {
        crossLists: { sections, ...(alike !== undefined && { rule: { likeness, teacherRole: "teacher" } }) },
      }),
      include: options.include ?? "enrolled",
      schools: options.schools ?? [],
      orgSeparator: SEPARATOR,
      today: TODAY,
      ...(last === undefined ? {} : { last: { ...last, mode } }),
    });
    const before = last === undefined ? undefined : { run: "last", deliveredAt: TODAY.start };
    compared = await compareNights(database, columns, before, TODAY);
    const [canvas, rejects] = [join(folder, "canvas"), join(folder, "rejects.csv")];
    files = await writeFiles(database, columns, canvas, mode);
    outcomes = await writeRejects(database, rejects);
    await writeChanges(database, columns, before, join(folder, "changes.csv"));
    contested = await findContested(database, columns, last?.repeatNights ?? 1);
    if (baseline !== undefined) await writeBaseline(database, columns, baseline);
  } finally {
    database.close();
  }
  const texts = Object.fromEntries(
    readdirSync(join(folder, "canvas")).map((name) => [
      name,
      readFileSync(join(folder, "canvas", name), "utf8"),
    ]),
  );
  texts["rejects.csv"] = readFileSync(join(folder, "rejects.csv"), "utf8");
  const rows = Object.fromEntries(
    PACKAGE_ORDER.map((file) => [file, parseTable(texts[`${file}.csv`] ?? "")]),
  ) as SettledNight["rows"];
  const leftovers = readdirSync(folder).filter(
    (name) => !before.has(name) && !["canvas", "rejects.csv", "changes.csv"].includes(name),
  );
  const changes = parseTable(readFileSync(join(folder, "changes.csv"), "utf8"));
  const rejects = parseTable(texts["rejects.csv"]);
  return { files, ...outcomes, compared, contested, changes, rows, texts, rejects, leftovers };
}

function dealt(rows: readonly Row[], hands: number): Row[][] {
  return Array.from({ length: hands }, (_, hand) => rows.filter((_row, index) => index % hands === hand));
}
