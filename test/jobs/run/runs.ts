/** Runs whose clock stands and whose log is a text. */
import { createLog } from "../../../jobs/run/log.ts";
import { startRun, type Run, type RunPorts, type RunStart } from "../../../jobs/run/run.ts";

export interface TestPorts extends RunPorts {
  told: { text: string };
  stop: (reason: unknown) => void;
}

export function ports(at = "2026-11-21T02:00:03.456Z", scrub = (text: string) => text): TestPorts {
  const told = { text: "" };
  const controller = new AbortController();
  const now = () => new Date(at);
  const log = createLog({
    format: "json",
    quiet: false,
    scrub,
    now,
    stderr: { write: (text) => (told.text += text) },
  });
  const stop = (reason: unknown) => {
    controller.abort(reason);
  };
  return { log, signal: controller.signal, scrub, now, told, stop };
}

export function begin(state: string, given: RunPorts = ports(), more: Partial<RunStart> = {}): Run {
  return startRun(
    {
      ...{ state, job: "roster", stages: ["extract", "map", "deliver"], dryRun: false },
      ...{ config: "/etc/r.yaml", configDigest: "sha256:0", after: null },
      institution: { id: "oakdale", timezone: "America/Los_Angeles" },
      ...more,
    },
    given,
  );
}
