/** A process that may make no file larger than 64 KB: of a longer write it gets the first part, as on a disk that fills up. */
import { spawnSync } from "node:child_process";

const BLOCKS_OF_512 = 128;

/**
 * @param module that the script imports from, under the root of the checkout
 * @param script may use what the module exports as `on.…`, and the text `LONG` of 200 KB that does not compress
 * @returns all that it has written
 */
export function underFileLimit(module: string, script: string): string {
  const file = new URL(`../../../${module}`, import.meta.url).href;
  const program = `
    import { randomBytes } from "node:crypto";
    import * as on from ${JSON.stringify(file)};
    const LONG = randomBytes(100_000).toString("hex");
    ${script}`;
  const node = [process.execPath, "--input-type=module-typescript", "--eval", program];
  const limited = ["-c", `ulimit -f ${BLOCKS_OF_512}; exec "$@"`, "sh", ...node];
  const { stdout, stderr } = spawnSync("sh", limited, { encoding: "utf8" });
  return stdout + stderr;
}
