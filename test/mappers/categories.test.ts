import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Category,
  type CategoryQuestion,
  categoryFilter,
  chooseCategory,
} from "../../mappers/categories.ts";
import { grades } from "./graded-work.ts";

const CATEGORIES: Category[] = [
  { sourcedId: "other-quiz", title: "Quizzes", classId: "class-2" },
  { sourcedId: "quiz", title: " Quizzes ", classId: null },
  { sourcedId: "own-quiz", title: "Quizzes", classId: "class-1" },
  { sourcedId: "tests-upper", title: "TESTS", classId: null },
  { sourcedId: "tests", title: "Tests", classId: "class-1" },
  { sourcedId: "lab", title: "Lab", classId: "class-2" },
];

function choose(said: Partial<CategoryQuestion> = {}, categories: object = {}) {
  const question: CategoryQuestion = {
    group: "Quizzes",
    categories: CATEGORIES,
    classId: "class-1",
    present: undefined,
    remembered: undefined,
    ...said,
  };
  return chooseCategory(question, grades({ categories }));
}

const chosen = (sourcedId: string | null, remember = sourcedId) => ({
  category: sourcedId === null ? null : { sourcedId },
  remember,
});

describe("chooseCategory", () => {
  it("takes the first with the group's name that is global or of this class", () => {
    expect(choose()).toEqual(chosen("quiz"));
    expect(choose({ classId: "class-2" })).toEqual(chosen("other-quiz"));
    expect(choose({ group: "Lab", classId: "class-2" })).toEqual(chosen("lab"));
  });

  it("prefers the very name to one in another case, and takes that where there is no other", () => {
    expect(choose({ group: " Tests " })).toEqual(chosen("tests"));
    expect(choose({ group: "tests" })).toEqual(chosen("tests-upper"));
  });

  it("never takes another class's, and never another title", () => {
    const any = fc.array(
      fc.record({
        sourcedId: fc.uuid(),
        title: fc.constantFrom("Quizzes", "quizzes", "Tests", " Lab", ""),
        classId: fc.constantFrom(null, "class-1", "class-2"),
      }),
    );
    fc.assert(
      fc.property(any, fc.constantFrom("Quizzes", "Tests", "Lab", ""), (categories, group) => {
        const answer = choose({ categories, group });
        const fits = (one: Category) =>
          one.classId !== "class-2" && group !== "" && one.title.trim().toLowerCase() === group.toLowerCase();
        if (answer.error !== undefined) expect(categories.some(fits)).toBe(false);
        else
          expect(fits(categories.find(({ sourcedId }) => sourcedId === answer.category?.sourcedId)!)).toBe(
            true,
          );
      }),
    );
  });

  it("names what there is, once each and not another class's, when nothing has the group's name", () => {
    expect(choose({ group: "Homework" })).toEqual({
      error:
        'Grading category "Homework" not found in the SIS for this class. Available: Quizzes, TESTS, Tests. Give the assignment group in Canvas one of these names, or have the category created in the SIS.',
    });
    expect(choose({ categories: [] }).error).toBe(
      'Grading category "Quizzes" not found in the SIS for this class. Available: none. Have it created in the SIS.',
    );
  });

  it("does not list hundreds", () => {
    const categories = Array.from({ length: 200 }, (_, n) => ({
      sourcedId: `${n}`,
      title: `C${n}`,
      classId: null,
    }));
    expect(choose({ categories }).error).toMatch(/C29 and 170 more\./);
  });

  it("says that the group is not known where the source does not know it", () => {
    expect(choose({ group: undefined }).error).toMatch(
      /not known.*Available: Quizzes.*whenUnmatched, or override/,
    );
  });

  it("takes the default, or none, for what is unmatched where told", () => {
    expect(choose({ group: "Homework" }, { whenUnmatched: "default", default: "misc" })).toEqual(
      chosen("misc"),
    );
    expect(choose({ group: "Homework" }, { whenUnmatched: "null" })).toEqual(chosen(null));
    expect(choose({ group: undefined }, { whenUnmatched: "null" })).toEqual(chosen(null));
    expect(choose({}, { whenUnmatched: "default", default: "misc" })).toEqual(chosen("quiz"));
  });

  it("sends the override always, even over what somebody made of it in the SIS", () => {
    const present = { present: "lab", remembered: "quiz" };
    expect(choose(present, { override: "all", sticky: true })).toEqual(chosen("all"));
    expect(choose({ group: "Homework" }, { override: "null" })).toEqual(chosen(null));
  });
});

describe("work of which no group can be known", () => {
  const groupless = { group: null };

  it("has no category, or the default, for none can be unmatched", () => {
    expect(choose(groupless)).toEqual(chosen(null));
    expect(choose(groupless, { whenUnmatched: "default", default: "misc" })).toEqual(chosen("misc"));
    expect(choose(groupless, { override: "all" })).toEqual(chosen("all"));
  });

  it("keeps the category that it has in the SIS, whoever gave it", () => {
    expect(choose({ ...groupless, present: "lab", remembered: undefined })).toEqual(chosen("lab", null));
    expect(choose({ ...groupless, present: "lab", remembered: null })).toEqual(chosen("lab", null));
    expect(choose({ ...groupless, present: "lab", remembered: "lab" })).toEqual(chosen("lab"));
    expect(choose({ ...groupless, present: null, remembered: "lab" })).toEqual(chosen(null));
  });

  it("follows the default where the one in the SIS is our own, and keeps somebody's", () => {
    const fallback = { whenUnmatched: "default", default: "misc" };
    expect(choose({ ...groupless, present: "old", remembered: "old" }, fallback)).toEqual(chosen("misc"));
    expect(choose({ ...groupless, present: "lab", remembered: "misc" }, fallback)).toEqual(
      chosen("lab", "misc"),
    );
  });
});

describe("a sticky category", () => {
  const sticky = { sticky: true };

  it("stays when somebody gave it to the line item in the SIS", () => {
    expect(choose({ present: "lab", remembered: "quiz" }, sticky)).toEqual(chosen("lab", "quiz"));
    expect(choose({ present: "lab", remembered: null }, sticky)).toEqual(chosen("lab", null));
  });

  it("stays although the group matches nothing", () => {
    expect(choose({ group: "Homework", present: "lab", remembered: undefined }, sticky)).toEqual(
      chosen("lab", null),
    );
  });

  it("gives way to the group where the one in the SIS is our own", () => {
    expect(choose({ group: "Tests", present: "quiz", remembered: "quiz" }, sticky)).toEqual(chosen("tests"));
    expect(choose({ present: null, remembered: "quiz" }, sticky)).toEqual(chosen("quiz"));
    expect(choose({ present: undefined }, sticky)).toEqual(chosen("quiz"));
  });

  it("does not stay unless told", () => {
    expect(choose({ present: "lab", remembered: "quiz" })).toEqual(chosen("quiz"));
  });

  it("stays night after night, however often the group is changed in Canvas", () => {
    const groups = fc.array(fc.constantFrom("Quizzes", "Tests", "Homework"), { minLength: 1 });
    fc.assert(
      fc.property(groups, fc.constantFrom("quiz", "tests", null, undefined), (nights, before) => {
        let remembered: string | null | undefined = before;
        for (const group of nights) {
          const answer = choose({ group, present: "lab", remembered }, sticky);
          expect(answer.category).toEqual({ sourcedId: "lab" });
          if (answer.error === undefined) remembered = answer.remember;
        }
      }),
    );
  });
});

describe("categoryFilter", () => {
  it("asks for the class's own, with quotes in ids doubled", () => {
    expect(categoryFilter("class-1", grades())).toBe("metadata.classId='class-1'");
    expect(categoryFilter("o'neill", grades())).toBe("metadata.classId='o''neill'");
    expect(
      categoryFilter("7", grades({ categories: { filter: "metadata.section='{class.sourcedId}'" } })),
    ).toBe("metadata.section='7'");
  });
});
