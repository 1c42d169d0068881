/**
 * How much a stage has left for those after it. A night may wait for days, for a person or for a gateway, and in its
 * folder somebody may tidy up: what is gone or cut off since must not be read as if that were all there is.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../config/failure.ts";
import { replaceFile } from "../run/files.ts";
import type { Run } from "../run/run.ts";

/** Bytes of each file, by its path in a folder. */
export type Sizes = Record<string, number>;
type Stage = "map" | "check";
type Place = "map" | "canvas" | "baseline";

export function sizesIn(folder: string): Sizes {
  const files = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  return Object.fromEntries<number>(
    files.filter((entry) => entry.isFile()).map(({ name }) => [name, statSync(join(folder, name)).size]),
  );
}

/** The first file that is not as large as it was, in words; undefined when all are. */
export function changedSince(folder: string, sizes: Sizes): string | undefined {
  for (const [path, bytes] of Object.entries(sizes)) {
    const file = join(folder, path);
    const now = statSync(file, { throwIfNoEntry: false })?.size;
    if (now === undefined) return `${file} is gone`;
    if (now !== bytes) return `${file} has ${now} bytes, and had ${bytes}`;
  }
  return undefined;
}

/** To be called when a stage has written all that it writes into these folders. */
export function noteWritten({ folder }: Pick<Run, "folder">, stage: Stage, places: readonly Place[]): void {
  const sizes = places.flatMap((place) =>
    Object.entries(sizesIn(join(folder, place))).map(([name, bytes]) => [join(place, name), bytes] as const),
  );
  const all = { ...readNote(folder), [stage]: Object.fromEntries<number>(sizes) };
  replaceFile(noteFile(folder), `${JSON.stringify(all, null, 2)}\n`);
}

/** What of a place is not as the stage has left it, in words; undefined also where nobody has noted that. */
export function spoilt(folder: string, stage: Stage, place: Place): string | undefined {
  const written = Object.entries(readNote(folder)?.[stage] ?? {});
  return changedSince(
    folder,
    Object.fromEntries(written.filter(([path]) => path.startsWith(join(place, "/")))),
  );
}

/** @throws Failure internal.file-damaged */
export function requireWritten({ id, folder }: Pick<Run, "id" | "folder">, stage: Stage, place: Place): void {
  const change = spoilt(folder, stage, place);
  if (change === undefined) return;
  throw new Failure(
    "internal.file-damaged",
    `What stage ${stage} has made is not there any more as it was: ${change}. Nothing was delivered.`,
    {
      hint: `Make it again: \`rosterbridge rerun ${id} --from ${stage}\`. See also who removes files there, or whether the disk is sound.`,
    },
  );
}

function noteFile(folder: string): string {
  return join(folder, "written.json");
}

/** Undefined also where it cannot be read: it is written whole or not at all, and what it tells of is judged by itself. */
function readNote(folder: string): Partial<Record<Stage, Sizes>> | undefined {
  const file = noteFile(folder);
  try {
    return existsSync(file)
      ? (JSON.parse(readFileSync(file, "utf8")) as Partial<Record<Stage, Sizes>>)
      : undefined;
  } catch {
    return undefined;
  }
}
