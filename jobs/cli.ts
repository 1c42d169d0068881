#!/usr/bin/env node
/** The way in, and the only place that ends the process. */

const OLDEST_NODE = 24;

if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
  process.stderr.write(
    `rosterbridge needs Node.js ${OLDEST_NODE} or newer; this is ${process.versions.node}. Nothing was touched.\n`,
  );
  process.exit(2);
}

// Only now: an older Node could not even load what follows.
const { main } = await import("./main.ts");

const code = await main(process.argv.slice(2), process);
process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
