/**
 * The baseline: the last night that was delivered, and with which tonight is compared. One small file says which run
 * that is; its replacement by rename is the act that records a delivery, so there is no moment at which a night is
 * recorded and not the baseline, or the other way round. What may have arrived before that act: delivering.ts.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { digest } from "../../connectors/gateway/parcel.ts";
import { replaceFile } from "./files.ts";
import { readManifest, type Manifest } from "./manifest.ts";

export interface Baseline {
  run: string;
  /** When that run began. */
  startedAt: string;
  deliveredAt: string;
  delivery: NonNullable<Manifest["delivery"]>;
  /** sha256 of each file of its `baseline` folder. */
  files: Record<string, string>;
}

export type BaselineState =
  | { kind: "none" }
  | { kind: "sound"; baseline: Baseline; folder: string }
  | { kind: "damaged"; reason: string };

/** The folder in a run's folder that holds what Canvas has once the run is delivered. */
export function baselineFolder(runFolder: string): string {
  return join(runFolder, "baseline");
}

/** Undefined as well when it cannot be read: examineBaseline tells that apart. */
export function readBaseline(state: string, institution: string): Baseline | undefined {
  try {
    const read = JSON.parse(
      readFileSync(baselineFile(state, institution), "utf8"),
    ) as Partial<Baseline> | null;
    const isWhole = typeof read?.run === "string" && read.delivery !== undefined && read.files !== undefined;
    return isWhole ? (read as Baseline) : undefined;
  } catch {
    return undefined;
  }
}

/** The baseline, and whether it is what was recorded: every file there, with the bytes it had. */
export async function examineBaseline(state: string, institution: string): Promise<BaselineState> {
  const pointer = baselineFile(state, institution);
  const baseline = readBaseline(state, institution);
  if (baseline === undefined) {
    if (existsSync(pointer)) return { kind: "damaged", reason: `${pointer} cannot be read` };
    const delivered = lastDelivered(state, institution);
    if (delivered === undefined) return { kind: "none" };
    return { kind: "damaged", reason: `${pointer} is gone, though ${delivered} was delivered` };
  }
  const folder = baselineFolder(join(state, "runs", baseline.run));
  for (const [name, recorded] of Object.entries(baseline.files)) {
    const file = join(folder, name);
    const found = await digest(file).catch(() => undefined);
    if (found === undefined) return { kind: "damaged", reason: `${file} is gone, or cannot be read` };
    if (found.sha256 !== recorded) return { kind: "damaged", reason: `${file} is not what was delivered` };
  }
  return { kind: "sound", baseline, folder };
}

/** Records that a run has been delivered, and makes it the baseline. */
export async function recordDelivery(
  state: string,
  runFolder: string,
  manifest: Manifest,
  now: Date,
): Promise<void> {
  if (manifest.delivery === null) throw new Error(`${manifest.run} was not delivered`);
  const folder = baselineFolder(runFolder);
  const files: Record<string, string> = {};
  for (const name of existsSync(folder) ? readdirSync(folder).sort() : [])
    files[name] = (await digest(join(folder, name))).sha256;
  const baseline: Baseline = {
    run: manifest.run,
    startedAt: manifest.startedAt,
    deliveredAt: now.toISOString(),
    delivery: manifest.delivery,
    files,
  };
  replaceFile(baselineFile(state, manifest.institution.id), `${JSON.stringify(baseline, null, 2)}\n`);
}

/** The newest run of the institution whose manifest says that it was delivered. */
export function lastDelivered(state: string, institution: string): string | undefined {
  const runs = join(state, "runs");
  if (!existsSync(runs)) return undefined;
  return readdirSync(runs)
    .filter((name) => !name.startsWith("."))
    .sort()
    .reverse()
    .find((run) => {
      try {
        const { institution: whose, delivery } = readManifest(join(runs, run));
        return whose.id === institution && delivery !== null;
      } catch {
        return false;
      }
    });
}

function baselineFile(state: string, institution: string): string {
  return join(state, `${institution}-baseline.json`);
}
