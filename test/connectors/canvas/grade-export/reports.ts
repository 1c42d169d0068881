/** Grade Export reports as Canvas writes them. */

export const HEADER =
  "student name,student id,student sis,course,course id,course sis,section,section id,section sis,term,term id,term sis," +
  "current score,final score,enrollment state,unposted current score,unposted final score," +
  "current grade,final grade,unposted current grade,unposted final grade";

export interface ReportedRow {
  student?: string;
  section?: string;
  state?: string;
  current?: string;
  final?: string;
  unpostedCurrent?: string;
  unpostedFinal?: string;
}

const PLACE = (section: string) =>
  `Algebra,31,alg,Algebra P1,${section === "" ? "77" : "41"},${section},Fall,5,2026-F`;

export function row(values: ReportedRow = {}): string {
  const { student = "s1", section = "alg-1", state = "active" } = values;
  const { current = "90.0", final = "80.0", unpostedCurrent = "91.0", unpostedFinal = "81.0" } = values;
  const who = `"Last, First",${student === "" ? "900" : `9${student.slice(1)}`},${student}`;
  return `${who},${PLACE(section)},${current},${final},${state},${unpostedCurrent},${unpostedFinal},A-,B,A-,B`;
}

export function report(...rows: string[]): string {
  return [HEADER, ...rows, ""].join("\n");
}

/** With two grading periods, Q1 (id 11) and Q2 (id 12); `scores` are Q1's and Q2's final ones. */
export function periodReport(...rows: (ReportedRow & { scores: [string, string] })[]): string {
  const blocks = ["Q1", "Q2"].map(
    (title) =>
      `${title} grading period id,${title} current score,${title} final score,${title} override score`,
  );
  const [before, after] =
    HEADER.split("current score", 1).map((start) => [start, HEADER.slice(start.length)])[0] ?? [];
  const lines = rows.map(({ scores: [q1, q2], ...values }) => {
    const cells = row(values).split(",");
    return [...cells.slice(0, 13), "Quarters,3", `11,1.0,${q1},`, `12,1.0,${q2},`, ...cells.slice(13)].join(
      ",",
    );
  });
  return [
    `${before ?? ""}grading period set,grading period set id,${blocks.join(",")},${after ?? ""}`,
    ...lines,
  ].join("\n");
}
