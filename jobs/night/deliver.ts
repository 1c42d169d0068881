/** Stage deliver: the package to the gateway, where it appears whole or not at all. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../../config/schema.ts";
import { connectGateway } from "../../connectors/gateway/gateway.ts";
import type { Run } from "../run/run.ts";

/** @throws Failure delivery.… ; the package stays in the run folder */
export async function deliver(run: Run, config: Config): Promise<void> {
  const { manifest } = run;
  if (manifest.package === null) throw new Error(`${run.id} has no package to deliver`);
  const { file, bytes } = manifest.package;
  const gateway = connectGateway(config.delivery, {
    log: (event, details) => {
      run.log.info({ stage: "deliver", ...details }, `deliver: ${event}`);
    },
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, signal === undefined ? {} : { signal }),
    random: () => Math.random(),
  });
  const delivered = await gateway.put(join(run.folder, file), file, {
    signal: run.signal,
    onProgress: (done) => {
      run.progress({ stage: "deliver", unit: "bytes", done, total: bytes });
    },
  });
  const { kind, target, verified } = delivered;
  manifest.delivery = { kind, target, verified };
  run.log.info(
    { stage: "deliver", kind, target },
    `deliver: ${target} is on the gateway, whole and verified`,
  );
}
