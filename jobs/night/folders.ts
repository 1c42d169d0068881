/** Where a night keeps what, inside its run folder. */
import { join } from "node:path";

export interface NightFolders {
  /** What the SIS said. */
  extract: string;
  /** Drafts and rows between the stages. */
  map: string;
  /** The Canvas files. */
  canvas: string;
  /** Room for what does not fit in memory. */
  spill: string;
  rejects: string;
  changes: string;
}

export function nightFolders(folder: string): NightFolders {
  return {
    extract: join(folder, "extract"),
    map: join(folder, "map"),
    canvas: join(folder, "canvas"),
    spill: join(folder, "spill"),
    rejects: join(folder, "rejects.csv"),
    changes: join(folder, "changes.csv"),
  };
}

/** The drafts made of one endpoint of the archive: those that became a row, and the rest. */
export function draftsOf(map: string, endpoint: string): { rows: string; rest: string } {
  return { rows: join(map, `${endpoint}.csv`), rest: join(map, `${endpoint}.rest.csv`) };
}
