/** Which fields of the SIS meet what Canvas has best, as `roster.users.id` and `login`. */
import type { ChoiceTally } from "../../connectors/store/evaluate/choices.ts";
import type { EvaluationFacts } from "./facts.ts";

export interface Proposal {
  key: "id" | "login";
  /** What the config says now. */
  now: string;
  /** The same where nothing is better. */
  best: string;
  /** How many of tonight's people Canvas has under it; undefined: nobody has the field that is configured. */
  foundNow: number | undefined;
  foundBest: number;
}

/** Undefined where the report has no users. */
export function proposalOf(facts: EvaluationFacts, key: Proposal["key"]): Proposal | undefined {
  const people = facts.types.users?.tonight ?? 0;
  const tallies = key === "id" ? facts.ids : facts.logins;
  const now = facts.users[key];
  const current = tallies.find(({ choice }) => choice === now);
  const [first] = tallies.toSorted((one, two) => worth(two, people) - worth(one, people));
  if (first === undefined || people === 0) return undefined;
  const isBetter =
    current === undefined || (first.same > current.same && worth(first, people) > worth(current, people));
  const best = isBetter ? first : current;
  return { key, now, best: best.choice, foundNow: current?.same, foundBest: best.same };
}

/** Who lacks the field, or shares it, is left out of every night; whose value is another's takes that one's place. */
function worth({ given, shared, same, other }: ChoiceTally, people: number): number {
  return same - (people - given) - shared - 2 * other;
}
