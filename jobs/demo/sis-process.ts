/**
 * The sandbox SIS as a process of its own, so that benchmarks do not share a thread with it:
 *
 *     node jobs/demo/sis-process.ts '{"students":60000,"schools":60,"pageSize":1000,"auth":{…}}'
 *
 * Prints one line of JSON, `{ url, tokenUrl, pid, counts }`, when it is ready; ends on SIGTERM and when its
 * standard input closes.
 */
import { type DistrictOptions, makeDistrict } from "./district.ts";
import { type SandboxSisOptions, startSandboxSis } from "./sis.ts";

interface ProcessOptions extends Omit<SandboxSisOptions, "district">, DistrictOptions {
  /** Pages of this size are built before it says that it is ready. */
  pageSize?: number;
}

const options = JSON.parse(process.argv[2] ?? "{}") as ProcessOptions;
const district = makeDistrict(options);
const sis = await startSandboxSis({ ...options, district });
if (options.pageSize !== undefined) sis.warm(options.pageSize);

const counts = Object.fromEntries(
  Object.entries(district).map(([name, list]) => [name, (list as unknown[]).length]),
);
process.stdout.write(
  `${JSON.stringify({ url: sis.url, tokenUrl: sis.tokenUrl, pid: process.pid, counts })}\n`,
);

function end(): void {
  void sis.stop().then(() => process.exit(0));
}
process.once("SIGTERM", end);
process.stdin.once("end", end).resume();
