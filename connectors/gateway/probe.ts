/** Whether the gateway would take tonight's package, found out with a small file that is removed again. */
import { type DirectoryConfig } from "./directory.ts";
import { probeDirectory } from "./probe/directory.ts";
import { probeSftp } from "./probe/sftp.ts";
import type { ProbePorts, ProbeStep } from "./probe/steps.ts";
import type { SftpDeliveryConfig } from "./sftp.ts";

export type { ProbePorts, ProbeStep } from "./probe/steps.ts";

/**
 * What a delivery needs, in its order, up to the first thing that is not so: a fault is a finding. What the probe
 * wrote is removed whatever happens, by a new connection where the first one broke.
 * @throws the signal's reason
 */
export function probeGateway(
  config: SftpDeliveryConfig | DirectoryConfig,
  ports: ProbePorts,
): Promise<ProbeStep[]> {
  return config.kind === "sftp" ? probeSftp(config, ports) : probeDirectory(config, ports);
}
