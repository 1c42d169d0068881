import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Client from "ssh2-sftp-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type GatewayFault,
  type SandboxGateway,
  type SandboxGatewayOptions,
  startSandboxGateway,
} from "../../../jobs/demo/gateway.ts";
import { ed25519Pair } from "../../../jobs/demo/gateway/keys.ts";

let workspace = "";
let packageFile = "";
const content = randomBytes(300_000);

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), "rosterbridge-test-"));
  packageFile = join(workspace, "package.zip");
  await writeFile(packageFile, content);
});
afterAll(() => rm(workspace, { recursive: true }));

async function withGateway(
  options: SandboxGatewayOptions,
  work: (client: Client, gateway: SandboxGateway) => Promise<void>,
): Promise<void> {
  const gateway = await startSandboxGateway({ folders: ["incoming"], ...options });
  const client = quietClient();
  try {
    await client.connect(by(gateway, { privateKey: gateway.privateKey }));
    await work(client, gateway);
  } finally {
    await client.end().catch(() => undefined);
    await gateway.stop();
  }
}

/** Faults close connections in the middle; the library would print that to the console. */
function quietClient(): Client {
  const ignore = () => undefined;
  return new Client("test", { error: ignore, end: ignore, close: ignore });
}

function by(gateway: SandboxGateway, how: object): Client.ConnectOptions {
  const { host, port, username } = gateway;
  // Requests are small and many: held back to be sent together, each would cost 40 ms.
  return { username, retries: 0, sock: connect({ host, port, noDelay: true }), ...how };
}

const upload = (client: Client, name = "/incoming/package.part") => client.fastPut(packageFile, name);

describe("the sandbox gateway's door", () => {
  it("shows the host key that it says", async () => {
    const gateway = await startSandboxGateway();
    const client = quietClient();
    let seen = "";
    const hostVerifier = (key: Buffer) => {
      seen = `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
      return true;
    };
    await client.connect(by(gateway, { password: gateway.password, hostVerifier }));
    await client.end();
    await gateway.stop();
    expect(seen).toBe(gateway.hostKey);
  });

  it("opens for its key and for its password", async () => {
    await withGateway({ username: "oakdale", password: "open sesame" }, async (_client, gateway) => {
      const other = quietClient();
      await other.connect(by(gateway, { password: "open sesame" }));
      expect(await other.cwd()).toBe("/");
      await other.end();
    });
  });

  it("stays shut for another key, another password and another name", async () => {
    await withGateway({}, async (_client, gateway) => {
      const strange = ed25519Pair().private;
      for (const how of [
        { privateKey: strange },
        { password: "guess" },
        { username: "root", password: gateway.password },
        { username: "root", privateKey: gateway.privateKey },
      ]) {
        await expect(quietClient().connect(by(gateway, how))).rejects.toThrow(/authentication/i);
      }
    });
  });
});

describe("the sandbox gateway's folder", () => {
  it("stores what is uploaded, byte for byte, and gives it back", async () => {
    await withGateway({}, async (client, gateway) => {
      await upload(client);
      expect(await gateway.files()).toEqual(["/incoming/package.part"]);
      expect(await readFile(join(gateway.folder, "incoming/package.part"))).toEqual(content);
      expect(await client.get("/incoming/package.part")).toEqual(content);
      expect((await client.stat("/incoming/package.part")).size).toBe(content.length);
    });
  });

  it("lists, tells files from folders, and says what is not there", async () => {
    await withGateway({}, async (client) => {
      await upload(client);
      expect(await client.list("/incoming")).toMatchObject([
        { name: "package.part", type: "-", size: 300_000 },
      ]);
      expect(await client.exists("/incoming")).toBe("d");
      expect(await client.exists("/incoming/package.part")).toBe("-");
      expect(await client.exists("/incoming/other")).toBe(false);
    });
  });

  it("makes and removes folders and files", async () => {
    await withGateway({}, async (client, gateway) => {
      await client.mkdir("/new");
      await upload(client, "/new/a");
      await client.delete("/new/a");
      await client.rmdir("/new");
      expect(await client.exists("/new")).toBe(false);
      expect(
        gateway.history.filter((event) => event.kind !== "write").map(({ kind, path }) => [kind, path]),
      ).toEqual([
        ["mkdir", "/new"],
        ["open", "/new/a"],
        ["close", "/new/a"],
        ["remove", "/new/a"],
        ["remove", "/new"],
      ]);
    });
  });

  it("renames, but not onto a name that is taken: that needs posix-rename", async () => {
    await withGateway({}, async (client, gateway) => {
      await upload(client, "/incoming/a.part");
      await client.rename("/incoming/a.part", "/incoming/a.zip");
      await upload(client, "/incoming/b.part");
      await expect(client.rename("/incoming/b.part", "/incoming/a.zip")).rejects.toThrow("Failure");
      expect(await gateway.files()).toEqual(["/incoming/a.zip", "/incoming/b.part"]);
      await client.posixRename("/incoming/b.part", "/incoming/a.zip");
      expect(await gateway.files()).toEqual(["/incoming/a.zip"]);
      expect(gateway.history.filter((event) => event.kind === "rename").map((event) => event.posix)).toEqual([
        false,
        true,
      ]);
    });
  });

  it("is never left, neither by dots nor by links", async () => {
    await withGateway({}, async (client, gateway) => {
      expect(await client.realPath("/incoming/../../../etc")).toBe("/etc");
      await expect(client.get("/../../../../../etc/hostname")).rejects.toThrow("No such file");
      await symlink(workspace, join(gateway.folder, "way-out"));
      await expect(upload(client, "/way-out/stray")).rejects.toThrow("Permission denied");
    });
  });
});

describe("the sandbox gateway's faults", () => {
  it("full: stores what fits and says that no more does", async () => {
    await withGateway({ fault: { kind: "full", afterBytes: 100_000 } }, async (client, gateway) => {
      await expect(upload(client)).rejects.toThrow("No space left on device");
      expect((await client.stat("/incoming/package.part")).size).toBe(100_000);
      gateway.setFault(undefined);
      await upload(client);
      expect((await client.stat("/incoming/package.part")).size).toBe(content.length);
    });
  });

  it("read-only: lets everything be read and nothing be changed", async () => {
    await withGateway({}, async (client, gateway) => {
      await upload(client, "/incoming/old.zip");
      gateway.setFault("read-only");
      expect(await client.get("/incoming/old.zip")).toEqual(content);
      for (const change of [
        () => upload(client),
        () => client.delete("/incoming/old.zip"),
        () => client.rename("/incoming/old.zip", "/incoming/new.zip"),
        () => client.posixRename("/incoming/old.zip", "/incoming/new.zip"),
        () => client.mkdir("/new"),
        () => client.chmod("/incoming/old.zip", 0o600),
      ]) {
        await expect(change()).rejects.toThrow(/permission denied/i);
      }
      expect(await gateway.files()).toEqual(["/incoming/old.zip"]);
    });
  });

  it("drop: cuts the connection in the middle of a file", async () => {
    await withGateway({ fault: { kind: "drop", afterBytes: 100_000 } }, async (client, gateway) => {
      await expect(upload(client)).rejects.toThrow();
      expect(await gateway.files()).toEqual(["/incoming/package.part"]);
      expect(gateway.history.some((event) => event.kind === "rename")).toBe(false);
    });
  });

  it("drop-after-rename: the rename was done, and the client never hears of it", async () => {
    await withGateway({ fault: { kind: "drop-after-rename" } }, async (client, gateway) => {
      await upload(client);
      await expect(client.posixRename("/incoming/package.part", "/incoming/package.zip")).rejects.toThrow();
      expect(await gateway.files()).toEqual(["/incoming/package.zip"]);
    });
  });

  it("short-write: says that all is well and stores less", async () => {
    await withGateway({ fault: "short-write" }, async (client) => {
      await upload(client);
      expect((await client.stat("/incoming/package.part")).size).toBe(content.length - 1);
    });
  });

  it("one-request-at-a-time: takes an upload only from a client that waits", async () => {
    await withGateway({ fault: "one-request-at-a-time" }, async (client, gateway) => {
      await expect(upload(client)).rejects.toThrow("Failure");
      await client.fastPut(packageFile, "/incoming/slow.part", { concurrency: 1 });
      expect(await readFile(join(gateway.folder, "incoming/slow.part"))).toEqual(content);
    });
  });

  it("missing-folder: knows no folder but the root", async () => {
    await withGateway({ fault: "missing-folder" }, async (client) => {
      expect(await client.exists("/incoming")).toBe(false);
      await expect(upload(client)).rejects.toThrow("No such file");
      await upload(client, "/package.part");
      expect(await client.exists("/package.part")).toBe("-");
    });
  });

  it("no-posix-rename: has version 3's rename only", async () => {
    await withGateway({ fault: "no-posix-rename" }, async (client, gateway) => {
      await upload(client);
      await expect(client.posixRename("/incoming/package.part", "/incoming/a.zip")).rejects.toThrow();
      await client.rename("/incoming/package.part", "/incoming/a.zip");
      expect(await gateway.files()).toEqual(["/incoming/a.zip"]);
    });
  });

  it("can be taken back and set again while clients are connected", async () => {
    await withGateway({}, async (client, gateway) => {
      const turns: [GatewayFault | undefined, boolean][] = [
        ["read-only", false],
        [undefined, true],
        ["missing-folder", false],
        [undefined, true],
      ];
      for (const [fault, works] of turns) {
        gateway.setFault(fault);
        const done = await upload(client).then(
          () => true,
          () => false,
        );
        expect(done).toBe(works);
      }
    });
  });
});
