/** Given to a process with --import: it dies, as of kill -9, at the moment at which its package has got its name. */
import fs from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";

const { rename } = fs;
fs.rename = async (from, to) => {
  await rename(from, to);
  if (String(from).includes(".part-")) process.kill(process.pid, "SIGKILL");
};
syncBuiltinESMExports();
