/** What the probing of a sandbox SIS tells besides what a night would meet. */
import {
  type ProbeExtent,
  probeOneRoster,
  type RosterSample,
  type SisStep,
} from "../../../../connectors/oneroster/probe.ts";
import { type District, makeDistrict } from "../../../../jobs/demo/district.ts";
import { type FaultRule, type SandboxSisOptions, startSandboxSis } from "../../../../jobs/demo/sis.ts";
import { type ConfigChanges, restConfig, testPorts } from "../reading.ts";

export const small: District = makeDistrict({ seed: 3, students: 20, schools: 2 });

export interface Report {
  steps: SisStep[];
  sample: RosterSample | undefined;
  /** Of a name, those that are no good news. */
  doubts: (name: string) => string[];
  step: (name: string) => SisStep | undefined;
}

interface Asked {
  changes?: ConfigChanges;
  sis?: Partial<SandboxSisOptions>;
  faults?: FaultRule[];
  extent?: ProbeExtent;
}

export async function reportOn({ changes = {}, sis: options = {}, faults = [], extent = {} }: Asked = {}) {
  const auth = { kind: "bearer", token: "t0ken" } as const;
  const sis = await startSandboxSis({ district: small, auth, ...options });
  try {
    for (const fault of faults) sis.failNext({ times: Number.POSITIVE_INFINITY, ...fault });
    const report = await reportAt(sis.url, changes, extent);
    return { ...report, requests: [...sis.requests] };
  } finally {
    await sis.stop();
  }
}

export async function reportAt(
  url: string,
  changes: ConfigChanges = {},
  extent: ProbeExtent = {},
  ports = testPorts(),
): Promise<Report> {
  const signal = new AbortController().signal;
  const probing = probeOneRoster(restConfig(url, changes), ports, signal, extent);
  const steps: SisStep[] = [];
  for (;;) {
    const { done, value } = await probing.next();
    if (done === true) {
      const of = (name: string) => steps.filter((step) => step.name === name);
      return {
        ...{ steps, sample: value },
        doubts: (name) => of(name).flatMap(({ status, message }) => (status === "ok" ? [] : [message])),
        step: (name) => of(name)[0],
      };
    }
    steps.push(value);
  }
}
