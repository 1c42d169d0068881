/** Whether the SIS is there at all, and what time it has: one request without credentials tells both. */
import type { RestSourceConfig } from "../../../config/schema.ts";
import { collectionUrl } from "../collection-url.ts";
import { createHttp } from "../http.ts";
import type { SourcePorts } from "../ports.ts";
import { failureOf } from "../source-failures.ts";
import { bad, doubtful, good, type ProbeStep } from "./step.ts";

const REMARKABLE_MS = 60_000;
/** Providers take signatures of the last ten minutes, and of the next five. */
const HARMFUL_MS = 5 * 60_000;
/** The Date header has whole seconds, rounded down. */
const DATE_STEP_MS = 1000;

export interface ServerProbe {
  steps: ProbeStep[];
  isReached: boolean;
}

export async function probeServer(
  config: RestSourceConfig,
  ports: SourcePorts,
  signal: AbortSignal,
): Promise<ServerProbe> {
  const url = collectionUrl(config.url, "orgs", { limit: 1, offset: 0, sorted: false, filter: undefined });
  // A copy that a proxy keeps would have the time at which it was made.
  const headers = { accept: "application/json", "user-agent": "rosterbridge", "cache-control": "no-cache" };
  const request = { method: "GET", url, headers } as const;
  const http = createHttp({ concurrency: 1, timeoutSeconds: config.timeoutSeconds });
  const sentAt = ports.now();
  const result = await http.exchange(request, signal).finally(() => http.close());
  const receivedAt = ports.now();
  const ms = receivedAt - sentAt;

  if ("kind" in result && result.kind !== "body") {
    const failure = failureOf(request, { trouble: result, made: 1, words: undefined });
    return { steps: [bad("SIS", ms, failure)], isReached: false };
  }
  const date = Date.parse("kind" in result ? "" : (result.header("date") ?? ""));
  const clock = clockStep(aheadMs(date, sentAt, receivedAt), config.auth.kind === "oauth1");
  return { steps: [good("SIS", ms, `${url.host} answers`), clock], isReached: true };
}

/** How far our clock is ahead of the SIS's, in milliseconds; negative: behind. NaN where the SIS has none. */
function aheadMs(date: number, sentAt: number, receivedAt: number): number {
  if (Number.isNaN(date)) return Number.NaN;
  const latest = date + DATE_STEP_MS;
  return sentAt > latest ? sentAt - latest : Math.min(0, receivedAt - date);
}

function clockStep(ahead: number, isSigned: boolean): ProbeStep {
  if (Number.isNaN(ahead)) {
    return doubtful(
      "clock",
      null,
      "the SIS does not say what time it has (no Date header), so the clocks were not compared",
      "See to it that this machine's clock is set by NTP.",
    );
  }
  const off = Math.abs(ahead);
  if (off < DATE_STEP_MS) return good("clock", null, "as the SIS's");
  const message = `this machine's clock is ${inWords(off)} ${ahead > 0 ? "ahead of" : "behind"} the SIS's`;
  if (off <= REMARKABLE_MS) return good("clock", null, message);
  const step = doubtful("clock", null, message, CLOCK_HINT);
  return isSigned && off > HARMFUL_MS
    ? { ...step, status: "fail", hint: `${CLOCK_HINT} ${SIGNED_HINT}` }
    : step;
}

const CLOCK_HINT =
  "Set this machine's clock by NTP (`timedatectl set-ntp true`); if it is right, tell the SIS's support.";
const SIGNED_HINT = "The SIS refuses signed requests whose time is minutes away from its own.";

function inWords(ms: number): string {
  if (ms < 120_000) return `${Math.round(ms / 1000)} seconds`;
  if (ms < 120 * 60_000) return `${Math.round(ms / 60_000)} minutes`;
  return `${Math.round(ms / 3_600_000)} hours`;
}
