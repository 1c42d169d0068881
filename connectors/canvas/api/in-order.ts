/** Works on many things at once and gives the results in the order of the things, without running far ahead. */

/**
 * At most `width` things are begun and not yet taken, so that only so many results are in memory. When one fails,
 * or the receiver stops, the others are stopped and waited for.
 * @param things made with a signal that ends them
 * @throws what failed first, or the signal's reason
 */
export async function* inOrder<T, R>(
  things: (signal: AbortSignal) => AsyncIterable<T>,
  work: (thing: T, signal: AbortSignal) => Promise<R>,
  { width, signal }: { width: number; signal: AbortSignal },
): AsyncGenerator<R> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const begun: Promise<R>[] = [];
  const list = { isOver: false };
  let moved = Promise.withResolvers<undefined>();
  const move = () => {
    moved.resolve(undefined);
    moved = Promise.withResolvers();
  };
  const orStop = (error: unknown) => {
    stop.abort(error);
  };

  async function begin(): Promise<void> {
    for await (const thing of things(either)) {
      while (begun.length >= width && !either.aborted) await moved.promise;
      either.throwIfAborted();
      const result = work(thing, either);
      result.catch(orStop);
      begun.push(result);
      move();
    }
  }

  const beginning = begin()
    .catch(orStop)
    .finally(() => {
      list.isOver = true;
      move();
    });
  try {
    for (;;) {
      while (begun.length === 0 && !list.isOver) await moved.promise;
      const first = begun[0];
      if (first === undefined) break;
      yield await first;
      void begun.shift();
      move();
    }
    either.throwIfAborted();
  } catch (error) {
    either.throwIfAborted();
    throw error;
  } finally {
    stop.abort();
    move();
    await Promise.allSettled([beginning, ...begun]);
  }
}
