/** Canvas's report as the files that a database reads: of each kind its columns, separator and encoding always the same. */
import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { REPORT_KINDS, reportColumns, type ReportKind } from "../../connectors/canvas/sis-report/columns.ts";
import { reportRows, type SisReport } from "../../connectors/canvas/sis-report/report.ts";
import { csvLine } from "../../connectors/store/csv.ts";
import type { CanvasFile } from "../../connectors/store/evaluate/tables.ts";

/** Longer than any value of Canvas that matters here. */
const LONGEST = 1000;
const BATCH_CHARACTERS = 1 << 20;

export interface KeptReport {
  files: Partial<Record<ReportKind, CanvasFile>>;
  /** Of each file of the report. */
  rows: Partial<Record<ReportKind, number>>;
}

/** One row at a time, however many there are. @throws Failure source.export-damaged, source.export-changed */
export async function keepReport(
  report: SisReport,
  folder: string,
  signal: AbortSignal,
): Promise<KeptReport> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const kept: KeptReport = { files: {}, rows: {} };
  for (const file of report.files.toSorted((a, b) => order(a.kind) - order(b.kind))) {
    const path = join(folder, `canvas-${file.kind}.csv`);
    const handle = openSync(path, "w", 0o600);
    let rows = 0;
    try {
      let batch = "";
      for await (const { line, cells } of reportRows(file, signal)) {
        rows += 1;
        batch += csvLine([String(line), ...cells.map(plain)]);
        if (batch.length < BATCH_CHARACTERS) continue;
        writeFileSync(handle, batch);
        batch = "";
      }
      writeFileSync(handle, batch);
    } finally {
      closeSync(handle);
    }
    kept.files[file.kind] = { path, columns: ["line", ...reportColumns(file.kind)] };
    kept.rows[file.kind] = rows;
  }
  return kept;
}

function order(kind: ReportKind): number {
  return REPORT_KINDS.indexOf(kind);
}

function plain(cell: string): string {
  return cell.slice(0, LONGEST).replace(/[\u0000-\u001f\u007f-\u009f]/g, " ");
}
