/** The last delivered night, as stage check needs it. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Config } from "../../config/schema.ts";
import type { Compared } from "../../connectors/store/roster/compared.ts";
import type { SettleOptions } from "../../connectors/store/roster/settle.ts";
import { baselineFolder, examineBaseline, readBaseline } from "../run/baseline.ts";
import { changedKeys } from "../run/config-copy.ts";
import { openDelivery } from "../run/delivering.ts";
import { readManifest, type Manifest } from "../run/manifest.ts";
import type { Run } from "../run/run.ts";
import type { GuardFacts } from "./guard.ts";
import { nameOf, whyNotAgain } from "./unfinished.ts";

export interface LastNight {
  /** Undefined before the first delivery, and where what was delivered is lost. */
  settling: SettleOptions["last"];
  baseline: Compared["baseline"];
  facts: Pick<GuardFacts, "configChanged" | "versionChanged" | "baselineProblem">;
  /** The run is itself the last delivered night: what Canvas has stays on record as it is. */
  isDelivered: boolean;
}

/**
 * A baseline that is damaged is as good as none, except that the guards must know. A run that is done again after its
 * delivery is compared with the night that it was compared with before.
 * @param usersPartial whether some of the SIS's users could not be had: then none is missing
 */
export async function lastNight(
  run: Run,
  config: Config,
  { usersPartial }: { usersPartial: boolean },
): Promise<LastNight> {
  const compare = (last: Parameters<typeof comparison>[2]) => {
    const found = comparison(run, config, last);
    return usersPartial ? keepingUsers(found) : found;
  };
  const state = dirname(dirname(run.folder));
  const found = await examineBaseline(state, config.institution.id);
  const isDelivered = readBaseline(state, config.institution.id)?.run === run.id;
  if (isDelivered) {
    const { after } = run.manifest;
    if (after === null) return { ...NONE, isDelivered };
    const folder = baselineFolder(join(state, "runs", after));
    return existsSync(folder)
      ? { ...compare({ run: after, folder }), isDelivered }
      : lost(`${folder} is not there any more`, isDelivered);
  }
  const unknown = await unfinished(run, config);
  if (unknown !== undefined) return lost(unknown, isDelivered);
  if (found.kind === "none") return { ...NONE, isDelivered };
  if (found.kind === "damaged") return lost(found.reason, isDelivered);
  const { baseline, folder } = found;
  const { run: last, deliveredAt } = baseline;
  return { ...compare({ run: last, folder, deliveredAt }), isDelivered };
}

/** Why what Canvas has may be another night than the recorded one; a dry run only says so. */
async function unfinished(run: Run, config: Config): Promise<string | undefined> {
  const open = openDelivery(config.state, config.institution.id);
  if (open === undefined || (typeof open === "object" && open.run === run.id)) return undefined;
  const obstacle = await whyNotAgain(config, open);
  if (!run.manifest.dryRun) return obstacle ?? `${nameOf(open)} is not recorded`;
  const next =
    obstacle === undefined ? "delivers that run again first" : `will be held for that: ${obstacle}`;
  run.log.warn(
    { stage: "check" },
    `check: ${nameOf(open)} may have reached Canvas without being recorded, so this is compared with an older night than Canvas may have. The next \`rosterbridge roster\` ${next}.`,
  );
  return undefined;
}

const NONE = {
  settling: undefined,
  baseline: undefined,
  facts: { configChanged: false, versionChanged: false, baselineProblem: undefined },
};

function lost(baselineProblem: string, isDelivered: boolean): LastNight {
  return { ...NONE, facts: { ...NONE.facts, baselineProblem }, isDelivered };
}

/** Who is told of a night, for instance, or where grades come from, takes no row away. */
const DECIDES_ROWS = /^(institution|source|roster|delivery\.mode)(\.|$)/;

type Comparison = Omit<LastNight, "isDelivered">;

/** Of whom the SIS could not be asked nobody knows that they are gone. */
function keepingUsers({ settling, ...others }: Comparison): Comparison {
  if (settling === undefined) return { settling, ...others };
  return { ...others, settling: { ...settling, missing: { ...settling.missing, users: "keep" } } };
}

function comparison(
  run: Run,
  config: Config,
  last: { run: string; folder: string; deliveredAt?: string },
): Comparison {
  const { missing, repeatMissingNights: repeatNights } = config.roster;
  const manifest = manifestOf(dirname(last.folder));
  const changed = changedKeys(dirname(last.folder), config);
  return {
    settling: { folder: last.folder, missing, repeatNights, mode: config.delivery.mode },
    baseline: { run: last.run, deliveredAt: last.deliveredAt ?? manifest?.finishedAt ?? "" },
    facts: {
      // What it was may not be known any more; then any part of it may be why.
      configChanged:
        manifest?.configDigest !== run.manifest.configDigest &&
        (changed.length === 0 || changed.some((key) => DECIDES_ROWS.test(key))),
      versionChanged: changed.includes("source.version"),
      baselineProblem: undefined,
    },
  };
}

function manifestOf(folder: string): Manifest | undefined {
  try {
    return readManifest(folder);
  } catch {
    return undefined;
  }
}
