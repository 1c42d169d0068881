/** Whether an SFTP server would take a package: everything that a delivery asks of it, with a small file. */
import { unlessAborted, within } from "../deadline.ts";
import type { SftpDeliveryConfig } from "../sftp.ts";
import { openSession, type SftpLimits, type SftpSession } from "../sftp-session.ts";
import { roomWords } from "./file.ts";
import {
  lookAtFolder,
  type ProbeFile,
  probeFileIn,
  removeProbe,
  renameProbe,
  writeProbe,
} from "./sftp-file.ts";
import { beginSteps, type ProbePorts, type ProbeStep, type Steps, type Words } from "./steps.ts";

const LIMITS: SftpLimits = { readyMs: 30_000, stallMs: 30_000, graceMs: 5_000, attempts: 1 };

export async function probeSftp(
  config: SftpDeliveryConfig,
  ports: ProbePorts,
  limits: SftpLimits = LIMITS,
): Promise<ProbeStep[]> {
  const steps = beginSteps(ports);
  const { host, port, username } = config;
  const session = await steps.take(
    "gateway sign-in",
    () => openSession(config, limits, ports.signal),
    () => ({ message: `${host}:${port} has the pinned host key and lets ${username} in` }),
  );
  if (session === undefined) return steps.all;

  const file = probeFileIn(config, ports.random);
  const work = tryOut(session, file, steps, config.fileName);
  try {
    await unlessAborted(work, ports.signal);
  } finally {
    const settled = work.catch(() => undefined);
    await within(
      limits.graceMs,
      settled.then(() => removeProbe(session, file)),
    );
    await session.close();
    if (file.begun.size > 0) await sweep(config, file, limits);
  }
  return [...steps.all, ...[...file.begun].map(leftOver)];
}

/** Up to the first thing that fails. */
async function tryOut(session: SftpSession, file: ProbeFile, steps: Steps, fileName: string): Promise<void> {
  const { folder } = file;
  const done =
    (await steps.take("gateway folder", () => lookAtFolder(session, folder), folderWords(folder))) !==
      undefined &&
    (await steps.take("gateway write", () => writeProbe(session, file), writeWords)) !== undefined &&
    (await steps.take("gateway rename", () => renameProbe(session, file), renameWords(fileName))) !==
      undefined &&
    (await steps.take("gateway remove", () => removeProbe(session, file), removeWords)) !== undefined;
  if (!done) return;
  const room = async () => ({ found: await session.room(folder) });
  await steps.take("gateway room", room, ({ found }) => roomWords(found?.freeBytes));
}

function folderWords(folder: string) {
  return (found: "there" | "refused"): Words =>
    found === "there"
      ? { message: `${folder} is there` }
      : { message: `the gateway lets nobody look at ${folder}; what counts is whether it can be written to` };
}

function writeWords(bytes: number): Words {
  return { message: `a probe file of ${bytes.toLocaleString("en")} bytes was written and measured` };
}

function renameWords(fileName: string) {
  return (inOneStep: boolean): Words => {
    if (inOneStep) return { message: "it was renamed; a package can be replaced in one step (posix-rename)" };
    const message = "it was renamed; a package cannot be replaced in one step (no posix-rename)";
    if (fileName.includes("{run}")) return { message };
    return { message, doubt: "Put {run} into delivery.fileName, so that every night has its own name." };
  };
}

function removeWords(left: string[]): Words {
  if (left.length === 0) return { message: "it was removed again" };
  return {
    message: "the gateway does not let us remove it",
    doubt:
      "Ask whoever runs the gateway for the right to remove files: a delivery that breaks off leaves such files.",
  };
}

/** The connection broke, and with it went the chance to remove the file. */
async function sweep(config: SftpDeliveryConfig, file: ProbeFile, limits: SftpLimits): Promise<void> {
  const { graceMs } = limits;
  try {
    const session = await openSession(config, { ...limits, readyMs: graceMs, stallMs: graceMs });
    await within(graceMs, removeProbe(session, file));
    await session.close();
  } catch {
    // What is left is told.
  }
}

function leftOver(path: string): ProbeStep {
  const hint = "Remove it there: it is of no use, and no importer takes it for a package.";
  return { name: "gateway tidy-up", status: "warn", ms: null, message: `${path} may be left`, hint };
}
