/** An invented school district as its SIS would hold it; the demo and the tests run on it. */
import { makeCalendar } from "./district/calendar.ts";
import { addOddities } from "./district/oddities.ts";
import { changeTimes, makePeople } from "./district/people.ts";
import { type Random, seededRandom } from "./district/random.ts";
import type { District } from "./district/raw-records.ts";
import { makeSchools } from "./district/schools.ts";
import { makeTimetable } from "./district/timetable.ts";

export type * from "./district/raw-records.ts";

export interface DistrictOptions {
  /** The same seed gives the same district. */
  seed: number;
  students: number;
  schools: number;
  /** Whether it holds what real districts hold: odd names, gaps, re-added and deleted records; default true. */
  oddities?: boolean;
  /** The year in which the school year ends; default 2027. */
  schoolYear?: number;
}

const GUARDIAN_EVERY = 10;

/**
 * A district of raw OneRoster 1.1 records: about six enrollments a student, classes of up to 28, a guardian
 * for every tenth. Its arrays are in no order that a reader could rely on. With oddities, the records that
 * no roster can take stay under 1 % of their kind.
 */
export function makeDistrict(options: DistrictOptions): District {
  const { seed, students, schools, oddities = true, schoolYear = 2027 } = options;
  const random = seededRandom(seed);
  const calendar = makeCalendar(schoolYear);
  const times = changeTimes(random, schoolYear);
  const people = makePeople(random, times, oddities);
  const { orgs, schools: list } = makeSchools(schools, students);
  const district: District = {
    orgs,
    academicSessions: calendar.sessions,
    courses: [],
    classes: [],
    users: [],
    enrollments: [],
  };
  const timetable = makeTimetable(district, people, calendar, random, times);

  for (const school of list) {
    const pupils = Array.from({ length: school.students }, (_, index) =>
      people.student(school.ref, school.grades[index % school.grades.length] ?? "01"),
    );
    district.users.push(people.staff("administrator", school.ref), ...pupils);
    timetable.fill(school, pupils);
    // Hired for the spring: a teacher whom nobody has given a class yet.
    district.users.push(people.staff("teacher", school.ref));
    district.users.push(
      ...pupils.filter((_, index) => index % GUARDIAN_EVERY === 0).map((pupil) => people.guardian(pupil)),
    );
  }
  if (oddities) addOddities(district, timetable);
  return mixed(district, random);
}

function mixed(district: District, random: Random): District {
  return {
    orgs: random.shuffled(district.orgs),
    academicSessions: random.shuffled(district.academicSessions),
    courses: random.shuffled(district.courses),
    classes: random.shuffled(district.classes),
    users: random.shuffled(district.users),
    enrollments: random.shuffled(district.enrollments),
  };
}
