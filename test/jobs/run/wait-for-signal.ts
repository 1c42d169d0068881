/** Waits to be stopped, says by what in the words of the Failure, and goes on when told to. */
import { onInterrupt } from "../../../jobs/run/interrupt.ts";

const { signal } = onInterrupt();
const waiting = setInterval(() => undefined, 60_000);
signal.addEventListener("abort", () => {
  process.stdout.write(`${JSON.stringify(signal.reason)}\nstopping\n`);
  if (process.argv[2] !== "stay") clearInterval(waiting);
});
process.stdout.write("waiting\n");
