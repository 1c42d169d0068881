/** The grading categories of a SIS: of all classes, of each class, or some of both. */
import type { District } from "../../district/raw-records.ts";
import type { SandboxGradebookOptions } from "./options.ts";
import type { RawCategory } from "./records.ts";

const TITLES = ["Homework", "Quizzes", "Tests", "Projects", "Participation"];
const MADE_AT = "2026-08-01T06:00:00.000Z";

/** `mixed`: every second title is of all classes, the others of each. One global category is `tobedeleted`. */
export function makeCategories(district: District, options: SandboxGradebookOptions): RawCategory[] {
  const { categories = "global", categoryTitles = TITLES } = options;
  const shared = categoryTitles.filter(
    (_, index) => categories === "global" || (categories === "mixed" && index % 2 === 0),
  );
  const own = categoryTitles.filter((title) => !shared.includes(title));
  const withdrawn: RawCategory = { ...category("CAT-0", "Extra Credit (old)"), status: "tobedeleted" };
  return [
    withdrawn,
    ...shared.map((title, index) => category(`CAT-${index + 1}`, title)),
    ...district.classes.flatMap(({ sourcedId: classId }) =>
      own.map((title, index) => ({
        ...category(`CAT-${classId}-${index + 1}`, title),
        metadata: { classId },
      })),
    ),
  ];
}

/** The class that it is of; undefined: of all. */
export function classOf({ metadata }: RawCategory): string | undefined {
  const classId = metadata?.["classId"];
  return typeof classId === "string" ? classId : undefined;
}

function category(sourcedId: string, title: string): RawCategory {
  return { sourcedId, status: "active", dateLastModified: MADE_AT, title };
}
