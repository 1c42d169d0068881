/** What instructors and administrators do to courses, sections and who is in them, past the SIS. */
import type { Enrollment, Section, User } from "../records.ts";
import type { Ref } from "../school.ts";
import type { WorkState } from "./state.ts";
import { alignSubmissions } from "./submissions.ts";

export interface PeopleChanges {
  /** Out of one section, with the work going along where both are of one course, into another. */
  moveStudent(student: Ref, from: Ref, to: Ref): void;
  enrollStudent(student: Ref, section: Ref): void;
  /** Ends the enrollment as if it had never been. */
  drop(student: Ref, section: Ref): void;
  /** Ends the enrollment and keeps the work. */
  conclude(student: Ref, section: Ref): void;
  /** A person made in Canvas: no SIS id. */
  createUser(first_name: string, last_name: string): User;
  /** Takes a person's SIS id away, or gives another. */
  setSisId(user: Ref, sis_id: string | null): User;
  /** The course's own student, for instructors who want to see it with a student's eyes. */
  addTestStudent(section: Ref): User;
  /** A section made in Canvas: no SIS id. */
  createSection(course: Ref, name: string): Section;
  /** Teaches the section in another course. */
  crossList(section: Ref, course: Ref): Section;
  undoCrossList(section: Ref): Section;
  publishCourse(course: Ref): void;
  unpublishCourse(course: Ref): void;
  /** Switches the feature that shows the course's work to the SIS. */
  setSisExport(course: Ref, on: boolean): void;
}

export function peopleChanges(state: WorkState): PeopleChanges {
  const { school, nextId, clock } = state;

  function end(student: Ref, section: Ref, workflow_state: Enrollment["workflow_state"]): void {
    const user = school.users.get(student).id;
    const { id, course_id } = school.sections.get(section);
    const enrollment = school
      .enrollmentsOfSection(id)
      .find((each) => each.user_id === user && each.workflow_state === "active");
    if (enrollment === undefined) throw new Error(`user ${student} is not in section ${section}`);
    enrollment.workflow_state = workflow_state;
    clock.tick();
    alignSubmissions(state, course_id);
  }

  function enroll(student: Ref, section: Ref, type: "StudentEnrollment" | "StudentViewEnrollment"): void {
    const { id, course_id } = school.sections.get(section);
    const user_id = school.users.get(student).id;
    const there = school
      .enrollmentsOfSection(id)
      .find((each) => each.user_id === user_id && each.type === type);
    if (there === undefined) {
      const role = type === "StudentEnrollment" ? "student" : "StudentViewEnrollment";
      school.enroll({ section_id: id, user_id, type, role, workflow_state: "active", from_sis: false });
    } else there.workflow_state = "active";
    clock.tick();
    alignSubmissions(state, course_id);
  }

  function createUser(first_name: string, last_name: string): User {
    const id = nextId("user");
    clock.tick();
    return school.users.add({
      id,
      sis_id: null,
      integration_id: null,
      login_id: `user${id}@canvas.example`,
      first_name,
      last_name,
      name: `${first_name} ${last_name}`,
      sortable_name: `${last_name}, ${first_name}`,
      workflow_state: "registered",
    });
  }

  function place(ref: Ref, course: number, origin: number | null): Section {
    const section = school.sections.get(ref);
    const before = section.course_id;
    section.nonxlist_course_id = origin;
    school.place(section, course);
    clock.tick();
    alignSubmissions(state, before);
    alignSubmissions(state, course);
    return section;
  }

  return {
    moveStudent(student, from, to) {
      // In first: were the student out of the course for a moment, the work would be put away and fetched again.
      enroll(student, to, "StudentEnrollment");
      end(student, from, "deleted");
    },
    enrollStudent(student, section) {
      enroll(student, section, "StudentEnrollment");
    },
    drop(student, section) {
      end(student, section, "deleted");
    },
    conclude(student, section) {
      end(student, section, "completed");
    },
    createUser,
    setSisId(ref, sis_id) {
      const user = school.users.get(ref);
      user.sis_id = sis_id;
      clock.tick();
      return school.users.add(user);
    },
    addTestStudent(section) {
      const user = createUser("Test", "Student");
      user.sortable_name = "Student, Test";
      user.login_id = `test${user.id}`;
      enroll(user.id, section, "StudentViewEnrollment");
      return user;
    },
    createSection(course, name) {
      const made: Section = {
        id: nextId("section"),
        sis_id: null,
        name,
        course_id: school.courses.get(course).id,
        nonxlist_course_id: null,
        start_at: null,
        end_at: null,
        workflow_state: "active",
      };
      clock.tick();
      return school.place(made, made.course_id);
    },
    crossList(section, course) {
      const { course_id, nonxlist_course_id } = school.sections.get(section);
      return place(section, school.courses.get(course).id, nonxlist_course_id ?? course_id);
    },
    undoCrossList(section) {
      const { course_id, nonxlist_course_id } = school.sections.get(section);
      return place(section, nonxlist_course_id ?? course_id, null);
    },
    publishCourse(course) {
      school.courses.get(course).workflow_state = "available";
      clock.tick();
    },
    unpublishCourse(course) {
      school.courses.get(course).workflow_state = "claimed";
      clock.tick();
    },
    setSisExport(course, on) {
      school.courses.get(course).sis_grade_export = on;
      clock.tick();
    },
  };
}

/** Active students of a section, in the order of their enrollments; not the test student. */
export function studentsOf({ school }: WorkState, section: Ref): User[] {
  return school
    .enrollmentsOfSection(school.sections.get(section).id)
    .filter((each) => each.type === "StudentEnrollment" && each.workflow_state === "active")
    .map((each) => school.users.get(each.user_id));
}
