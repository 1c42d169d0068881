/** What the probing of an export made on the spot tells. */
import { existsSync, readdirSync } from "node:fs";
import { probeCsv } from "../../../../connectors/oneroster/csv/probe.ts";
import type { RosterSample, SisStep } from "../../../../connectors/oneroster/probe.ts";
import { configOf, type Files, type ReadOptions, withExport } from "./reading.ts";

export interface Probed {
  steps: SisStep[];
  sample: RosterSample | undefined;
  /** Of the records of a kind, what is no good news. */
  doubts: (kind: string) => string[];
  step: (name: string) => SisStep | undefined;
  /** What the probing has left of what it had spilled. */
  left: string[];
}

export interface ProbeOptions extends Omit<ReadOptions, "meanwhile"> {
  mostKept?: number;
  /** Whether there is a folder for what does not fit in memory. */
  hasRoom?: boolean;
}

export async function probeExport(files: Files, options: ProbeOptions = {}): Promise<Probed> {
  const { state, now = "2026-11-03T09:00:00Z", mostKept, hasRoom = true } = options;
  return withExport(files, options, async (path, spill) => {
    const ports = {
      findState: () => state ?? "nothing has been read before it",
      now: () => Date.parse(now),
      spill: hasRoom ? spill : undefined,
      ...(mostKept !== undefined && { mostKept }),
    };
    const probing = probeCsv(configOf(path, options), ports, new AbortController().signal);
    const steps: SisStep[] = [];
    for (;;) {
      const { done, value } = await probing.next();
      if (done === true) {
        const of = (name: string) => steps.filter((step) => step.name === name);
        const left = existsSync(spill) ? readdirSync(spill) : [];
        return {
          ...{ steps, sample: value, left },
          doubts: (kind) =>
            of(`${kind} records`).flatMap(({ status, message }) => (status === "ok" ? [] : [message])),
          step: (name) => of(name)[0],
        };
      }
      steps.push(value);
    }
  });
}
