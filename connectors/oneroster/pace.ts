/** When the next request may leave: not faster than the configured rate, and not before the SIS wants it. */
import type { SourcePorts } from "./ports.ts";

export interface Pace {
  /** Waits for this request's turn. */
  turn: (signal: AbortSignal) => Promise<void>;
  /** No request leaves before that instant (milliseconds since 1970). */
  holdUntil: (instant: number) => void;
}

/** Evenly spaced, so that no second ever sees more requests than allowed; a rate of null means no spacing. */
export function createPace(
  requestsPerSecond: number | null,
  ports: Pick<SourcePorts, "now" | "sleep">,
): Pace {
  const spacing = requestsPerSecond === null ? 0 : 1000 / requestsPerSecond;
  let next = 0;
  let held = 0;
  return {
    async turn(signal) {
      let reached = ports.now();
      // A hold that was laid while this request waited puts it back into the queue.
      do {
        const mine = Math.max(reached, next);
        next = mine + spacing;
        if (mine > reached) await ports.sleep(mine - reached, signal);
        reached = mine;
      } while (reached < held);
    },
    holdUntil(instant) {
      held = Math.max(held, instant);
      next = Math.max(next, held);
    },
  };
}
