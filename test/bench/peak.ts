/** Loaded before a program (`node --import`): writes what it took into the file PEAK_FILE when it ends. */
import { writeFileSync } from "node:fs";

process.on("exit", () => {
  const file = process.env["PEAK_FILE"];
  if (file === undefined) return;
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeFileSync(file, JSON.stringify({ peak: maxRSS / 1024, cpu: (userCPUTime + systemCPUTime) / 1e6 }));
});
