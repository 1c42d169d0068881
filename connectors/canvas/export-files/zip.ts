/** The CSVs of a zip of Canvas, read where they are: nothing of it is written to the disk. */
import { openZip, type ZipLimits } from "../../formats/zip.ts";
import type { ExportFile } from "./export-file.ts";
import { damaged } from "./failures.ts";
import { isHidden, type LocalFile } from "./folder.ts";

export interface ZippedCsvs {
  /** To be read before the zip is closed. */
  files: ExportFile[];
  close: () => void;
}

/** A report is about 20 times smaller in a zip; 1000 times smaller is what a bomb is. */
const LIMITS: ZipLimits = { maxBytes: 2 * 1024 ** 3, maxRatio: 200 };

/**
 * @throws Failure source.export-damaged: no zip, a broken one, one with names that climb out of it or come twice, a
 *   locked one, or one that would unpack to far too much
 */
export async function openZippedCsvs(zip: LocalFile, limits: ZipLimits): Promise<ZippedCsvs> {
  const opened = await openZip(zip.path, limits, (why, cause) => damaged(zip.name, why, cause));
  const files = opened.files
    .filter(({ path }) => path.toLowerCase().endsWith(".csv") && !isHidden(path))
    .map((file) => ({ name: `${zip.name}/${file.path}`, modified: zip.modified, read: () => file.read() }));
  return {
    files,
    close: () => {
      opened.close();
    },
  };
}

/**
 * Each CSV of a zip, to be read before the next is asked for.
 *
 * @throws Failure source.export-damaged as `openZippedCsvs`, before the first is given
 */
export async function* zippedFiles(zip: LocalFile, limits: ZipLimits = LIMITS): AsyncGenerator<ExportFile> {
  const { files, close } = await openZippedCsvs(zip, limits);
  try {
    yield* files;
  } finally {
    close();
  }
}
