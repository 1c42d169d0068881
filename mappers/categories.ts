/** Which grading category of the SIS an assignment belongs to. */
import type { GradesConfig } from "./gradebook-body.ts";
import { renderText } from "./templates.ts";

export interface Category {
  sourcedId: string;
  title: string;
  /** metadata.classId; null: usable in every class. */
  classId: string | null;
}

export interface CategoryQuestion {
  /** Name of the assignment group in Canvas; undefined: not known; null: there is none that could be known. */
  group: string | null | undefined;
  /** Those of the SIS, in its order. */
  categories: readonly Category[];
  classId: string;
  /** sourcedId that the line item has in the SIS, null: none; undefined: it is not there yet. */
  present: string | null | undefined;
  /** What `remember` was the last time; undefined: never, or forgotten. */
  remembered: string | null | undefined;
}

export type CategoryAnswer =
  | {
      category: { sourcedId: string } | null;
      /** To be kept with the line item: our own choice, by which one made in the SIS is told from it. */
      remember: string | null;
      error?: undefined;
    }
  /** A sentence for the instructor: what does not match, what there is, what to do. */
  | { error: string; category?: undefined };

type Rules = Pick<GradesConfig, "categories">;

/**
 * The first category whose title is the group's name, of those that are global or of this class; titles are compared
 * as they are, and only when none is equal without case. `override` is sent whatever there is. With `sticky` a
 * category in the SIS that is not our own last choice is somebody's, and stays.
 *
 * Of a total, or work from a source that knows no groups, nothing says which category it belongs to: the one that it
 * has in the SIS is better than any choice of ours, and stays too. Where it has none, it gets the default, or none.
 */
export function chooseCategory(question: CategoryQuestion, { categories: rules }: Rules): CategoryAnswer {
  if (rules.override !== null) return chosen(rules.override === "null" ? null : rules.override);
  const own = ownChoice(question, rules);
  const { group, present, remembered } = question;
  if (present == null || own.category?.sourcedId === present) return own;
  const somebodys = present !== remembered && (rules.sticky || group === null);
  const isBetterThanNone = group === null && own.category === null;
  if (!somebodys && !isBetterThanNone) return own;
  return {
    category: { sourcedId: present },
    remember: remembered === undefined ? (own.category?.sourcedId ?? null) : remembered,
  };
}

function ownChoice(question: CategoryQuestion, rules: Rules["categories"]): CategoryAnswer {
  const usable = question.categories.filter(
    ({ classId }) => classId === null || classId === question.classId,
  );
  const match = titled(question.group?.trim(), usable);
  if (match !== undefined) return chosen(match.sourcedId);
  if (rules.whenUnmatched === "null") return chosen(null);
  if (rules.whenUnmatched === "default" && rules.default !== null) return chosen(rules.default);
  if (question.group === null) return chosen(null);
  return { error: unmatched(question.group, usable) };
}

function titled(group: string | undefined, usable: readonly Category[]): Category | undefined {
  if (group === undefined || group === "") return undefined;
  const folded = group.toLowerCase();
  return (
    usable.find(({ title }) => title.trim() === group) ??
    usable.find(({ title }) => title.trim().toLowerCase() === folded)
  );
}

function chosen(sourcedId: string | null): CategoryAnswer {
  return { category: sourcedId === null ? null : { sourcedId }, remember: sourcedId };
}

const LISTED = 30;

function unmatched(group: string | undefined, usable: readonly Category[]): string {
  const titles = [...new Set(usable.map(({ title }) => title.trim()))];
  const more = titles.length > LISTED ? ` and ${titles.length - LISTED} more` : "";
  const available = titles.length === 0 ? "none" : `${titles.slice(0, LISTED).join(", ")}${more}`;
  if (group === undefined || group.trim() === "") {
    return `The assignment group is not known, and so its grading category. Available: ${available}. Choose one for such work with grades.categories: whenUnmatched, or override.`;
  }
  const remedy =
    titles.length === 0
      ? "Have it created in the SIS."
      : "Give the assignment group in Canvas one of these names, or have the category created in the SIS.";
  return `Grading category "${group.trim()}" not found in the SIS for this class. Available: ${available}. ${remedy}`;
}

/** The OneRoster filter for the categories of a class; a quote inside a value is doubled. */
export function categoryFilter(classId: string, { categories: rules }: Rules): string {
  return renderText(rules.filter, { class: { sourcedId: classId.replaceAll("'", "''") } });
}
