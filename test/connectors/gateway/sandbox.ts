/** A package of random bytes, a sandbox gateway to bring it to, and what must be true of both afterwards. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { connectSftp, type SftpDeliveryConfig } from "../../../connectors/gateway/sftp.ts";
import type { SftpLimits } from "../../../connectors/gateway/sftp-session.ts";
import {
  type SandboxGateway,
  type SandboxGatewayOptions,
  startSandboxGateway,
} from "../../../jobs/demo/gateway.ts";
import { type RecordedPorts, recordedPorts, secret, writeRandom } from "./ports.ts";

export const PACKAGE_BYTES = 2_000_000;

export interface Stage {
  sandbox: SandboxGateway;
  ports: RecordedPorts;
  file: string;
  content: Buffer;
  gateway(
    changed?: Partial<SftpDeliveryConfig>,
    limits?: Partial<SftpLimits>,
  ): ReturnType<typeof connectSftp>;
  /** Of the package under its name, at the gateway. */
  delivered(name: string): Promise<Buffer>;
  /** Checks what holds after every delivery, then stops the gateway. */
  end(): Promise<void>;
}

export async function setStage(options: SandboxGatewayOptions = {}): Promise<Stage> {
  const sandbox = await startSandboxGateway({ folders: ["/incoming"], ...options });
  const home = await mkdtemp(join(tmpdir(), "rosterbridge-sftp-"));
  const file = join(home, "package.zip");
  const content = await writeRandom(file, PACKAGE_BYTES);
  const ports = recordedPorts();
  return {
    sandbox,
    ports,
    file,
    content,
    gateway(changed = {}, limits = {}) {
      const { host, port, username, hostKey } = sandbox;
      const privateKey = secret(sandbox.privateKey, "GATEWAY_KEY");
      const place = { kind: "sftp", host, port, username, privateKey, hostKey, path: "/incoming" } as const;
      return connectSftp({ ...place, fileName: "{run}.zip", mode: "full", ...changed }, ports, limits);
    },
    delivered: (name) => readFile(join(sandbox.folder, "incoming", name)),
    async end() {
      expect(content.equals(await readFile(file))).toBe(true);
      const opened = sandbox.history.filter(({ kind }) => kind === "open").map(({ path }) => path);
      expect(opened.filter((path) => /\.(zip|csv)$/i.test(path))).toEqual([]);
      await sandbox.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
