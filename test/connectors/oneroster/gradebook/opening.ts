/** Opens a gradebook as a run of grades does, with a clock that runs only while somebody waits. */
import { onTestFinished } from "vitest";
import { Grades } from "../../../../config/schema/grades.ts";
import { type Gradebook, openGradebook } from "../../../../connectors/oneroster/gradebook.ts";
import { type ConfigChanges, restConfig, type TestPorts, testPorts } from "../reading.ts";

export type GradesChanges = Partial<ReturnType<typeof gradesConfig>>;

export function gradesConfig() {
  return Grades.parse({ source: { kind: "canvas-data", path: "." } });
}

export interface Opened extends Gradebook {
  ports: TestPorts;
  warnings: () => string[];
}

export function openFor(
  sis: { url: string },
  source: ConfigChanges = {},
  {
    grades = {},
    ports = testPorts(),
    signal = new AbortController().signal,
  }: { grades?: GradesChanges; ports?: TestPorts; signal?: AbortSignal } = {},
): Opened {
  const config = restConfig(sis.url, source);
  const gradebook = openGradebook(config, { ...gradesConfig(), ...grades }, ports, signal);
  onTestFinished(() => gradebook.close());
  const warnings = () => ports.events.filter(({ level }) => level === "warn").map(({ message }) => message);
  return { ...gradebook, ports, warnings };
}
