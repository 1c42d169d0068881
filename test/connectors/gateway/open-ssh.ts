/** A real OpenSSH server on loopback, with keys and a folder of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { once } from "node:events";
import ssh2 from "ssh2";
import { ed25519Pair } from "../../../jobs/demo/gateway/keys.ts";

const SSHD = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd"].find((path) => existsSync(path));

/** OpenSSH is not part of every machine; where it is missing, its tests say so and are skipped. */
export const hasOpenSsh = SSHD !== undefined;

export interface OpenSsh {
  host: "127.0.0.1";
  port: number;
  username: string;
  /** Path of the private key that is let in. */
  privateKeyFile: string;
  /** The same key itself. */
  privateKey: string;
  /** SHA256 fingerprints: of the Ed25519 host key first, of the RSA one second. */
  hostKeys: [string, string];
  /** The folder to deliver into: the server serves the machine's own paths. */
  folder: string;
  stop(): Promise<void>;
}

/** @param options.readOnly as `internal-sftp -R`; options.passphrase locks the client's key */
export async function startOpenSsh(
  options: { readOnly?: boolean; passphrase?: string } = {},
): Promise<OpenSsh> {
  if (SSHD === undefined) throw new Error("sshd is not installed");
  const home = await mkdtemp(join(tmpdir(), "rosterbridge-sshd-"));
  const folder = join(home, "incoming");
  await mkdir(folder);
  // sshd insists on this folder when it runs as root, and only the system's service makes it.
  if (userInfo().uid === 0) await mkdir("/run/sshd", { recursive: true });

  const client = ed25519Pair(options.passphrase);
  const ed25519 = ed25519Pair();
  const rsa = ssh2.utils.generateKeyPairSync("rsa", { bits: 2048 });
  const port = await freePort();
  const files = {
    id: client.private,
    authorized_keys: client.public,
    host_ed25519: ed25519.private,
    host_rsa: rsa.private,
    config: [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${join(home, "host_ed25519")}`,
      `HostKey ${join(home, "host_rsa")}`,
      `AuthorizedKeysFile ${join(home, "authorized_keys")}`,
      `PidFile none`,
      "StrictModes no",
      "UsePAM no",
      "UseDNS no",
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "PermitRootLogin prohibit-password",
      `Subsystem sftp internal-sftp${options.readOnly === true ? " -R" : ""}`,
    ].join("\n"),
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(home, name), `${content}\n`);
    await chmod(join(home, name), 0o600);
  }

  const server = spawn(SSHD, ["-D", "-e", "-f", join(home, "config")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  await listening(server, port);
  return {
    host: "127.0.0.1",
    port,
    username: userInfo().username,
    privateKeyFile: join(home, "id"),
    privateKey: client.private,
    hostKeys: [fingerprintOf(ed25519.public), fingerprintOf(rsa.public)],
    folder,
    async stop() {
      const ended = once(server, "exit");
      server.kill();
      await ended;
      await rm(home, { recursive: true, force: true });
    },
  };
}

async function listening(server: ChildProcess, port: number): Promise<void> {
  let said = "";
  server.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  while (server.exitCode === null) {
    const socket = connect(port, "127.0.0.1");
    try {
      await once(socket, "data");
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      socket.destroy();
    }
  }
  throw new Error(`sshd did not start: ${said}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

function fingerprintOf(publicKey: string): string {
  const blob = Buffer.from(publicKey.split(" ")[1] ?? "", "base64");
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}
