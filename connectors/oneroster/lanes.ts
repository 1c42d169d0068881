/** So many tasks, a few at a time. */

/**
 * Works on 0 … count-1, in that order, at most `lanes` at a time. When one says "stop" or fails, the others
 * are aborted and waited for: afterwards nothing is under way any more.
 * @throws what the first failed task threw, or the signal's reason
 */
export async function inLanes(
  { count, lanes, signal }: { count: number; lanes: number; signal: AbortSignal },
  work: (index: number, signal: AbortSignal) => Promise<"go on" | "stop">,
): Promise<void> {
  const stop = new AbortController();
  const all = AbortSignal.any([signal, stop.signal]);
  const errors: unknown[] = [];
  let next = 0;

  async function lane(): Promise<void> {
    while (next < count && !all.aborted) {
      try {
        if ((await work(next++, all)) === "stop") stop.abort();
      } catch (error) {
        // What fails because it was stopped is no failure.
        if (!stop.signal.aborted) errors.push(error);
        stop.abort();
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(lanes, count) }, lane));
  signal.throwIfAborted();
  if (errors.length > 0) throw errors[0];
}
