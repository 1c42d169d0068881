/** Whether a night may go out: limits on what it takes away. Pure. */
import type { Violation } from "../run/manifest.ts";

/** Words for a night that is held, ending in the one command that lets it through. */
export function holdMessage(
  run: string,
  violations: readonly Violation[],
  causes: readonly string[],
): { message: string; hint: string } {
  const lines = [...violations.map(({ message }) => message), ...causes];
  return {
    message: `The night is held, nothing was sent: ${lines.join("; ")}.`,
    hint: `Look at changes.csv of the run; when it is right all the same: rosterbridge rerun ${run} --accept-changes`,
  };
}
