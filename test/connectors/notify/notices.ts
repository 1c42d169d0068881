/** What is told in these tests, and how: nobody waits for anything. */
import { Secret } from "../../../config/secret.ts";
import type { Notification, RunFacts } from "../../../connectors/notify/notification.ts";
import type { NotifyPorts } from "../../../connectors/notify/ports.ts";

export const FACTS: RunFacts = {
  institution: { id: "oakdale", name: "Oakdale Unified" },
  job: "roster",
  run: "20261121T020003Z-roster",
  status: "failed",
  exitCode: 5,
  startedAt: "2026-11-21T02:00:03.000Z",
  finishedAt: "2026-11-21T02:04:08.500Z",
  host: "bridge",
  folder: "/var/lib/rosterbridge/runs/20261121T020003Z-roster",
  errors: [
    { stage: "deliver", code: "delivery.full", message: "The gateway is full.", hint: "Free some space." },
  ],
  rejected: 2,
  files: { users: { rows: 1190, added: 12, changed: 3, removed: 1, unchanged: 1174 } },
  guard: { violations: [], causes: [] },
  delivery: null,
  grades: null,
  command: "rosterbridge rerun 20261121T020003Z-roster",
};

export function notice(changes: Partial<Omit<Notification, "facts">> = {}, facts: Partial<RunFacts> = {}) {
  return {
    subject: "[rosterbridge] Oakdale Unified: roster night FAILED (delivery)",
    text: "The gateway is full.\n\nCanvas stays as it was.\n\nTo take it up again: rosterbridge rerun",
    facts: { ...FACTS, ...facts },
    ...changes,
  } satisfies Notification;
}

export interface RecordedPorts extends NotifyPorts {
  /** Milliseconds that were to be waited. */
  slept: number[];
}

export function ports(changes: Partial<NotifyPorts> = {}): RecordedPorts {
  const slept: number[] = [];
  return {
    slept,
    signal: new AbortController().signal,
    timeout: 10_000,
    now: () => Date.parse("2026-11-21T02:00:00Z"),
    random: () => 0,
    sleep: async (milliseconds) => {
      slept.push(milliseconds);
    },
    ...changes,
  };
}

export function secret(value: string): Secret {
  const known = new Secret({ env: "NOTIFY_SECRET" });
  known.resolve(value);
  return known;
}
