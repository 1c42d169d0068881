/**
 * Canvas's rate limit, kept before it is reached. Every token has a leaky bucket (canvas-lms request_throttle): a
 * request puts its cost in, and while it is under way 50 more, which come back when it is done; 10 a second leak
 * out; who finds the bucket full is turned away. X-Rate-Limit-Remaining says what room is left, X-Request-Cost
 * what the request cost.
 */
import pLimit from "p-limit";
import type { Answer } from "./exchange.ts";
import type { CanvasPorts } from "./ports.ts";
import type { Trouble } from "./retry.ts";

const UP_FRONT = 50;
const LEAK_PER_SECOND = 10;
/** Room that is left to whoever else uses the token, and for what was not foreseen. */
const RESERVE = 100;

export interface Budget {
  /** Sends the request when the bucket has room for it, one after the other in the order they came. */
  spend: (request: () => Promise<Answer | Trouble>, signal: AbortSignal) => Promise<Answer | Trouble>;
  /** Canvas has turned a request away and did not say for how long. */
  isEmpty: () => void;
  /** No request leaves for so long. */
  hold: (ms: number) => void;
}

export function createBudget(ports: Pick<CanvasPorts, "now" | "sleep" | "log">): Budget {
  const gate = pLimit(1);
  /** Room in the bucket at that instant, were nothing of ours under way. */
  let room = Number.POSITIVE_INFINITY;
  /** The most room that Canvas ever told of: an empty bucket does not get any emptier. */
  let most = 0;
  let at = ports.now();
  let typicalCost: number | undefined;
  let inFlight = 0;
  let heldUntil = 0;
  let told = false;
  let ended = Promise.withResolvers<undefined>();

  async function admit(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const now = ports.now();
      if (heldUntil > now) {
        await ports.sleep(heldUntil - now, signal);
        continue;
      }
      const short = shortage(now);
      if (short <= 0) break;
      tell();
      // The end of a request gives back what it had reserved, and says anew what is left.
      if (inFlight > 0) {
        await ended.promise;
        continue;
      }
      // Whatever the bucket's size, one request at a time has had its room by then.
      await ports.sleep(Math.ceil((short * 1000) / LEAK_PER_SECOND), signal);
      break;
    }
    inFlight++;
  }

  function shortage(now: number): number {
    const each = Math.max(UP_FRONT, typicalCost ?? 0);
    return RESERVE + each * (inFlight + 1) - roomAt(now);
  }

  function roomAt(now: number): number {
    const leaked = (Math.max(0, now - at) * LEAK_PER_SECOND) / 1000;
    return Math.min(room + leaked, Math.max(room, most));
  }

  function tell(): void {
    if (told) return;
    told = true;
    ports.log({ level: "info", message: "Canvas's rate limit is near: requests leave more slowly" });
  }

  /** @param others requests of ours that are still under way: those that Canvas knows of have taken room already */
  function note(answer: Answer | Trouble, others: number): void {
    const header = "header" in answer ? answer.header : () => null;
    const said = numberOf(header("x-rate-limit-remaining"));
    const cost = numberOf(header("x-request-cost"));
    if (cost !== undefined) typicalCost = typicalCost === undefined ? cost : (4 * typicalCost + cost) / 5;
    if (said === undefined) return;
    most = Math.max(most, said);
    const now = ports.now();
    room = others === 0 ? said : Math.min(roomAt(now) - (cost ?? 0), said + UP_FRONT * others);
    at = now;
  }

  return {
    async spend(request, signal) {
      await gate(() => admit(signal));
      try {
        const answer = await request();
        note(answer, inFlight - 1);
        return answer;
      } finally {
        inFlight--;
        ended.resolve(undefined);
        ended = Promise.withResolvers();
      }
    },
    isEmpty() {
      room = Math.min(0, roomAt(ports.now()));
      at = ports.now();
    },
    hold(ms) {
      heldUntil = Math.max(heldUntil, ports.now() + ms);
    },
  };
}

function numberOf(header: string | null): number | undefined {
  const number = header === null || header.trim() === "" ? Number.NaN : Number(header);
  return Number.isFinite(number) ? number : undefined;
}
