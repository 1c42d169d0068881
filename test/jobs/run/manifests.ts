/** Manifests of runs that never were. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeManifest, type Manifest } from "../../../jobs/run/manifest.ts";

export function manifest(run: string, more: Partial<Manifest> = {}): Manifest {
  return {
    run,
    job: "roster",
    status: "ok",
    exitCode: 0,
    startedAt: "2026-11-21T02:00:03.000Z",
    finishedAt: "2026-11-21T02:04:08.500Z",
    today: "2026-11-20",
    institution: { id: "oakdale", timezone: "America/Los_Angeles" },
    config: "/etc/rosterbridge.yaml",
    configDigest: "sha256:0",
    resumedFrom: null,
    after: null,
    dryRun: false,
    process: { pid: 1, host: "here" },
    stages: [],
    extracted: {},
    files: {},
    schools: [],
    guard: null,
    package: null,
    delivery: null,
    warnings: [],
    errors: [],
    ...more,
  };
}

/** Puts it where `state` keeps its runs, and gives the folder. */
export function keep(state: string, kept: Manifest): string {
  const folder = join(state, "runs", kept.run);
  mkdirSync(folder, { recursive: true });
  writeManifest(folder, kept, (text) => text);
  return folder;
}
