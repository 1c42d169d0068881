import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { titlesOf } from "../../mappers/titles.ts";

interface Named {
  id: string;
  name: string;
}

const LESSONS = [
  { id: "8231", name: "Unit 3 Lesson 4 Independent Practice: factoring" },
  { id: "8232", name: "Unit 3 Lesson 4 Independent Practice: roots" },
  { id: "77", name: "Unit 3 Lesson 4" },
];

const codePoints = (text: string) => Array.from(text).length;
const graphemes = (text: string) =>
  Array.from(new Intl.Segmenter("en").segment(text), ({ segment }) => segment);

const anyName = fc.oneof(
  fc.string({ minLength: 1, maxLength: 24 }),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 16 }),
  // Few letters, so that names begin alike.
  fc.string({ unit: fc.constantFrom("a", "A", "b", "~", "1", " "), minLength: 1, maxLength: 24 }),
);
const anyId = fc.oneof(
  fc.integer({ min: 1, max: 30 }).map(String),
  fc.bigInt({ min: 10_000_000_000_000n, max: 10_000_000_000_999n }).map(String),
  fc.constantFrom(
    "course-grade",
    "grading-period-1",
    "grading-period-11",
    "11",
    "111",
    "1111",
    "11111",
    "111111111",
  ),
);
const anyAssignments = fc.uniqueArray(fc.record({ id: anyId, name: anyName }), {
  selector: ({ id }) => id,
  maxLength: 40,
});
const anyMax = fc.integer({ min: 8, max: 20 });

function titles(assignments: Named[], max: number | null): Record<string, string> {
  return Object.fromEntries(titlesOf(assignments, max));
}

describe("titlesOf", () => {
  it("keeps names that fit, and cuts others so that they can be told apart", () => {
    expect(titles(LESSONS, 30)).toEqual({
      "77": "Unit 3 Lesson 4",
      "8231": "Unit 3 Lesson 4 Independe~8231",
      "8232": "Unit 3 Lesson 4 Independe~8232",
    });
  });

  it("makes the mark of the newer longer, where it would be that of an older one", () => {
    const name = "Unit 3 Lesson 4 Independent Practice";
    const twins = ["1238231", "98231"].map((id) => ({ id, name }));
    expect(titles(twins, 20)).toEqual({
      "98231": "Unit 3 Lesson 4~8231",
      "1238231": "Unit 3 Lesson~38231",
    });
  });

  it("leaves every name alone without a limit", () => {
    fc.assert(
      fc.property(anyAssignments, (assignments) => {
        for (const { id, name } of assignments) expect(titles(assignments, null)[id]).toBe(name);
      }),
    );
  });

  it("gives every assignment a title that fits, and never changes a name that does", () => {
    fc.assert(
      fc.property(anyAssignments, anyMax, (assignments, max) => {
        const given = titlesOf(assignments, max);
        expect(given.size).toBe(assignments.length);
        for (const { id, name } of assignments) {
          const title = given.get(id) ?? "";
          expect(codePoints(title)).toBeLessThanOrEqual(max);
          if (codePoints(name) <= max) expect(title).toBe(name);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("never makes one title of two, not even without case", () => {
    fc.assert(
      fc.property(anyAssignments, anyMax, (assignments, max) => {
        const given = titlesOf(assignments, max);
        const folded = (title: string) => title.trim().toLowerCase();
        const cut = assignments.filter(({ name }) => codePoints(name) > max);
        for (const one of cut) {
          const same = assignments.filter(
            ({ id }) => folded(given.get(id) ?? "") === folded(given.get(one.id) ?? ""),
          );
          expect(same).toEqual([one]);
        }
      }),
      { numRuns: 400 },
    );
  });

  it("does not split what people see as one character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 9, maxLength: 30 }), anyMax, (name, max) => {
        fc.pre(codePoints(name) > max);
        const title = titles([{ id: "8231", name }], max)["8231"] ?? "";
        const kept = title.slice(0, title.lastIndexOf("~"));
        const whole = graphemes(name);
        const beginnings = whole.map((_, index) => whole.slice(0, index).join("").trimEnd());
        expect([...beginnings, name]).toContain(kept);
      }),
      { numRuns: 400 },
    );
  });

  it("does not rename an assignment when others come, go or change places", () => {
    const ids = fc.integer({ min: 1000, max: 9999 }).map(String);
    const distinct = fc.uniqueArray(
      fc.record({ id: ids, name: fc.string({ minLength: 1, maxLength: 24 }) }),
      {
        selector: ({ id }) => id,
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(distinct, anyMax, fc.infiniteStream(fc.boolean()), (assignments, max, keep) => {
        fc.pre(assignments.every(({ name }) => !name.includes("~")));
        const before = titlesOf(assignments, max);
        const left = assignments.filter(() => keep.next().value).reverse();
        for (const [id, title] of titlesOf(left, max)) expect(title).toBe(before.get(id));
      }),
    );
  });

  it("gives way to a name that is just the cut title, written in any case", () => {
    const [lesson] = LESSONS;
    const twin = { id: "99", name: "unit 3 lesson 4 independe~8231" };
    const other = { id: "108231", name: lesson!.name };
    expect(titles([lesson!, twin, other], 30)).toEqual({
      "99": "unit 3 lesson 4 independe~8231",
      "8231": "Unit 3 Lesson 4 Independent~1",
      "108231": "Unit 3 Lesson 4 Independ~08231",
    });
  });

  it.each(["école d~8231", "E\u0301cole d~8231", " École d~8231 ", "École d~８231"])(
    "takes %j for the same title, as a SIS may",
    (twin) => {
      const name = "École d  lundi matin";
      expect(titles([{ id: "8231", name }], 14)).toEqual({ "8231": "École d~8231" });
      expect(
        titles(
          [
            { id: "8231", name },
            { id: "9", name: twin },
          ],
          14,
        ),
      ).toEqual({ "8231": "École d  lun~1", "9": twin });
    },
  );

  it("lets the newer of two give way, whichever comes first", () => {
    const name = LESSONS[0]!.name;
    const old = { id: "18231", name };
    const young = { id: "28231", name };
    const expected = { "18231": "Unit 3 Lesson 4 Independe~8231", "28231": "Unit 3 Lesson 4 Independ~28231" };
    expect(titles([old, young], 30)).toEqual(expected);
    expect(titles([young, old], 30)).toEqual(expected);
  });
});
