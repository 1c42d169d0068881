/** Bench (d): a package of 60 MB to a real OpenSSH, against OpenSSH's own sftp. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasOpenSsh, startOpenSsh } from "../connectors/gateway/open-ssh.ts";
import { median, ROOT, timed } from "./programs.ts";

/**
 * One delivery as a process of its own, by what `npm run build` has made: plain JavaScript, as those run it who install the
 * program, for taking types out of TypeScript would be measured with it.
 */
const DELIVERY = `
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
const { root, file, name, key, delivery } = JSON.parse(process.argv[1]);
const { connectGateway } = await import(root + "dist/connectors/gateway/gateway.js");
const { Secret } = await import(root + "dist/config/secret.js");
const privateKey = new Secret({ file: key });
privateKey.resolve(readFileSync(key, "utf8"));
const config = { kind: "sftp", privateKey, fileName: name, mode: "full", ...delivery };
const gateway = await connectGateway(config, { log: () => undefined, sleep, random: Math.random });
await gateway.put(file, name);
`;

type Report = (name: string, what: string, ratio: number, limit: number, details: string) => void;

export async function benchSftp(report: Report, rounds: number): Promise<void> {
  if (!hasOpenSsh) {
    process.stdout.write("(d) skipped: there is no sshd on this machine (Debian: openssh-server)\n");
    return;
  }
  const work = mkdtempSync(join(tmpdir(), "rosterbridge-bench-"));
  const file = join(work, "package.zip");
  writeFileSync(file, randomBytes(60_000_000));
  const server = await startOpenSsh();
  const { host, port, username, privateKeyFile, hostKeys, folder } = server;
  const ours: number[] = [];
  const theirs: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const batch = join(work, "batch");
      writeFileSync(batch, `put ${file} ${join(folder, `theirs-${round}.zip`)}\n`);
      const sftp = ["-q", "-P", String(port), "-i", privateKeyFile, "-b", batch];
      const trust = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"];
      const plain = await timed("sftp", [...sftp, ...trust, `${username}@${host}`], { watched: false });
      theirs.push(plain.seconds);
      const delivery = { host, port, username, hostKey: hostKeys, path: folder };
      const asked = { root: `${ROOT}/`, file, name: `ours-${round}.zip`, key: privateKeyFile, delivery };
      const script = ["--input-type=module", "-e", DELIVERY, JSON.stringify(asked)];
      ours.push((await timed(process.execPath, script, { watched: false })).seconds);
    }
  } finally {
    await server.stop();
    rmSync(work, { recursive: true, force: true });
  }
  report(
    "(d)",
    "upload of 60 MB to OpenSSH / sftp put of the same file",
    median(ours.map((seconds, round) => seconds / (theirs[round] ?? Number.NaN))),
    1.5,
    `ours ${ours.map((s) => s.toFixed(2)).join(", ")} s; sftp ${theirs.map((s) => s.toFixed(2)).join(", ")} s`,
  );
}
