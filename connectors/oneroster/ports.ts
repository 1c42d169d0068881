/** What reading a SIS touches besides the network: the clock, chance, waiting and telling. Tests hand in their own. */
import { setTimeout as wait } from "node:timers/promises";

/** One line for the log. Never holds names, bodies or secrets. */
export interface SourceEvent {
  level: "debug" | "info" | "warn";
  message: string;
  endpoint?: string;
}

/** How far one endpoint has come; `total` is what the SIS promised, when it did. */
export interface SourceProgress {
  endpoint: string;
  pages: number;
  records: number;
  total: number | undefined;
}

export interface SourcePorts {
  log: (event: SourceEvent) => void;
  progress?: (progress: SourceProgress) => void;
  /** Takes every secret value out of a text that goes into a message. */
  scrub?: (text: string) => string;
  /** Milliseconds since 1970. */
  now: () => number;
  /** From 0 up to, but not including, 1. */
  random: () => number;
  /** Waits so many milliseconds; rejects at once when the signal is aborted. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export const REAL_PORTS: Pick<SourcePorts, "now" | "random" | "sleep"> = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: async (ms, signal) => {
    await wait(ms, undefined, { signal });
  },
};
