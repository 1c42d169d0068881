/** A small course of a roster, and Gradebook exports of it as Canvas writes them. */
import type { RosterGroundView } from "../../../../connectors/canvas/gradebook-export/placement.ts";

/** Section by section: its id, course, name and students. */
export type RosterRows = [section: string, course: string, name: string, students: string[]][];

export const ALGEBRA: RosterRows = [
  ["alg-1", "alg-1", "Algebra P1", ["s1", "s2"]],
  ["alg-2", "alg-2", "Algebra P2", ["s3"]],
  ["his-1", "his-1", "History P1", ["s1", "s2", "s3"]],
];

export function rosterOf(rows: RosterRows): RosterGroundView {
  return {
    section(id) {
      const found = rows.find(([section]) => section === id);
      return found && { section_id: found[0], course_id: found[1], name: found[2] };
    },
    sectionsOf: (user) =>
      rows.filter(([, , , students]) => students.includes(user)).map(([section]) => section),
  };
}

export const HEADER = "Student,ID,SIS User ID,SIS Login ID,Section";
export const POINTS = '"    Points Possible",,,,';

/** `Ada,101,s1,ada,Algebra P1,` and the cells. */
export function row(sisUserId: string, section: string, ...cells: string[]): string {
  const id = sisUserId.replace(/\D/g, "").padStart(3, "1");
  return [`"Last, First"`, id, sisUserId, `login-${id}`, `"${section}"`, ...cells].join(",");
}

/** An export with these assignment columns, all worth 10 points. */
export function gradebook(titles: string[], ...rows: string[]): string {
  return [[HEADER, ...titles].join(","), [POINTS, ...titles.map(() => "10.00")].join(","), ...rows, ""].join(
    "\n",
  );
}
