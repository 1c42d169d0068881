/** The fields of every user of the SIS that `roster.users.id` and `login` could name, from what the night has archived. */
import { closeSync, openSync, writeFileSync } from "node:fs";
import { zstdDecompressSync } from "node:zlib";
import { readPage } from "../../connectors/oneroster/page.ts";
import { readRecord } from "../../connectors/oneroster/read-record.ts";
import type { User } from "../../connectors/oneroster/records.ts";
import { archivedPages, readArchiveIndex } from "../../connectors/store/archive.ts";
import { csvLine } from "../../connectors/store/csv.ts";
import { userField } from "../../mappers/user-fields.ts";
import { keepMatching } from "../night/filtering.ts";

const PLAIN = ["sourcedId", "identifier", "username", "email"] as const;

/** What Canvas takes as an id; longer texts are none. */
const LONGEST = 255;

/** Some SISs put dozens of things into metadata; ids are among the first. */
const MOST_CHOICES = 40;

/** Writes FIELD_COLUMNS, a line a value. Page by page, so that memory does not grow with the district. */
export function keepFieldValues(extract: string, file: string): void {
  const handle = openSync(file, "w", 0o600);
  const choices = new Map<string, string>();
  try {
    for (const endpoint of readArchiveIndex(extract).filter(({ type }) => type === "users")) {
      for (const page of archivedPages(extract, endpoint)) {
        const { records } = readPage(zstdDecompressSync(new Uint8Array(page)), endpoint.endpoint);
        let lines = "";
        for (const raw of keepMatching(records ?? [], endpoint.filter, endpoint.filteredBySis)) {
          const { record } = readRecord("users", raw);
          if (record !== undefined && !record.gone) lines += linesOf(record, choices);
        }
        writeFileSync(handle, lines);
      }
    }
  } finally {
    closeSync(handle);
  }
}

function linesOf(user: User, choices: Map<string, string>): string {
  const offered = [
    ...user.userIds.map(({ type }) => `userIds.${type}`),
    ...Object.keys(user.metadata).map((name) => `metadata.${name}`),
  ];
  let lines = "";
  for (const choice of new Set([...PLAIN, ...offered.flatMap((one) => known(one, choices) ?? [])])) {
    const value = userField(user, choice);
    if (value !== undefined && value.length <= LONGEST)
      lines += csvLine([user.sourcedId, choice, value.replace(/\p{Cc}/gu, " ")]);
  }
  return lines;
}

/** As it was first seen, for types of userIds are the same in any case; undefined: the config could not name it. */
function known(choice: string, choices: Map<string, string>): string | undefined {
  const key = choice.startsWith("userIds.") ? choice.toLowerCase() : choice;
  const first = choices.get(key);
  if (first !== undefined || choices.size >= MOST_CHOICES || !/^\w+\.\S+$/.test(choice)) return first;
  choices.set(key, choice);
  return choice;
}
