/** `rosterbridge show RUN`: one run. */
import { EXIT_CODES, type ExitCode } from "../config/failure.ts";
import { loadConfig } from "../config/load.ts";
import type { Call } from "./main.ts";
import { pastRun } from "./run/history.ts";
import { summary } from "./run/summary.ts";

export async function show(call: Call, options: { run: string; json: boolean }): Promise<ExitCode> {
  const { config } = await loadConfig(call.options.config, { env: call.terminal.env, sections: [] });
  const { manifest, folder, state } = pastRun(config.state, config.institution.id, options.run);
  call.terminal.stdout.write(
    options.json
      ? `${JSON.stringify({ ...manifest, state, folder }, null, 2)}\n`
      : summary(manifest, folder, state),
  );
  return EXIT_CODES.ok;
}
