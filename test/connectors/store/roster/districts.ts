/** Tiny districts that change from night to night in every way that a SIS has to change, for properties. */
import fc from "fast-check";
import { night, type Night, type Row } from "./night.ts";
import { account, course, enrollment, gone, refused, section, term, user } from "./rows.ts";

/** What the SIS says of a record on one night. */
type Fate = "there" | "gone" | "absent" | "malformed";

const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 8, arbitrary: fc.constant("there" as const) },
  { weight: 1, arbitrary: fc.constant("gone" as const) },
  { weight: 2, arbitrary: fc.constant("absent" as const) },
  { weight: 1, arbitrary: fc.constant("malformed" as const) },
);

const ACCOUNTS = ["north", "south", "annex"];
const CLASSES = ["math", "art", "gym", "latin"];
const PEOPLE = ["ada", "bo", "cy"];

const accountOf = fc.record({ fate, parent: fc.constantFrom("", "north", "south") });
const classOf = fc.record({
  fate,
  course: fc.constantFrom("c1", "c2", "c3"),
  name: fc.constantFrom("One", "Two"),
});
const courseOf = fc.record({
  account: fc.constantFrom("north", "south", "annex"),
  term: fc.constantFrom("fall", "spring"),
});
const personOf = fc.record({
  fate,
  fit: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  login: fc.oneof(
    { weight: 4, arbitrary: fc.constant("own") },
    { weight: 1, arbitrary: fc.constantFrom("x", "Y") },
  ),
  status: fc.oneof(
    { weight: 6, arbitrary: fc.constant("active") },
    { weight: 1, arbitrary: fc.constant("suspended") },
  ),
});
const enrollmentOf = fc.record({
  fate: fc.oneof({ weight: 3, arbitrary: fate }, { weight: 2, arbitrary: fc.constant("absent" as const) }),
  role: fc.oneof(
    { weight: 4, arbitrary: fc.constant("student") },
    { weight: 1, arbitrary: fc.constant("teacher") },
  ),
  /** Some SISs give an enrollment another sourcedId every night. */
  reissued: fc.boolean(),
});

/** One night of one district. */
const evening = fc.record({
  accounts: fc.tuple(accountOf, accountOf, accountOf),
  courses: fc.tuple(courseOf, courseOf, courseOf),
  classes: fc.tuple(classOf, classOf, classOf, classOf),
  people: fc.tuple(personOf, personOf, personOf),
  enrollments: fc.array(enrollmentOf, { minLength: 12, maxLength: 12 }),
});
type Evening = typeof evening extends fc.Arbitrary<infer T> ? T : never;

/** A night of several districts that know nothing of each other. */
export const districts = (count: number): fc.Arbitrary<Night> =>
  fc
    .array(evening, { minLength: count, maxLength: count })
    .map((evenings) => evenings.map((one, index) => rowsOf(one, `${index}-`)))
    .map((nights) =>
      nights.reduce(
        (all, one) =>
          Object.fromEntries(
            (Object.keys(all) as (keyof Night)[]).map((file) => [file, [...all[file], ...one[file]]]),
          ) as unknown as Night,
        anchor(),
      ),
    );

/** Something of every file that is always there: a file without a row is not in a package at all. */
function anchor(): Night {
  return night({
    accounts: [account("z")],
    terms: [term("z")],
    courses: [course("z", { account_id: "z", term_id: "z" })],
    sections: [section("z")],
    users: [user("z")],
    enrollments: [enrollment("z@z")],
  });
}

function rowsOf({ accounts, courses, classes, people, enrollments }: Evening, prefix: string): Night {
  const rows = night();
  const id = (name: string) => (name === "" ? "" : prefix + name);
  const put = (what: Fate, type: string, name: string, there: () => void) => {
    if (what === "there") there();
    else if (what === "gone") rows.rest.push(gone(type, name));
    else if (what === "malformed") rows.rest.push(refused("malformed", type, name, "malformed"));
  };

  ACCOUNTS.forEach((name, index) => {
    const { fate: what, parent } = accounts[index]!;
    // An account is a child of one that stands before it.
    const above = ACCOUNTS.indexOf(parent) < index ? parent : "";
    put(what, "orgs", id(name), () =>
      rows.accounts.push(account(id(name), { parent_account_id: id(above) })),
    );
  });
  for (const name of ["fall", "spring"]) rows.terms.push(term(id(name)));

  CLASSES.forEach((name, index) => {
    const { fate: what, course: given, name: title } = classes[index]!;
    put(what, "classes", id(name), () => {
      const { account: school, term: when } = courses[Number(given.slice(1)) - 1]!;
      rows.courses.push(
        course(id(given), { source_id: id(name), account_id: id(school), term_id: id(when) }),
      );
      rows.sections.push(section(id(name), { course_id: id(given), name: title }));
    });
  });

  PEOPLE.forEach((name, index) => {
    const { fate: what, fit, login, status } = people[index]!;
    put(what, "users", id(name), () => {
      if (fit) {
        rows.users.push(user(id(name), { login_id: id(login === "own" ? `${name}.login` : login), status }));
      } else rows.rest.push(refused("unmapped", "users", id(name), "no login"));
    });
  });

  enrollments.forEach(({ fate: what, role, reissued }, index) => {
    const [person, place] = [id(PEOPLE[index % 3]!), id(CLASSES[Math.floor(index / 3)]!)];
    const name = `${person}@${place}${reissued ? "-again" : ""}`;
    put(what, "enrollments", name, () => {
      const row: Row = enrollment(name, { section_id: place, user: person, role });
      rows.enrollments.push(row);
    });
  });
  return rows;
}
