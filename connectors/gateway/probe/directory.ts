/** Whether a folder of this machine would take a package. */
import { open, readFile, rename, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { type DirectoryConfig, explain, requireFolder } from "../directory.ts";
import { incomplete } from "../faults.ts";
import { PROBE_CONTENT, probeNames, roomWords } from "./file.ts";
import { beginSteps, type ProbePorts, type ProbeStep } from "./steps.ts";

export async function probeDirectory({ path }: DirectoryConfig, ports: ProbePorts): Promise<ProbeStep[]> {
  const steps = beginSteps(ports);
  const names = probeNames(ports.random);
  const [first, second] = [join(path, names.first), join(path, names.second)];
  const explained = async (work: () => Promise<unknown>): Promise<true> => {
    ports.signal?.throwIfAborted();
    try {
      await work();
      return true;
    } catch (error) {
      throw explain(error, path);
    }
  };
  const take = (name: string, work: () => Promise<unknown>, message: string) =>
    steps.take(
      name,
      () => explained(work),
      () => ({ message }),
    );

  try {
    if (!(await take("gateway folder", () => requireFolder(path), `${path} is there`))) return steps.all;
    const written = "a probe file was written, read back, renamed and removed again";
    const isWritable = await take("gateway write", () => tryOut(first, second), written);
    if (isWritable) await steps.take("gateway room", () => freeBytes(path), roomWords);
    return steps.all;
  } finally {
    for (const file of [first, second]) await rm(file, { force: true }).catch(() => undefined);
  }
}

async function tryOut(first: string, second: string): Promise<void> {
  {
    await using handle = await open(first, "wx", 0o640);
    await handle.writeFile(PROBE_CONTENT);
    await handle.sync();
  }
  const arrived = await readFile(first);
  if (!arrived.equals(PROBE_CONTENT)) throw incomplete(first, PROBE_CONTENT.length, arrived.length);
  await rename(first, second);
  await rm(second);
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
