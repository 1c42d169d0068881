/** How often something was met, with a few records as examples: by id, never by name. */
import { idText } from "../loose-values.ts";

/** What a support desk needs to look into it. */
const MOST_EXAMPLES = 5;

export interface Cases {
  count: number;
  /** sourcedIds, of the first ones. */
  examples: string[];
}

export interface CaseBook {
  note: (what: string, sourcedId: unknown) => void;
  /** The most frequent first. */
  all: () => [what: string, cases: Cases][];
}

export function openCaseBook(): CaseBook {
  const book = new Map<string, Cases>();
  return {
    note(what, sourcedId) {
      const cases = book.get(what) ?? { count: 0, examples: [] };
      cases.count++;
      const id = idText(sourcedId);
      if (id !== undefined && cases.examples.length < MOST_EXAMPLES) cases.examples.push(id);
      book.set(what, cases);
    },
    all: () => [...book].toSorted(([, one], [, other]) => other.count - one.count),
  };
}

export function casesOf(sourcedIds: readonly string[]): Cases {
  return { count: sourcedIds.length, examples: sourcedIds.slice(0, MOST_EXAMPLES) };
}

/** `3 of 1,200: a, b, c`; of more than are named, `…` stands for the rest. */
export function caseWords({ count, examples }: Cases, of: number): string {
  const named = examples.length === 0 ? "" : `: ${examples.join(", ")}${count > examples.length ? " …" : ""}`;
  return `${count.toLocaleString("en")} of ${of.toLocaleString("en")}${named}`;
}
