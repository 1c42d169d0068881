/**
 * Before a night: the delivery of an earlier one that may have reached Canvas without being recorded, because its
 * process was killed or the connection lost at that moment. It is delivered again, the same bytes under the same name,
 * which say to Canvas what they said before; then it is known what Canvas has, and tonight is compared with that.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../config/failure.ts";
import type { Config } from "../../config/schema.ts";
import { digest } from "../../connectors/gateway/parcel.ts";
import { type Delivering, deliveringFile, openDelivery } from "../run/delivering.ts";
import { createLog } from "../run/log.ts";
import { readManifest, writeManifest, type Manifest } from "../run/manifest.ts";
import { endRun, type Run } from "../run/run.ts";
import { deliver } from "./deliver.ts";
import { spoilt } from "./written.ts";

/**
 * Nothing to do is the rule. Where the package is not what it was, nothing is done either: whoever compares then finds
 * the delivery still open.
 *
 * @throws Failure delivery.… when the gateway does not take it
 */
export async function finishDelivery(run: Run, config: Config): Promise<void> {
  const { state, institution } = config;
  const open = openDelivery(state, institution.id);
  if (open === undefined || open === "unreadable" || open.run === run.id) return;
  if ((await whyNotAgain(config, open)) !== undefined) return;
  const words = `run ${open.run} may have reached Canvas without being recorded`;
  run.log.warn({ stage: "deliver" }, `${words}: it is delivered again before tonight is compared with it`);
  const target = await deliverAgain(run, config, open).catch((error: unknown) => {
    throw error instanceof Failure && error.exit === "delivery" ? stillUnfinished(open, error) : error;
  });
  run.log.info({ stage: "deliver" }, `run ${open.run} is delivered (${target}) and recorded`);
}

/** @returns where it is */
async function deliverAgain(run: Run, config: Config, { run: id }: Delivering): Promise<string> {
  const folder = join(config.state, "runs", id);
  const manifest = readManifest(folder);
  const silent = { write: () => undefined };
  const log = createLog({ format: "json", quiet: true, scrub: run.scrub, stderr: silent, now: run.now });
  try {
    log.toFile(join(folder, "log.ndjson"));
    log.logger.warn(
      { stage: "deliver" },
      `deliver: may have arrived without being recorded; ${run.id} again`,
    );
    const save = () => {
      writeManifest(folder, manifest, run.scrub);
    };
    const again: Run = { ...run, id, folder, manifest, log: log.logger, resumed: true, save };
    const startedAt = run.now().toISOString();
    await deliver(again, config);
    // Not before: until it is delivered the manifest is as true as it was.
    const finishedAt = run.now().toISOString();
    Object.assign(stageOf(manifest), { status: "ok", startedAt, finishedAt });
    manifest.errors = [];
    endRun(again, "ok", 0);
    log.logger.info({ status: "ok", exitCode: 0 }, `${id} ended: ok, by ${run.id}`);
    return manifest.delivery?.target ?? "";
  } finally {
    log.close();
  }
}

function stillUnfinished(open: Delivering, { message, hint, code, cause }: Failure): Failure {
  return new Failure(
    code as `delivery.${string}`,
    `Run ${open.run} may have reached Canvas without being recorded, and tonight can only be compared with it once it is delivered again. That failed: ${message} The SIS was not asked, and nothing of tonight was sent.`,
    {
      hint: `${hint} \`rosterbridge rerun ${open.run}\` delivers that run alone; the next night tries it by itself.`,
      cause,
    },
  );
}

/** Why a package cannot be delivered again as it was; undefined when it can. */
export async function whyNotAgain(
  { state, institution, delivery }: Config,
  open: Delivering | "unreadable",
): Promise<string | undefined> {
  if (open === "unreadable") return `${deliveringFile(state, institution.id)} cannot be read`;
  const reason = await obstacle(join(state, "runs", open.run), open, delivery.mode);
  return reason === undefined
    ? undefined
    : `run ${open.run} may have reached Canvas without being recorded, and ${reason}`;
}

async function obstacle(
  folder: string,
  { run, mode, package: sent }: Delivering,
  modeNow: string,
): Promise<string | undefined> {
  const anew = `\`rosterbridge rerun ${run} --from check\` makes it anew`;
  const path = join(folder, sent.file);
  let manifest: Manifest;
  try {
    manifest = readManifest(folder);
  } catch {
    return `${folder} is gone or damaged`;
  }
  if (mode !== modeNow)
    return `its rows were chosen for another delivery.mode: with ${mode} again, \`rosterbridge rerun ${run}\` delivers it`;
  const isMade = manifest.stages.every(({ name, status }) => name === "deliver" || status === "ok");
  if (!isMade || manifest.package?.sha256 !== sent.sha256)
    return `what it holds now is not what was sent: ${anew}`;
  const lost = spoilt(folder, "check", "baseline");
  if (lost !== undefined)
    return `what the next night is compared with is not there any more: ${lost}: ${anew}`;
  if (!existsSync(path)) return `its package ${path} is gone: ${anew}`;
  const found = await digest(path).catch(() => undefined);
  return found?.sha256 === sent.sha256 ? undefined : `its package ${path} has changed: ${anew}`;
}

function stageOf({ stages, run }: Manifest): Manifest["stages"][number] {
  const found = stages.find(({ name }) => name === "deliver");
  if (found === undefined) throw new Error(`no stage deliver in ${run}`);
  return found;
}

export function nameOf(open: Delivering | "unreadable"): string {
  return open === "unreadable" ? "a run that nobody can tell" : `run ${open.run}`;
}
