/** An SFTP gateway on loopback with real keys and a real folder, which on order fails as the real ones do. */
import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import ssh2 from "ssh2";
import { serveFolder } from "./gateway/files.ts";
import { ed25519Pair } from "./gateway/keys.ts";
import { decide, readKey } from "./gateway/login.ts";
import type { GatewayEvent, SandboxGateway, SandboxGatewayOptions } from "./gateway/options.ts";
import { serveSftp } from "./gateway/session.ts";

export type { GatewayEvent, GatewayFault, SandboxGateway, SandboxGatewayOptions } from "./gateway/options.ts";

/** Starts it, with a host key and a client's key made for the occasion. Rejects when the port is taken. */
export async function startSandboxGateway(options: SandboxGatewayOptions = {}): Promise<SandboxGateway> {
  const { username = "district", password = randomBytes(12).toString("base64url") } = options;
  const hostKeys = ed25519Pair();
  const clientKeys = ed25519Pair();
  const credentials = { username, password, publicKey: clientKeys.public };
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "rosterbridge-gateway-")));
  for (const name of options.folders ?? []) await mkdir(join(folder, name), { recursive: true });

  const history: GatewayEvent[] = [];
  let fault = options.fault;
  const files = serveFolder(folder, history, () => fault);

  const sockets = new Map<number | undefined, Socket>();
  const ssh = new ssh2.Server({ hostKeys: [hostKeys.private] }, (client, { port }) => {
    const socket = sockets.get(port);
    // A client that goes away in the middle is what the tests are about, no error of the gateway's.
    client.on("error", () => socket?.destroy());
    client.on("authentication", (attempt) => {
      decide(attempt, credentials);
    });
    client.on("session", (accept) => {
      accept().on("subsystem", (open, reject, { name }) => {
        if (name !== "sftp") reject();
        else serveSftp(open(), { files, currentFault: () => fault, cut: () => socket?.resetAndDestroy() });
      });
    });
  });
  // Replies are small and many: held back to be sent together, each would cost 40 ms.
  const tcp = createServer({ noDelay: true }, (socket) => {
    const { remotePort } = socket;
    sockets.set(remotePort, socket);
    socket.once("close", () => sockets.delete(remotePort));
    ssh.injectSocket(socket);
  });
  await new Promise<void>((resolve, reject) => {
    tcp.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve);
  });

  return {
    host: "127.0.0.1",
    port: (tcp.address() as AddressInfo).port,
    username,
    password,
    privateKey: clientKeys.private,
    hostKey: fingerprint(hostKeys.public),
    folder,
    history,
    setFault(next) {
      fault = next;
    },
    async files() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      const found = entries.filter((entry) => entry.isFile());
      return found.map((entry) => `/${relative(folder, join(entry.parentPath, entry.name))}`).sort();
    },
    async stop() {
      await new Promise((resolve) => {
        tcp.close(resolve);
        for (const socket of sockets.values()) socket.destroy();
      });
      if (options.folder === undefined) await rm(folder, { recursive: true });
    },
  };
}

/** As `ssh-keygen -lf` prints it. */
function fingerprint(publicKey: string): string {
  const digest = createHash("sha256").update(readKey(publicKey).getPublicSSH()).digest("base64");
  return `SHA256:${digest.replace(/=+$/, "")}`;
}
