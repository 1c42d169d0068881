import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSandboxGateway } from "../../../jobs/demo/gateway.ts";
import type { SandboxSis } from "../../../jobs/demo/sis.ts";
import { hasOpenSsh, startOpenSsh } from "../../connectors/gateway/open-ssh.ts";
import { type Home, makeHome, sftp, SIS_SECRET, sourceOf, startSis } from "../night-kit.ts";

let sis: SandboxSis & AsyncDisposable;
beforeAll(async () => {
  sis = await startSis();
});
afterAll(() => sis[Symbol.asyncDispose]());

function expectArrived(home: Home, folder: string, kind: string) {
  const { package: zip, delivery } = home.manifest();
  expect(readdirSync(folder)).toEqual([zip?.file]);
  const bytes = readFileSync(join(folder, zip?.file ?? ""));
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(zip?.sha256);
  expect(delivery).toMatchObject({ kind, verified: true });
}

describe("a night is delivered", () => {
  it("into a folder, under the name that the config gives", async () => {
    await using home = makeHome({ source: sourceOf(sis) });
    home.configure({ delivery: { kind: "directory", path: "./inbox", fileName: "sis-{institution}.zip" } });
    const { code, stderr } = await home.call(["roster"]);
    expect(code, stderr).toBe(0);
    expect(home.delivered()).toEqual(["sis-oakdale.zip"]);
    expectArrived(home, home.inbox, "directory");
    expect((await home.call(["roster"])).code).toBe(0);
    expectArrived(home, home.inbox, "directory");
  });

  it.for(["key", "password"])("over SFTP, by %s, under another name until it is whole", async (way) => {
    const gateway = await startSandboxGateway({ folders: ["/incoming"] });
    try {
      const byPassword = { privateKey: undefined, password: { env: "GATEWAY_PASSWORD" } };
      const delivery = sftp(gateway, way === "password" ? byPassword : {});
      await using home = makeHome({ source: sourceOf(sis), delivery });
      const env = { SIS_SECRET, GATEWAY_KEY: gateway.privateKey, GATEWAY_PASSWORD: gateway.password };
      const { code, stderr } = await home.call(["roster"], { env });
      expect(code, stderr).toBe(0);
      expectArrived(home, join(gateway.folder, "incoming"), "sftp");
      const opened = gateway.history.filter(({ kind }) => kind === "open").map(({ path }) => path);
      expect(opened).toHaveLength(1);
      expect(opened[0]).not.toMatch(/\.(zip|csv)$/i);
      expect(gateway.history.at(-1)).toMatchObject({ kind: "rename", from: opened[0] });
    } finally {
      await gateway.stop();
    }
  });

  it.skipIf(!hasOpenSsh)("to OpenSSH", async () => {
    const server = await startOpenSsh();
    try {
      const { host, port, username, folder } = server;
      const place = { host, port, username, hostKey: server.hostKeys[0] };
      await using home = makeHome({ source: sourceOf(sis), delivery: sftp(place, { path: folder }) });
      const { code, stderr } = await home.call(["roster"], {
        env: { SIS_SECRET, GATEWAY_KEY: server.privateKey },
      });
      expect(code, stderr).toBe(0);
      expectArrived(home, folder, "sftp");
    } finally {
      await server.stop();
    }
  });
});
