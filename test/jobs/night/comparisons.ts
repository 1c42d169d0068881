/** Two nights of a district that never was, in numbers: alike, but for what a test says. */
import type {
  Compared,
  FileChange,
  MovedColumn,
  SchoolChange,
} from "../../../connectors/store/roster/compared.ts";
import type { RosterFile } from "../../../connectors/store/roster/settle.ts";

export const ALIKE: Compared = {
  baseline: { run: "20261120T020003Z-roster", deliveredAt: "2026-11-20T02:04:10.000Z" },
  files: {
    accounts: file({ unchanged: 7 }),
    terms: file({ unchanged: 4 }),
    courses: file({ unchanged: 400 }),
    sections: file({ unchanged: 420 }),
    users: file({ unchanged: 2_200 }),
    enrollments: file({ unchanged: 12_000 }),
  },
  schools: [],
  moved: [],
  dates: { terms: [], rows: [] },
  renamed: [],
};

/** `rows` follow from the rest: what is there tonight. */
export function file({
  added = 0,
  changed = 0,
  suspended,
  removed = 0,
  unchanged = 0,
}: Partial<FileChange>): FileChange {
  const rows = added + changed + unchanged;
  return { rows, added, changed, ...(suspended !== undefined && { suspended }), removed, unchanged };
}

export function compared({ files, ...more }: Partial<Omit<Compared, "files">> & ChangedFiles = {}): Compared {
  const changed = Object.entries(files ?? {}).map(([name, change]) => [name, file(change)]);
  return {
    ...ALIKE,
    ...more,
    files: { ...ALIKE.files, ...(Object.fromEntries(changed) as Compared["files"]) },
  };
}

interface ChangedFiles {
  files?: Partial<Record<RosterFile, Partial<FileChange>>>;
}

export function school(said: Partial<SchoolChange>): SchoolChange {
  return {
    account_id: "103",
    name: "Lincoln High",
    file: "enrollments",
    last: 655,
    added: 0,
    changed: 0,
    removed: 0,
    ...said,
  };
}

export function move(said: Partial<MovedColumn>): MovedColumn {
  return {
    account_id: "103",
    name: "Lincoln High",
    file: "courses",
    column: "term_id",
    both: 100,
    changed: 0,
    ...said,
  };
}
