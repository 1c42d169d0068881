import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ssh2 from "ssh2";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SandboxSis } from "../../../jobs/demo/sis.ts";
import {
  directory,
  type Home,
  logLines,
  makeHome,
  sftp,
  SIS_SECRET,
  sourceOf,
  type Started,
  startSis,
  until,
} from "../night-kit.ts";

/** So slow that a night is still reading when the test has seen it begin. */
const SLOW_MS = 400;

let sis: SandboxSis & AsyncDisposable;
let slow: SandboxSis & AsyncDisposable;
beforeAll(async () => {
  [sis, slow] = await Promise.all([startSis(), startSis({ latencyMs: SLOW_MS })]);
});
afterAll(async () => {
  await Promise.all([sis, slow].map((each) => each[Symbol.asyncDispose]()));
});

const slowSource = () => sourceOf(slow, undefined, { pageSize: 20 });

/** A night that is in the middle of reading the SIS. */
async function startReading(home: Home): Promise<Started> {
  const asked = slow.requests.length;
  const night = home.start(["roster"]);
  await until("the night reads", () => slow.requests.length > asked + 3 || night.process.exitCode !== null);
  return night;
}

function stagesOf(home: Home, run?: string): string[] {
  return home.manifest(run).stages.map(({ name, status }) => `${name} ${status}`);
}

describe("a second run of the same job", () => {
  it("ends with 7, says who is at it since when, and touches nothing", async () => {
    await using held = await startSis();
    held.failNext({ path: "/enrollments", answer: "hang" });
    await using home = makeHome({ source: sourceOf(held, undefined, { timeoutSeconds: 5 }) });
    const first = home.start(["roster"]);
    await until("the night waits for the SIS", () =>
      held.requests.some(({ path }) => path === "/enrollments"),
    );
    const [run = ""] = home.runs();
    const before = readFileSync(join(home.runFolder(run), "log.ndjson"), "utf8");
    const since = String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`;
    const second = await home.start(["roster"]).ended;
    expect({ code: second.code, stdout: second.stdout }).toEqual({ code: 7, stdout: "" });
    expect(logLines(second.stderr)).toEqual([expect.objectContaining({ code: "busy.running" })]);
    expect(second.stderr).toMatch(
      new RegExp(
        `roster run of oakdale is under way: run ${run}, process ${first.process.pid ?? 0}, since ${since}`,
      ),
    );
    for (const argv of [["rerun"], ["rerun", run], ["roster", "--dry-run"]]) {
      const { code, stderr } = await home.call(argv);
      expect(code, stderr).toBe(7);
      expect(stderr).toContain(run);
    }
    expect(home.runs()).toEqual([run]);
    expect(readFileSync(join(home.runFolder(run), "log.ndjson"), "utf8").startsWith(before)).toBe(true);
    expect((await home.call(["runs"])).stdout).toMatch(new RegExp(`^${run}  running`));

    expect((await first.ended).code, first.stderr).toBe(0);
    expect(home.manifest()).toMatchObject({ status: "ok", exitCode: 0 });
    expect(home.delivered()).toHaveLength(1);
  });

  it("of another institution in the same state folder runs all the same", async () => {
    await using home = makeHome({ source: slowSource() });
    const first = await startReading(home);
    home.configure({
      source: sourceOf(sis),
      institution: { id: "elmdale", name: "Elmdale", timezone: "America/Denver" },
    });
    const { code, stderr } = await home.call(["roster"]);
    expect(code, stderr).toBe(0);
    first.process.kill("SIGTERM");
    await first.ended;
    expect(home.delivered()).toEqual([expect.stringMatching(/^elmdale-/)]);
    expect(home.runs()).toHaveLength(2);
  });
});

describe("a night that is stopped while it reads", () => {
  it.for<[NodeJS.Signals, number, string]>([
    ["SIGINT", 130, "interrupted.signal"],
    ["SIGTERM", 143, "terminated.signal"],
  ])(
    "by %s waits for no answer, ends with %i, says so truly, and can be taken up again",
    async ([signal, exitCode, code]) => {
      await using held = await startSis();
      held.failNext({ path: "/enrollments", answer: "hang" });
      // Longer than any test may take: a night that waited for its answers would not end here.
      await using home = makeHome({ source: sourceOf(held, undefined, { timeoutSeconds: 600 }) });
      const night = home.start(["roster"]);
      await until("the night waits for the SIS", () =>
        held.requests.some(({ path }) => path === "/enrollments"),
      );
      night.process.kill(signal);
      const ended = await night.ended;
      expect(ended.code, ended.stderr).toBe(exitCode);

      const [run = ""] = home.runs();
      expect(home.manifest()).toMatchObject({ status: "failed", exitCode, package: null, delivery: null });
      expect(home.manifest().errors).toEqual([
        {
          stage: "extract",
          code,
          message: expect.stringContaining(signal) as string,
          hint: expect.any(String) as string,
        },
      ]);
      expect(stagesOf(home)).toEqual([
        "extract failed",
        "map skipped",
        "check skipped",
        "package skipped",
        "deliver skipped",
      ]);
      expect(logLines(ended.stderr).at(-1)).toMatchObject({ run, status: "failed", exitCode });
      expect(home.delivered()).toEqual([]);
      expect((await home.call(["runs"])).stdout).toMatch(new RegExp(`^${run}  failed +${exitCode}`));

      home.configure({ source: sourceOf(sis) });
      const again = await home.call(["rerun"]);
      expect(again.code, again.stderr).toBe(0);
      expect(home.manifest()).toMatchObject({ status: "ok", resumedFrom: run });
      expect(home.delivered()).toHaveLength(1);
    },
  );

  it("twice by Ctrl-C, for those who cannot wait, dies at once", async () => {
    await using home = makeHome({ source: slowSource() });
    const night = await startReading(home);
    night.process.kill("SIGINT");
    night.process.kill("SIGINT");
    await night.ended;
    expect(home.delivered()).toEqual([]);
    home.configure({ source: sourceOf(sis) });
    expect((await home.call(["rerun"])).code).toBe(0);
  });
});

describe("a night whose process is killed", () => {
  it("while it reads: the manifest says running, runs says that it died, rerun completes it", async () => {
    await using home = makeHome({ source: slowSource() });
    const night = await startReading(home);
    night.process.kill("SIGKILL");
    await night.ended;
    const [run = ""] = home.runs();
    expect(home.manifest()).toMatchObject({
      status: "running",
      exitCode: null,
      finishedAt: null,
      delivery: null,
    });
    expect(stagesOf(home)[0]).toBe("extract running");
    expect(home.delivered()).toEqual([]);

    expect((await home.call(["runs"])).stdout).toMatch(new RegExp(`^${run}  died`));
    expect((await home.call(["show", run])).stdout).toMatch(/DIED: its process was killed/);
    const { stdout } = await home.call(["show", run, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ state: "died", status: "running" });

    home.configure({ source: sourceOf(sis) });
    const again = await home.call(["rerun"]);
    expect(again.code, again.stderr).toBe(0);
    expect(home.manifest()).toMatchObject({ status: "ok", exitCode: 0, resumedFrom: run });
    expect(home.delivered()).toHaveLength(1);
  });

  describe("while it delivers", () => {
    let silent: Server;
    const sockets: Socket[] = [];
    beforeAll(async () => {
      silent = createServer((socket) => {
        socket.on("error", () => undefined);
        sockets.push(socket);
      });
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    });
    afterAll(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });

    it.for<[NodeJS.Signals, string]>([
      ["SIGKILL", "running"],
      ["SIGTERM", "failed"],
    ])("by %s: the package is delivered by rerun, and the SIS is not asked", async ([signal, status]) => {
      const gateway = {
        host: "127.0.0.1",
        port: (silent.address() as AddressInfo).port,
        username: "oakdale",
      };
      const hostKey = `SHA256:${"A".repeat(43)}`;
      await using home = makeHome({ source: sourceOf(sis), delivery: sftp({ ...gateway, hostKey }) });
      const env = { SIS_SECRET, GATEWAY_KEY: ssh2.utils.generateKeyPairSync("ed25519").private };
      const connected = sockets.length;
      const night = home.start(["roster"], { env });
      await until("it delivers", () => sockets.length > connected || night.process.exitCode !== null);
      night.process.kill(signal);
      await night.ended;
      expect(home.manifest(), night.stderr).toMatchObject({ status, delivery: null });
      expect(stagesOf(home).slice(0, 4)).toEqual(["extract ok", "map ok", "check ok", "package ok"]);

      const asked = sis.requests.length;
      home.configure({ delivery: directory(home.inbox) });
      const again = await home.call(["rerun"], { env: {} });
      expect(again.code, again.stderr).toBe(0);
      expect(sis.requests.length).toBe(asked);
      expect(home.runs()).toHaveLength(1);
      expect(home.manifest()).toMatchObject({ status: "ok", exitCode: 0, delivery: { verified: true } });
      expect(home.delivered()).toEqual([home.manifest().package?.file]);
    });
  });
});

describe("a night for whose later stages something is not installed", () => {
  it("fails in order, and goes on from there when it is", async () => {
    await using home = makeHome({ source: sourceOf(sis) });
    const withoutDuckDb = ["--import", join(import.meta.dirname, "../nights/without-duckdb.ts")];
    const { code, stderr } = await home.start(["roster"], { nodeOptions: withoutDuckDb }).ended;
    expect(code, stderr).toBe(1);
    expect(home.manifest().status).toBe("failed");
    expect(home.manifest().errors[0]?.message).toContain("@duckdb/node-api is not installed");
    expect(stagesOf(home).slice(0, 2)).toEqual(["extract ok", "map skipped"]);

    const asked = sis.requests.length;
    expect((await home.start(["rerun"]).ended).code).toBe(0);
    expect(sis.requests.length).toBe(asked);
  });
});
