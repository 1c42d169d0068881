import { chmod, mkdir, mkdtemp, open, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DirectoryConfig } from "../../../connectors/gateway/directory.ts";
import { probeGateway, type ProbePorts } from "../../../connectors/gateway/probe.ts";
import { probeSftp } from "../../../connectors/gateway/probe/sftp.ts";
import type { SftpDeliveryConfig } from "../../../connectors/gateway/sftp.ts";
import { type GatewayFault, type SandboxGateway, startSandboxGateway } from "../../../jobs/demo/gateway.ts";
import { hasOpenSsh, startOpenSsh } from "./open-ssh.ts";
import { rejectionOf, secret } from "./ports.ts";

const ports: ProbePorts = { now: Date.now, random: Math.random };
const brief = (steps: readonly { name: string; status: string }[]) =>
  steps.map(({ name, status }) => `${status} ${name.replace("gateway ", "")}`);

describe("the probing of an SFTP gateway", () => {
  let sandbox: SandboxGateway;
  beforeEach(async () => {
    sandbox = await startSandboxGateway({ folders: ["/incoming"] });
  });
  afterEach(async () => {
    const paths = sandbox.history.flatMap((event) =>
      "from" in event ? [event.path, event.from] : [event.path],
    );
    expect(paths.filter((path) => /\.(zip|csv)$/i.test(path))).toEqual([]);
    expect(await sandbox.files()).toEqual([]);
    await sandbox.stop();
  });

  function config(changed: Partial<SftpDeliveryConfig> = {}): SftpDeliveryConfig {
    const { host, port, username, hostKey } = sandbox;
    const privateKey = secret(sandbox.privateKey, "GATEWAY_KEY");
    const place = { kind: "sftp", host, port, username, privateKey, hostKey, path: "/incoming" } as const;
    return { ...place, fileName: "{run}.zip", mode: "full", ...changed };
  }

  it("tries out everything that a delivery needs, says how long each took, and leaves nothing", async () => {
    const steps = await probeGateway(config(), ports);

    expect(brief(steps)).toEqual([
      "ok sign-in",
      "ok folder",
      "ok write",
      "ok rename",
      "ok remove",
      "ok room",
    ]);
    expect(steps.every(({ ms, hint }) => typeof ms === "number" && ms >= 0 && hint === "")).toBe(true);
    expect(sandbox.history.map(({ kind }) => kind)).toEqual(["open", "write", "close", "rename", "remove"]);
    expect(steps[3]?.message).toContain("posix-rename");
  });

  it.each<[string, Partial<SftpDeliveryConfig>, string, RegExp]>([
    [
      "another host key",
      { hostKey: `SHA256:${"A".repeat(43)}` },
      "another host key",
      /another way than this/,
    ],
    ["an unknown user", { username: "nobody" }, "did not let us in", /delivery\.username/],
    ["a port that nothing listens on", { port: 1 }, "cannot be reached", /delivery\.host and delivery\.port/],
  ] as const)("ends with %s", async (_, changed, message, hint) => {
    const steps = await probeGateway(config(changed), ports);

    expect(brief(steps)).toEqual(["fail sign-in"]);
    expect(steps[0]?.message).toContain(message);
    expect(steps[0]?.hint).toMatch(hint);
    expect(steps[0]?.hint).not.toContain("rerun");
  });

  it.each<[string, GatewayFault, string, RegExp, RegExp]>([
    ["a missing folder", "missing-folder", "folder", /\/incoming does not exist/, /Create it there/],
    ["a read-only folder", "read-only", "write", /does not let us write into \/incoming/, /the right to/],
    [
      "a full disk",
      { kind: "full", afterBytes: 9 },
      "write",
      /no room left .*No space left/,
      /Free some space/,
    ],
    [
      "fewer bytes than were sent",
      "short-write",
      "write",
      /\d+ bytes sent, \d+ there/,
      /a full disk, a quota/,
    ],
    [
      "a cut while it writes",
      { kind: "drop", afterBytes: 1 },
      "write",
      /(closed|broke) the connection/,
      /Check again/,
    ],
    [
      "a cut after the rename",
      { kind: "drop-after-rename" },
      "rename",
      /(closed|broke) the connection/,
      /Check again/,
    ],
  ])("finds %s, says what to do, and leaves nothing", async (_, fault, at, message, hint) => {
    sandbox.setFault(fault);
    const steps = await probeGateway(config(), ports);

    const last = steps.at(-1);
    expect(brief(steps.slice(0, -1)).every((line) => line.startsWith("ok "))).toBe(true);
    expect(last).toMatchObject({ name: `gateway ${at}`, status: "fail" });
    expect(last?.message).toMatch(message);
    expect(last?.hint).toMatch(hint);
    expect(last?.hint).not.toContain("rerun");
  });

  it("does without posix-rename, and doubts only a package name that is the same every night", async () => {
    sandbox.setFault("no-posix-rename");
    const everyNight = await probeGateway(config(), ports);
    const always = await probeGateway(config({ fileName: "{institution}.zip" }), ports);

    expect(everyNight[3]).toMatchObject({ name: "gateway rename", status: "ok" });
    expect(always[3]).toMatchObject({ name: "gateway rename", status: "warn" });
    expect(always[3]?.hint).toContain("{run}");
    for (const steps of [everyNight, always]) expect(steps[3]?.message).toContain("no posix-rename");
  });

  it("removes what it has written over the same connection, where that holds", async () => {
    sandbox.setFault("short-write");
    const place = config();
    // Nobody signs in a second time.
    const now = () => {
      if (sandbox.history.length > 0) place.hostKey = `SHA256:${"A".repeat(43)}`;
      return Date.now();
    };
    const steps = await probeGateway(place, { ...ports, now });

    expect(brief(steps)).toEqual(["ok sign-in", "ok folder", "fail write"]);
  });

  it("removes the probe file also when it is stopped midway", async () => {
    const stop = new AbortController();
    const now = () => {
      if (sandbox.history.some(({ kind }) => kind === "write")) stop.abort(new Error("Ctrl-C"));
      return Date.now();
    };
    const error = await rejectionOf(probeGateway(config(), { ...ports, now, signal: stop.signal }));

    expect(error.message).toBe("Ctrl-C");
    expect(sandbox.history.map(({ kind }) => kind)).toContain("open");
  });
});

it("tells of a probe file that a gateway has gone away with", async () => {
  const sandbox = await startSandboxGateway({
    folders: ["/incoming"],
    fault: { kind: "drop", afterBytes: 1 },
  });
  const { host, port, username, hostKey } = sandbox;
  const privateKey = secret(sandbox.privateKey, "GATEWAY_KEY");
  const place = { kind: "sftp", host, port, username, privateKey, hostKey, path: "/incoming" } as const;
  // The probe file is asked for; what comes after that meets a gateway that lets nobody remove anything.
  const now = () => {
    if (sandbox.history.some(({ kind }) => kind === "write")) sandbox.setFault("read-only");
    return Date.now();
  };
  const limits = { readyMs: 5_000, stallMs: 5_000, graceMs: 1_000, attempts: 1 };
  const config: SftpDeliveryConfig = { ...place, fileName: "{run}.zip", mode: "full" };
  const steps = await probeSftp(config, { now, random: () => 0 }, limits);

  expect(brief(steps)).toEqual(["ok sign-in", "ok folder", "fail write", "warn tidy-up"]);
  expect(steps[3]?.message).toContain((await sandbox.files())[0]);
  await sandbox.stop();
});

describe.skipIf(!hasOpenSsh)("the probing of OpenSSH", () => {
  const configOf = (server: Awaited<ReturnType<typeof startOpenSsh>>): SftpDeliveryConfig => {
    const { host, port, username, folder: path, hostKeys } = server;
    const privateKey = secret(server.privateKey, "GATEWAY_KEY");
    const place = { kind: "sftp", host, port, username, privateKey, hostKey: hostKeys[0], path } as const;
    return { ...place, fileName: "{run}.zip", mode: "full" };
  };

  it("finds everything in order, and how much room there is", async () => {
    const server = await startOpenSsh();
    const steps = await probeGateway(configOf(server), ports);
    const left = await readdir(server.folder);
    await server.stop();

    expect(steps.map(({ status }) => status)).not.toContain("fail");
    expect(brief(steps).slice(0, 5)).toEqual([
      "ok sign-in",
      "ok folder",
      "ok write",
      "ok rename",
      "ok remove",
    ]);
    expect(steps.at(-1)?.message).toMatch(/^[\d,]+ [GM]iB free$/);
    expect(left).toEqual([]);
  });

  it("finds that nobody may write", async () => {
    const server = await startOpenSsh({ readOnly: true });
    const steps = await probeGateway(configOf(server), ports);
    await server.stop();

    expect(brief(steps)).toEqual(["ok sign-in", "ok folder", "fail write"]);
    expect(steps[2]?.message).toContain("does not let us write");
  });
});

describe("the probing of a folder", () => {
  let home: string;
  let incoming: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "rosterbridge-probe-"));
    incoming = join(home, "incoming");
    await mkdir(incoming);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await rm(home, { recursive: true });
  });

  const config = (path = incoming): DirectoryConfig => ({
    kind: "directory",
    path,
    fileName: "{run}.zip",
    mode: "full",
  });

  it("writes, reads back, renames and removes a file, and says how much room there is", async () => {
    const steps = await probeGateway(config(), ports);

    expect(brief(steps).slice(0, 2)).toEqual(["ok folder", "ok write"]);
    expect(steps.at(-1)?.message).toMatch(/^[\d,]+ [GM]iB free$/);
    expect(await readdir(incoming)).toEqual([]);
  });

  it("finds that there is no folder", async () => {
    await writeFile(join(home, "file"), "");
    for (const path of [join(home, "gone"), join(home, "file")]) {
      const steps = await probeGateway(config(path), ports);
      expect(brief(steps)).toEqual(["fail folder"]);
      expect(steps[0]?.message).toContain(path);
      expect(steps[0]?.hint).toBe("Create it there, or correct delivery.path.");
    }
  });

  it("finds that it may not be written", async () => {
    await chmod(incoming, 0o555);
    const steps = await asOrdinaryUser(() => probeGateway(config(), ports));

    expect(brief(steps)).toEqual(["ok folder", "fail write"]);
    expect(steps[1]?.message).toContain("does not let us write");
  });

  it("finds that it is full, and leaves nothing", async () => {
    await breakSync("ENOSPC");
    const steps = await probeGateway(config(), ports);

    expect(brief(steps)).toEqual(["ok folder", "fail write"]);
    expect(steps[1]?.message).toContain("no room left");
    expect(await readdir(incoming)).toEqual([]);
  });

  /** Root may write anywhere: for it the test becomes somebody else for a while. */
  async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
    if (process.geteuid?.() !== 0) return work();
    await chmod(home, 0o755);
    process.seteuid?.(65_534);
    try {
      return await work();
    } finally {
      process.seteuid?.(0);
    }
  }

  /** The disk takes what it is given, and then says no. */
  async function breakSync(code: string): Promise<void> {
    await using handle = await open(home);
    const files = Object.getPrototypeOf(handle) as { sync: () => Promise<never> };
    const error = Object.assign(new Error(`${code}: fsync`), { code, syscall: "fsync" });
    vi.spyOn(files, "sync").mockRejectedValue(error);
  }
});
