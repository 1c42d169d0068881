#!/usr/bin/env node
/** The way in, and the only place that ends the process. */

const OLDEST_NODE = 24;

if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
  process.stderr.write(
    `rosterbridge needs Node.js ${OLDEST_NODE} or newer; this is ${process.versions.node}. Nothing was touched.\n`,
  );
  process.exit(2);
}

// Whoever reads along may go away: `| head`, a log collector that is started anew. That ends no night; its log is in its
// folder anyway.
let unwritten: NodeJS.ErrnoException | undefined;
const notWritten = (error?: NodeJS.ErrnoException | null) => {
  if (error != null && error.code !== "EPIPE") unwritten ??= error;
};
process.stdout.on("error", notWritten);
process.stderr.on("error", () => undefined);

// Only now: an older Node could not even load what follows.
const { main } = await import("./main.ts");

const code = await main(process.argv.slice(2), process);
process.stdout.write("", (error) => {
  notWritten(error);
  const lost =
    unwritten === undefined ? "" : `rosterbridge: the answer cannot be written (${unwritten.code})\n`;
  process.stderr.write(lost, () => process.exit(lost === "" || code !== 0 ? code : 1));
});
