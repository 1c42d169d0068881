/** Loaded before a program (`node --import`): writes its peak memory, in KiB, into the file PEAK_FILE when it ends. */
import { writeFileSync } from "node:fs";

process.on("exit", () => {
  const file = process.env["PEAK_FILE"];
  if (file !== undefined) writeFileSync(file, String(process.resourceUsage().maxRSS));
});
