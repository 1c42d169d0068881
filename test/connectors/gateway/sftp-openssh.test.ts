import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connectSftp, type SftpDeliveryConfig } from "../../../connectors/gateway/sftp.ts";
import { type OpenSsh, hasOpenSsh, startOpenSsh } from "./open-ssh.ts";
import { failureOf, recordedPorts, rejectionOf, secret, writeRandom } from "./ports.ts";

const PACKAGE_BYTES = 5_000_000;

if (!hasOpenSsh)
  process.stderr.write("sshd is not installed: the tests against a real OpenSSH are skipped\n");

describe.skipIf(!hasOpenSsh)("delivery to OpenSSH", () => {
  let server: OpenSsh;
  let home: string;
  let file: string;
  let content: Buffer;

  beforeAll(async () => {
    server = await startOpenSsh({ passphrase: "open sesame" });
    home = await mkdtemp(join(tmpdir(), "rosterbridge-openssh-"));
    file = join(home, "package.zip");
    content = await writeRandom(file, PACKAGE_BYTES);
  });
  afterAll(async () => {
    expect(content.equals(await readFile(file))).toBe(true);
    await server.stop();
    await rm(home, { recursive: true, force: true });
  });
  beforeEach(async () => {
    for (const name of await readdir(server.folder)) await rm(join(server.folder, name));
  });

  function gateway(changed: Partial<SftpDeliveryConfig> = {}) {
    const { host, port, username, folder } = server;
    const privateKey = secret(server.privateKey, "GATEWAY_KEY");
    const passphrase = secret("open sesame");
    const config = { kind: "sftp", host, port, username, privateKey, passphrase, path: folder } as const;
    const ports = recordedPorts();
    return connectSftp(
      { ...config, hostKey: server.hostKeys[0], fileName: "{run}.zip", mode: "full", ...changed },
      ports,
    );
  }

  it("puts the package there, byte for byte, and nothing else", async () => {
    const delivered = await gateway().put(file, "night.zip");

    expect(delivered).toMatchObject({
      target: join(server.folder, "night.zip"),
      bytes: PACKAGE_BYTES,
      verified: true,
    });
    expect(content.equals(await readFile(join(server.folder, "night.zip")))).toBe(true);
    expect(await readdir(server.folder)).toEqual(["night.zip"]);
  });

  it("takes the same package again without sending it again", async () => {
    await gateway().put(file, "night.zip");
    const before = await stat(join(server.folder, "night.zip"));
    await gateway().put(file, "night.zip");

    expect((await stat(join(server.folder, "night.zip"))).ino).toBe(before.ino);
  });

  it("replaces last night's package in one step", async () => {
    await writeFile(join(server.folder, "night.zip"), "last night's");
    await gateway().put(file, "night.zip");

    expect(content.equals(await readFile(join(server.folder, "night.zip")))).toBe(true);
  });

  it("finds the pinned key among several of the server's, whichever the server shows first", async () => {
    await gateway({ hostKey: server.hostKeys[1] }).put(file, "night.zip");

    expect(await readdir(server.folder)).toEqual(["night.zip"]);
  });

  it("tells every key that a stranger shows, and sends nothing", async () => {
    const failure = await failureOf(gateway({ hostKey: `SHA256:${"A".repeat(43)}` }).put(file, "night.zip"));

    expect(failure).toMatchObject({ code: "delivery.host-key", exitCode: 5 });
    for (const key of server.hostKeys) expect(failure.message).toContain(key);
    expect(await readdir(server.folder)).toEqual([]);
  });

  it("is refused for a user whom the server does not know", async () => {
    const failure = await failureOf(gateway({ username: "nobody-of-that-name" }).put(file, "night.zip"));
    expect(failure).toMatchObject({ code: "delivery.unauthorized" });
  });

  it("says which folder is missing", async () => {
    const path = join(server.folder, "gone");
    const failure = await failureOf(gateway({ path }).put(file, "night.zip"));

    expect(failure).toMatchObject({ code: "delivery.no-folder", exitCode: 5 });
    expect(failure.message).toContain(path);
  });

  it("leaves nothing half when it is told to stop", async () => {
    const stop = new AbortController();
    const onProgress = () => {
      stop.abort(new Error("Ctrl-C"));
    };
    const error = await rejectionOf(gateway().put(file, "night.zip", { signal: stop.signal, onProgress }));

    expect(error.message).toBe("Ctrl-C");
    expect(await readdir(server.folder)).toEqual([]);
  });

  it("says so when the server lets nobody write", async () => {
    const readOnly = await startOpenSsh({ readOnly: true });
    const { port, folder } = readOnly;
    const changed = {
      port,
      path: folder,
      hostKey: readOnly.hostKeys[0],
      privateKey: secret(readOnly.privateKey),
    };
    const failure = await failureOf(gateway(changed).put(file, "night.zip"));
    await readOnly.stop();

    expect(failure).toMatchObject({ code: "delivery.read-only", exitCode: 5 });
    expect(failure.message).toContain(folder);
  });
});
