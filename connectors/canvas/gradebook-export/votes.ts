/** Decides by counting, and only where the count leaves no doubt. */

export function countEach<T>(votes: Iterable<ReadonlySet<T>>): Map<T, number> {
  const counts = new Map<T, number>();
  for (const vote of votes) for (const choice of vote) counts.set(choice, (counts.get(choice) ?? 0) + 1);
  return counts;
}

/** The choice that at least half of the voters share while no other has more than half as many; undefined: none is. */
export function clearWinner<T>(counts: ReadonlyMap<T, number>, voters: number): T | undefined {
  const [first, second] = [...counts].sort(([, a], [, b]) => b - a);
  if (first === undefined) return undefined;
  const [choice, votes] = first;
  return votes * 2 >= voters && (second?.[1] ?? 0) * 2 <= votes ? choice : undefined;
}
