/** Tells those whom the configuration names how a run has ended. A notification that fails is a warning, no more. */
import type { Config } from "../../config/schema.ts";
import { connectNotifier } from "../../connectors/notify/notify.ts";
import {
  type NotifyConfig,
  type NotifyPorts,
  REAL_NOTIFY_PORTS,
  type Told,
} from "../../connectors/notify/ports.ts";
import type { GradesEntry, Manifest } from "./manifest.ts";
import { notificationOf } from "./notification.ts";
import type { Run } from "./run.ts";

export interface NotifyLimits extends Omit<NotifyPorts, "signal"> {
  /** Milliseconds after which whoever has not been told is given up. */
  overall: number;
}

const REAL_LIMITS: NotifyLimits = { ...REAL_NOTIFY_PORTS, overall: 30_000 };

/**
 * Tells everybody whose `on` has the run's status, all at the same time. A paused run is told to nobody, and neither is
 * a dry run: whoever makes one looks at it. Never throws, and never takes longer than 30 seconds.
 *
 * @param run one that has ended; to be called after its lock was let go, so that nobody waits for a mail server
 */
export async function notifyAll(
  config: Pick<Config, "notify" | "institution">,
  run: Pick<Run, "manifest" | "folder" | "log" | "scrub">,
  limits: NotifyLimits = REAL_LIMITS,
): Promise<void> {
  const { status, dryRun } = run.manifest;
  const chosen = [...config.notify.entries()].filter(([, { on }]) => on.some((wanted) => wanted === status));
  if (dryRun || chosen.length === 0) return;

  const message = notificationOf(scrubbed(run.manifest, run.scrub), config.institution.name, run.folder);
  const over = Promise.withResolvers<Told>();
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort();
    over.resolve({ ok: false, why: "it took too long" });
  }, limits.overall);
  try {
    await Promise.all(
      chosen.map(async ([index, entry]) => {
        const notifier = connectNotifier(entry, { ...limits, signal: controller.signal });
        const told = await Promise.race([notifier.send(message).catch(unforeseen), over.promise]);
        report(run, `notify[${index}], ${kindOf(entry)},`, told);
      }),
    );
  } finally {
    clearTimeout(timer);
  }
}

function report(run: Pick<Run, "log">, whom: string, told: Told): void {
  if (told.ok) run.log.info(`notify: ${whom} was told`);
  else run.log.warn(`notify: ${whom} was not told: ${told.why}. The run itself is not touched by that.`);
}

/** The message of such an error may hold anything, a URL too. */
function unforeseen(error: unknown): Told {
  return { ok: false, why: `an unforeseen fault (${error instanceof Error ? error.name : "unknown"})` };
}

function kindOf(entry: NotifyConfig): string {
  return entry.kind === "email" ? "a mail" : `a webhook (${entry.format})`;
}

/** What may come from outside; names, instants and codes are ours, and no secret that looks like them makes them untrue. */
function scrubbed(manifest: Manifest, scrub: (text: string) => string): Manifest {
  const { errors, delivery, guard, grades } = manifest;
  return {
    ...manifest,
    errors: errors.map((error) => ({ ...error, message: scrub(error.message), hint: scrub(error.hint) })),
    guard: guard && {
      ...guard,
      violations: guard.violations.map((violation) => ({ ...violation, message: scrub(violation.message) })),
      causes: guard.causes.map(scrub),
    },
    delivery: delivery && { ...delivery, target: scrub(delivery.target) },
    ...(grades === undefined ? {} : { grades: { ...grades, reasons: scrubbedReasons(grades, scrub) } }),
  };
}

function scrubbedReasons({ reasons }: GradesEntry, scrub: (text: string) => string): GradesEntry["reasons"] {
  return reasons.map(({ reason, count }) => ({ reason: scrub(reason), count }));
}
