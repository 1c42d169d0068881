/** What telling somebody touches besides the network, and how it ends. Tests hand in their own ports. */
import { setTimeout as wait } from "node:timers/promises";
import type { Config } from "../../config/schema.ts";

/** One entry of `notify`. */
export type NotifyConfig = Config["notify"][number];

/** What became of it. The reason names neither addresses nor URLs: those of webhooks are secrets. */
export type Told = { ok: true } | { ok: false; why: string };

export interface NotifyPorts {
  /** Ends whatever is under way. */
  signal: AbortSignal;
  /** Milliseconds that one attempt may take. */
  timeout: number;
  /** Milliseconds since 1970. */
  now: () => number;
  /** From 0 up to, but not including, 1. */
  random: () => number;
  /** Waits so many milliseconds; rejects at once when the signal is aborted. */
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export const REAL_NOTIFY_PORTS: Omit<NotifyPorts, "signal"> = {
  timeout: 20_000,
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: async (milliseconds, signal) => {
    await wait(milliseconds, undefined, { signal });
  },
};
