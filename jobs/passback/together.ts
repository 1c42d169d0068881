/** Several pieces of work at once, of a list too long to hold: the next one is taken when there is room for it. */

/** @throws the first error, once what was begun has ended; nothing new is begun after it */
export async function together<T>(
  items: Iterable<T> | AsyncIterable<T>,
  atOnce: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const errors: unknown[] = [];
  let index = 0;
  try {
    for await (const item of items) {
      const one: Promise<void> = work(item, index++)
        .catch((error: unknown) => {
          errors.push(error);
        })
        .finally(() => running.delete(one));
      running.add(one);
      if (running.size >= atOnce) await Promise.race(running);
      if (errors.length > 0) break;
    }
  } catch (error) {
    // The list itself may break off, as a damaged file does.
    errors.push(error);
  }
  await Promise.all(running);
  if (errors.length > 0) throw errors[0];
}
