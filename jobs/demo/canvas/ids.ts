/** Canvas's own numbers: each kind counts for itself, in the order in which things come to be. */

/** Far apart, so that an id taken for one of another kind is noticed. */
const FIRST = {
  account: 2,
  term: 11,
  period: 71,
  course: 301,
  section: 5001,
  user: 70_001,
  enrollment: 900_001,
  group: 40_001,
  assignment: 600_001,
  override: 80_001,
  submission: 10_000_001,
  comment: 3_000_001,
};

export type IdKind = keyof typeof FIRST;

export type NextId = (kind: IdKind) => number;

export function countIds(): NextId {
  const next: Record<IdKind, number> = { ...FIRST };
  return (kind) => next[kind]++;
}
