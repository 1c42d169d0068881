/**
 * The sandbox SIS as a process of its own, so that benchmarks do not share a thread with it:
 *
 *     node jobs/demo/sis-process.ts '{"students":60000,"schools":60,"pageSize":1000,"auth":{…}}'
 *
 * Prints one line of JSON, `{ url, tokenUrl, pid, counts }`, when it is ready; with a gradebook, another one,
 * `{ lineItems, results, writes }`, for every line that it is sent; ends on SIGTERM and when its standard input
 * closes.
 */
import { createInterface } from "node:readline";
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
createInterface({ input: process.stdin })
  .on("line", () => {
    const { lineItems, results, writes } = sis.gradebook;
    const held = { lineItems: lineItems.size, results: results.size, writes: writes.length };
    process.stdout.write(`${JSON.stringify(held)}\n`);
  })
  .once("close", end);
