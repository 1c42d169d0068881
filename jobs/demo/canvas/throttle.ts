/** Canvas's request throttle: a leaky bucket for each token. Source: Canvas's RequestThrottle, and its API docs. */
import type { RateLimit } from "./options.ts";

const HIGH_WATER = 600;
const OUTFLOW = 10;
/** Held while a request is under way, so that many at once fill the bucket. */
const UP_FRONT = 50;

export interface Ticket {
  allowed: boolean;
  /** What the client is told: the request's cost, unless it was refused, and how much is left. */
  tell(cost: number): Record<string, string>;
  /** The request is over: its weight is given back, its cost stays. */
  settle(cost: number): void;
}

export interface Throttle {
  enter(): Ticket;
}

export function openThrottle(rules: RateLimit = {}, clock: () => number = Date.now): Throttle {
  const { highWater = HIGH_WATER, outflow = OUTFLOW } = rules;
  let filled = 0;
  let touched = clock();

  function pour(amount: number): void {
    const now = clock();
    filled = Math.max(0, filled - ((now - touched) / 1000) * outflow) + amount;
    touched = now;
  }

  return {
    enter() {
      pour(UP_FRONT);
      const allowed = filled < highWater;
      return {
        allowed,
        tell(cost) {
          const left = highWater - Math.max(0, filled + cost - UP_FRONT);
          return {
            ...(allowed ? { "x-request-cost": cost.toFixed(8) } : {}),
            "x-rate-limit-remaining": left.toFixed(6),
          };
        },
        settle(cost) {
          pour(cost - UP_FRONT);
          filled = Math.max(0, filled);
        },
      };
    },
  };
}
