/** Picks up the reports that Canvas has put on a gateway. */
import { setTimeout as sleep } from "node:timers/promises";
import type { SftpConfig } from "../../config/schema.ts";
import { recentReports } from "../../connectors/canvas/grade-export/report-names.ts";
import { fetchFiles } from "../../connectors/gateway/fetch.ts";
import type { Run } from "../run/run.ts";

/** @throws Failure source.… when they cannot be had completely */
export async function fetchExports(run: Run, place: SftpConfig, folder: string): Promise<void> {
  const files = await fetchFiles(place, recentReports, folder, run.signal, {
    log: (event, details) => {
      run.log.info({ stage: "snapshot", ...details }, `snapshot: ${event}`);
    },
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, signal === undefined ? {} : { signal }),
    random: () => Math.random(),
  });
  run.log.info(
    { stage: "snapshot", files: files.map(({ name }) => name) },
    `snapshot: ${files.length} files were picked up at ${place.host}`,
  );
}
