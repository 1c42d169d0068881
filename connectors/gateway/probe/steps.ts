/** What the probing of a gateway has found, one thing after the other. */
import { Failure } from "../../../config/failure.ts";

export interface ProbeStep {
  name: string;
  status: "ok" | "warn" | "fail";
  /** How long it took, in milliseconds; null where nothing was waited for. */
  ms: number | null;
  message: string;
  /** What to do; empty when all is well. */
  hint: string;
}

export interface ProbePorts {
  /** Milliseconds since 1970. */
  now: () => number;
  /** From 0 up to, but not including, 1. */
  random: () => number;
  /** Ends the probing; what was begun is removed and the promise rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** What a step says when it did not fail. */
export interface Words {
  message: string;
  doubt?: string;
}

export interface Steps {
  readonly all: ProbeStep[];
  /** Does one thing and notes how it went; undefined when it failed, and what builds on it is to be left out. */
  take: <T>(name: string, work: () => Promise<T>, words: (value: T) => Words) => Promise<T | undefined>;
}

export function beginSteps({ now, signal }: ProbePorts): Steps {
  const all: ProbeStep[] = [];
  return {
    all,
    async take(name, work, words) {
      const startedAt = now();
      try {
        const value = await work();
        const { message, doubt } = words(value);
        const status = doubt === undefined ? "ok" : "warn";
        all.push({ name, status, ms: now() - startedAt, message, hint: doubt ?? "" });
        return value;
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof Failure)) throw error;
        const { message } = error;
        all.push({ name, status: "fail", ms: now() - startedAt, message, hint: hintOf(error) });
        return undefined;
      }
    },
  };
}

/** In place of hints that tell how a package which waits gets delivered: none waits here. */
const HINTS: Record<string, string> = {
  "delivery.no-folder": "Create it there, or correct delivery.path.",
  "delivery.read-only":
    "Ask whoever runs the gateway for the right to create, rename and remove files there.",
  "delivery.full": "Free some space there, or have the quota raised.",
  "delivery.incomplete": "Look for a full disk, a quota or a limit on the size of files at the gateway.",
  "delivery.refused": "Show these words to whoever runs the gateway.",
  "delivery.unreachable":
    "Check delivery.host and delivery.port, the firewall on the way, and whether the gateway's allow-list has this machine's address.",
  "delivery.unauthorized": "Check delivery.username, and whether the gateway knows this key or password.",
  "delivery.interrupted": "Check again; if it stays, tell whoever runs the gateway.",
};

function hintOf({ code, hint }: Failure): string {
  return HINTS[code] ?? hint;
}
