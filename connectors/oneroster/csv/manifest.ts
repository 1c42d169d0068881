/** manifest.csv: which version the export is, and of each file whether it is absent, everything, or what changed. */
import { manifestFault, missingFiles, noManifest, otherVersion } from "./failures.ts";
import type { CsvExport } from "./place.ts";
import { readRows } from "./rows.ts";
import type { CsvVersion, Table } from "./tables.ts";

/** bulk: all records, what is not there is gone · delta: what changed since the last export. */
export type Mode = "absent" | "bulk" | "delta";

export interface Manifest {
  /** Of every file that it speaks of, by its name in lower case. */
  modes: ReadonlyMap<string, Mode>;
  notes: string[];
}

const FILE = "file.";

/**
 * @param version source.version
 * @throws Failure source.no-manifest, source.manifest, source.version, source.missing-file
 */
export async function readManifest(
  source: CsvExport,
  version: CsvVersion,
  signal: AbortSignal,
): Promise<Manifest> {
  const properties = await propertiesOf(source, signal);
  const found = properties.get("oneroster.version");
  const notes = found === undefined ? [`manifest.csv has no oneroster.version; read as ${version}`] : [];
  if (found !== undefined && !isVersion(found, version)) throw otherVersion(found, version);

  const modes = new Map<string, Mode>();
  for (const [property, value] of properties) {
    if (property.startsWith(FILE)) modes.set(property.slice(FILE.length), modeOf(property, value));
  }
  const missing = [...modes]
    .filter(([name, mode]) => mode !== "absent" && !source.files.has(name))
    .map(([name]) => name);
  if (missing.length > 0) throw missingFiles(missing);
  return { modes, notes };
}

export function modeIn({ modes }: Manifest, table: Table): Mode {
  return modes.get(table.toLowerCase()) ?? "absent";
}

async function propertiesOf({ path, files }: CsvExport, signal: AbortSignal): Promise<Map<string, string>> {
  const file = files.get("manifest");
  if (file === undefined) throw noManifest(path);
  const properties = new Map<string, string>();
  for await (const { cells } of readRows(file, signal)) {
    const [name = "", value = ""] = cells.map((cell) => cell.trim().toLowerCase());
    if (name === "propertyname" || name === "") continue;
    const known = properties.get(name);
    if (known !== undefined && known !== value)
      throw manifestFault(`says both ${known} and ${value} of ${name}`);
    properties.set(name, value);
  }
  return properties;
}

function modeOf(property: string, value: string): Mode {
  if (value === "absent" || value === "bulk" || value === "delta") return value;
  throw manifestFault(`has "${value.slice(0, 40)}" for ${property}, which is none of absent, bulk and delta`);
}

/** 1.2.1 is 1.2. */
function isVersion(found: string, version: CsvVersion): boolean {
  return found === version || found.startsWith(`${version}.`);
}
