/** The state folder: whether a night can write there, what else is under way, and what the next is compared with. */
import { statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../../config/schema.ts";
import { examineBaseline } from "../run/baseline.ts";
import { type Delivering, deliveringFile, openDelivery } from "../run/delivering.ts";
import { lockHolder } from "../run/lock.ts";
import type { Job } from "../run/manifest.ts";
import { found, type Finding } from "./finding.ts";
import { openScratch } from "./scratch.ts";

const GIB = 1024 ** 3;
const LITTLE_ROOM_BYTES = GIB;
const JOBS: readonly Job[] = ["roster", "grades"];

export async function checkState({ state, institution }: Config): Promise<Finding[]> {
  const written = writing(state);
  if (written.some(({ status }) => status === "fail")) return written;
  return [
    ...written,
    ...JOBS.flatMap((job) => underWay(state, institution.id, job)),
    await baseline(state, institution.id),
    ...unfinished(state, institution.id),
  ];
}

function writing(state: string): Finding[] {
  try {
    const scratch = openScratch(state);
    try {
      writeFileSync(join(scratch.folder, "probe"), "Written by `rosterbridge check`.\n", { mode: 0o600 });
      const { bavail, bsize } = statfsSync(state);
      return [found("state folder", state), roomFinding(bavail * bsize)];
    } finally {
      scratch.remove();
    }
  } catch (error) {
    return [unusable(`${state} cannot be written`, error)];
  }
}

function unusable(what: string, error: unknown): Finding {
  const hint =
    "Correct `state` in the config, or give the account that runs rosterbridge access to all of that folder.";
  return found("state folder", `${what}: ${reasonOf(error)}`, { status: "fail", hint });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function roomFinding(freeBytes: number): Finding {
  const message = `${(Math.floor((freeBytes / GIB) * 10) / 10).toLocaleString("en")} GiB free in the state folder`;
  if (freeBytes >= LITTLE_ROOM_BYTES) return found("disk", message);
  const hint = "Free some space, or lower retention.runs: every run that is kept needs some.";
  return found("disk", message, { status: "warn", hint });
}

function underWay(state: string, institution: string, job: Job): Finding[] {
  try {
    const holder = lockHolder(state, institution, job);
    if (holder === undefined) return [];
    const who =
      holder === "unknown" ? "" : `: run ${holder.run}, process ${holder.pid}, since ${holder.since}`;
    const hint = "Wait until it has ended before you start another; what is found here may be slowed by it.";
    return [found("other run", `a ${job} run is under way${who}`, { status: "warn", hint })];
  } catch (error) {
    return [unusable(`the lock of ${job} runs in ${state} cannot be looked at`, error)];
  }
}

async function baseline(state: string, institution: string): Promise<Finding> {
  const examined = await examineBaseline(state, institution).catch((error: unknown) => ({
    kind: "damaged" as const,
    reason: reasonOf(error),
  }));
  switch (examined.kind) {
    case "none":
      return found("baseline", "none yet: the first night has nothing to be compared with");
    case "sound": {
      const { run, deliveredAt } = examined.baseline;
      return found("baseline", `${run}, delivered ${deliveredAt}`);
    }
    case "damaged":
      return found("baseline", `the last delivered night cannot be compared with: ${examined.reason}`, {
        status: "warn",
        hint: "Put it back from a backup. Without it the next night is held; `rosterbridge rerun --accept-changes` then takes that night as the first.",
      });
  }
}

function unfinished(state: string, institution: string): Finding[] {
  const open = openDelivery(state, institution);
  // One that is under way is nothing to mend.
  if (open === undefined || isUnderWay(state, institution, open)) return [];
  if (open === "unreadable") {
    const message = `${deliveringFile(state, institution)} cannot be read: nobody knows which night Canvas was given last`;
    const hint =
      "The next night is held; `rosterbridge rerun --accept-changes` then takes that night as the first.";
    return [found("open delivery", message, { status: "warn", hint })];
  }
  const message = `run ${open.run} may have reached Canvas (${open.since}) without being recorded`;
  const hint = `The next night delivers it again first; \`rosterbridge rerun ${open.run}\` does so now.`;
  return [found("open delivery", message, { status: "warn", hint })];
}

function isUnderWay(state: string, institution: string, open: Delivering | "unreadable"): boolean {
  const holder = lockHolder(state, institution, "roster");
  return typeof open === "object" && typeof holder === "object" && holder.run === open.run;
}
