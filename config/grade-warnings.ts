/** What a person should know of a `grades` section that is valid all the same. */
import type { Config } from "./schema.ts";
import type { SourceWarning } from "./source-warnings.ts";

type Grades = NonNullable<Config["grades"]>;

export function gradeWarnings(grades: Grades): SourceWarning[] {
  return [...totalsFromElsewhere(grades), ...groupsUnknown(grades)];
}

/** No other source has totals as Canvas calculates them; to calculate them again would be to invent grades. */
function totalsFromElsewhere({ courseGrades, source }: Grades): SourceWarning[] {
  if (!courseGrades.enabled || source.kind === "grade-export") return [];
  return [
    {
      message: `grades.courseGrades.enabled has no effect with grades.source.kind: ${source.kind}: course grades are in Canvas's Grade Export reports only, and none are sent.`,
      hint: "To send them as well, run `rosterbridge grades` with a second config too: the same institution and state, and grades.source.kind: grade-export. Otherwise take courseGrades.enabled out.",
    },
  ];
}

/** `whenUnmatched: error` is about a group that no category is named after; here no group is known to begin with. */
function groupsUnknown({ source, categories }: Grades): SourceWarning[] {
  const isSettled = categories.whenUnmatched !== "error" || categories.override !== null;
  if (source.kind !== "gradebook-csv" || isSettled) return [];
  return [
    {
      message:
        "Gradebook exports name no assignment groups, so no grading category can be told from them: new line items are sent without one, and those in the SIS keep the one that they have.",
      hint: 'Where the SIS needs one, set grades.categories.whenUnmatched: default, with grades.categories.default: the sourcedId of a category. With whenUnmatched: "null" this is not said again.',
    },
  ];
}
