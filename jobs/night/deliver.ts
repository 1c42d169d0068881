/** Stage deliver: the package to the gateway, where it appears whole or not at all. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../../config/failure.ts";
import type { Config } from "../../config/schema.ts";
import { connectGateway, type Arrival } from "../../connectors/gateway/gateway.ts";
import { digest } from "../../connectors/gateway/parcel.ts";
import { lastDelivered, readBaseline, recordDelivery, type Baseline } from "../run/baseline.ts";
import { beginDelivery, endDelivery, openDelivery } from "../run/delivering.ts";
import { systemCode } from "../run/files.ts";
import type { Manifest } from "../run/manifest.ts";
import type { Run } from "../run/run.ts";
import { asFailure } from "../run/unforeseen.ts";
import { requireWritten } from "./written.ts";

/**
 * @throws Failure delivery.… ; the package stays in the run folder. usage.stale-run when a newer night is out,
 *   usage.other-package when Canvas may have another one of this run.
 */
export async function deliver(run: Run, config: Config): Promise<void> {
  const { manifest } = run;
  const last = readBaseline(config.state, config.institution.id);
  if (last?.run === run.id) {
    // It was killed between recording the delivery and saying so in its manifest.
    manifest.delivery = last.delivery;
    run.log.info(
      { stage: "deliver" },
      `deliver: ${last.delivery.target} was delivered at ${last.deliveredAt} already`,
    );
  } else {
    refuseStale(manifest, newestDelivery(config, manifest));
    refuseOtherPackage(manifest, openDelivery(config.state, config.institution.id));
    // The next night is compared with it.
    requireWritten(run, "check", "baseline");
    manifest.delivery = await put(run, config);
    await recordDelivery(config.state, run.folder, manifest, run.now());
  }
  endDelivery(config.state, config.institution.id, run.id);
}

/** What Canvas may have must be what the next night is compared with; a package that was made anew is not that. */
function refuseOtherPackage({ run, package: made }: Manifest, open: ReturnType<typeof openDelivery>): void {
  if (typeof open !== "object" || open.run !== run || open.package.sha256 === made?.sha256) return;
  throw new Failure(
    "usage.other-package",
    `Run ${run} may have reached Canvas with another package than it has now, so that nobody knows what Canvas has. Nothing was touched.`,
    {
      hint: "`rosterbridge roster` makes a new night, which is held; `rosterbridge rerun --accept-changes` then takes it as the first.",
    },
  );
}

/**
 * An older night must not put Canvas back. Which is older is told by what was the baseline when it began, not by the
 * clock, which may have been set back.
 * @throws Failure usage.stale-run
 */
export function refuseStale({ run, after }: Manifest, last: Newest | undefined): void {
  if (last === undefined || last.run === run || last.run === after) return;
  if (last.isOpen === true) {
    throw new Failure(
      "usage.stale-run",
      `Run ${run} is stale: the newer night ${last.run} may have reached Canvas without being recorded, and this one would put Canvas back. Nothing was touched.`,
      {
        hint: `\`rosterbridge roster\` delivers ${last.run} again and then makes a new night; \`rosterbridge rerun ${last.run}\` delivers that one alone.`,
      },
    );
  }
  throw new Failure(
    "usage.stale-run",
    `Run ${run} is stale: the newer night ${last.run} has been delivered, and this one would put Canvas back. Nothing was touched.`,
    { hint: "`rosterbridge roster` makes a new night with what the SIS says now." },
  );
}

type Newest = Pick<Baseline, "run"> & { isOpen?: true };

/**
 * The night that was delivered last, or may have been, for a run that is to be delivered after it. Where the note of it
 * is lost the manifests tell; a run that was judged without it, or is still to be, was or will be held for that.
 */
export function newestDelivery(
  { state, institution }: Pick<Config, "state" | "institution">,
  { stages, guard }: Manifest,
): Newest | undefined {
  const open = openDelivery(state, institution.id);
  if (typeof open === "object") return { run: open.run, isOpen: true };
  const last = readBaseline(state, institution.id);
  if (last !== undefined) return last;
  const isJudged = stages.some(({ name, status }) => name === "check" && status === "ok");
  const isHeldForIt = guard?.violations.some(({ rule }) => rule === "baseline") ?? false;
  const run = isJudged && !isHeldForIt ? lastDelivered(state, institution.id) : undefined;
  return run === undefined ? undefined : { run };
}

/**
 * A package may wait for days, for a person or for a gateway: what leaves is what was made and judged, to the byte. One
 * that is gone is the gateway's to tell.
 */
async function requireUnchanged(run: Run, path: string, made: { sha256: string }): Promise<void> {
  if (!existsSync(path)) return;
  const found = await digest(path, run.signal);
  if (found.sha256 === made.sha256) return;
  throw new Failure(
    "internal.file-damaged",
    `The package ${path} is not what was made: its content has changed since, and it is not delivered.`,
    {
      hint: `Make it again: \`rosterbridge rerun ${run.id} --from check\`. See also whether the disk is sound.`,
    },
  );
}

async function put(run: Run, config: Config): Promise<{ kind: string; target: string; verified: boolean }> {
  const { manifest } = run;
  if (manifest.package === null) throw new Error(`${run.id} has no package to deliver`);
  const { file, bytes } = manifest.package;
  const path = join(run.folder, file);
  await requireUnchanged(run, path, manifest.package);
  const gateway = await connectGateway(config.delivery, {
    log: (event, details) => {
      run.log.info({ stage: "deliver", ...details }, `deliver: ${event}`);
    },
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, signal === undefined ? {} : { signal }),
    random: () => Math.random(),
  });
  const { kind, target, verified } = await gateway.put(path, file, {
    signal: run.signal,
    arrival: arrivalOf(run, config, manifest.package),
    onProgress: (done) => {
      run.progress({ stage: "deliver", unit: "bytes", done, total: bytes });
    },
  });
  run.log.info(
    { stage: "deliver", kind, target },
    `deliver: ${target} is on the gateway, whole and verified`,
  );
  return { kind, target, verified };
}

/** Writes down that the package may be there before it can be, for a process that is killed cannot say so afterwards. */
function arrivalOf(
  run: Run,
  { state, institution, delivery }: Config,
  { file, sha256 }: NonNullable<Manifest["package"]>,
): Arrival {
  let takeBack: (() => void) | undefined;
  return {
    begins() {
      const since = run.now().toISOString();
      try {
        takeBack ??= beginDelivery(state, institution.id, {
          run: run.id,
          since,
          mode: delivery.mode,
          package: { file, sha256 },
        });
      } catch (error) {
        throw asFailure(error, state);
      }
    },
    isRefused() {
      try {
        takeBack?.();
      } catch (error) {
        // Left open it costs one more delivery of the same package.
        run.log.warn(
          { stage: "deliver" },
          `deliver: that nothing arrived could not be noted (${systemCode(error) ?? "unknown"})`,
        );
      }
    },
  };
}
