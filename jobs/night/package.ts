/** Stage package: the Canvas files as one zip, the same bytes for the same data. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../config/failure.ts";
import type { Config } from "../../config/schema.ts";
import { writePackage } from "../../connectors/store/package.ts";
import { PACKAGE_ORDER } from "../../mappers/canvas-files.ts";
import type { Run } from "../run/run.ts";
import { nightFolders } from "./folders.ts";
import { requireWritten } from "./written.ts";

/** @throws Failure source.empty when there is not one row, internal.file-damaged */
export async function packageFiles(run: Run, config: Config): Promise<void> {
  requireWritten(run, "check", "canvas");
  const folder = nightFolders(run.folder).canvas;
  const there = new Set(readdirSync(folder));
  const files = PACKAGE_ORDER.map((file) => `${file}.csv`)
    .filter((name) => there.has(name))
    .map((name) => ({ name, path: join(folder, name) }));
  if (files.length === 0) {
    throw new Failure(
      "source.empty",
      "The SIS sent nothing that Canvas could be given. Nothing was delivered.",
      {
        hint: "See `source.schools`, `source.filters` and `roster.enrollments.roles`; `rosterbridge show` says what was left out, and why.",
      },
    );
  }
  const name = packageName(config, run.id);
  const { bytes, sha256 } = await writePackage(files, join(run.folder, name), { signal: run.signal });
  run.manifest.package = { file: name, sha256, bytes };
  run.log.info({ stage: "package", bytes, sha256 }, `package: ${name}, ${megabytes(bytes)}`);
}

export function packageName(config: Config, run: string): string {
  return config.delivery.fileName.replaceAll("{institution}", config.institution.id).replaceAll("{run}", run);
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toLocaleString("en", { maximumFractionDigits: 1, minimumFractionDigits: 1 })} MB`;
}
