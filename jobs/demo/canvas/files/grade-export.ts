/** The account's reports of course grades: grade_export_csv, and by grading period mgp_grade_export_csv. */
import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";
import type { Term } from "../records.ts";
import type { WorkState } from "../work/state.ts";
import { type CsvLook, csvText } from "./csv-text.ts";
import { put } from "./folder.ts";
import { courseColumns, type GradeColumn, gradedEnrollments, periodColumns } from "./grade-export-columns.ts";

export interface GradeExportOptions extends Pick<CsvLook, "leaveOut" | "reversed" | "bom"> {
  /** By grading period: a zip with one CSV a term. */
  mgp?: boolean;
  /** The column `student integration id`. */
  integrationIds?: boolean;
  /** The columns of final grades that instructors set by hand. */
  override?: boolean;
  /** SIS ids of terms; default: all. */
  terms?: readonly string[];
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WITHOUT_PERIODS = "no grading periods configured for this term";
const REPORT_ID = 4711;

/** Writes the report, of active and completed enrollments in published courses. @returns its path */
export async function writeGradeExport(
  state: WorkState,
  folder: string,
  options: GradeExportOptions,
): Promise<string> {
  const terms = [...state.school.terms.all()].filter(
    (term) => options.terms === undefined || options.terms.includes(term.sis_id),
  );
  const name = `grade_export_csv_${dayOf(state)}_${REPORT_ID}`;
  if (options.mgp !== true) {
    return put(folder, `${name}.csv`, tableOf(state, terms, courseColumns(state, options), options));
  }
  const zip = new ZipFile();
  for (const term of terms) {
    const periods = state.school.gradingPeriods(term.id);
    const text =
      periods.length === 0
        ? `${WITHOUT_PERIODS}\n`
        : tableOf(state, [term], periodColumns(state, term, options), options);
    zip.addBuffer(Buffer.from(text), `${term.name.replaceAll("/", "-")}.csv`);
  }
  zip.end();
  return put(folder, `mgp_${name}.zip`, await buffer(zip.outputStream));
}

function tableOf(
  state: WorkState,
  terms: readonly Term[],
  columns: readonly GradeColumn[],
  look: CsvLook,
): string {
  const rows = terms.flatMap((term) =>
    gradedEnrollments(state, term).map((row) => columns.map(([, value]) => value(row))),
  );
  return csvText([columns.map(([name]) => name), ...rows], look);
}

/** `20_Nov_2026` */
function dayOf({ clock }: WorkState): string {
  const [year = "", month = "", day = ""] = clock.now().slice(0, 10).split("-");
  return `${day}_${MONTHS[Number(month) - 1] ?? ""}_${year}`;
}
