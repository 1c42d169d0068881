/** Of those who wait for one another, those who would wait for ever. */

/**
 * @param waits pairs of who waits, and for whom
 * @returns those who stand in a ring of waiting; whoever only waits for one of them does not
 */
export function findRings(waits: readonly (readonly [who: string, forWhom: string])[]): Set<string> {
  // Who waits for nobody, or is waited for by nobody, is in no ring; without them the same holds of others.
  return peel(
    waits.map(([who, forWhom]) => [forWhom, who] as const),
    peel(waits, new Set(waits.flat())),
  );
}

/** Takes out whoever has no pair that leads to one who is left. */
function peel(pairs: readonly (readonly [string, string])[], all: ReadonlySet<string>): Set<string> {
  const left = new Set(all);
  const leading = new Map<string, number>();
  const from = new Map<string, string[]>();
  for (const [one, other] of pairs) {
    if (!left.has(one) || !left.has(other)) continue;
    leading.set(one, (leading.get(one) ?? 0) + 1);
    const before = from.get(other);
    if (before === undefined) from.set(other, [one]);
    else before.push(one);
  }
  const free = [...left].filter((one) => !leading.has(one));
  for (const one of free) {
    left.delete(one);
    for (const before of from.get(one) ?? []) {
      const still = (leading.get(before) ?? 0) - 1;
      leading.set(before, still);
      if (still === 0) free.push(before);
    }
  }
  return left;
}
