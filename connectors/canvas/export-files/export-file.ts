/** A file that Canvas exported, wherever it lies: in a folder, or in a zip. */

export interface ExportFile {
  /** For people: its path in the folder; of a zip's file `reports.zip/Fall.csv`. */
  name: string;
  /** When it was last written; of a zip's file when the zip was. */
  modified: Date;
  /**
   * Its bytes.
   * @throws Failure source.export-changed, source.export-damaged when they are not the whole file
   */
  read(): AsyncIterable<Buffer>;
}

/** What the person who watches the night should know, and what nobody has to act on. */
export type Tell = (event: string, details?: Record<string, unknown>) => void;
