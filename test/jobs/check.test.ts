import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXIT_CODES } from "../../config/failure.ts";
import { check } from "../../jobs/check.ts";
import { roomFinding } from "../../jobs/check/state.ts";
import { type SandboxGateway, startSandboxGateway } from "../../jobs/demo/gateway.ts";
import type { SandboxSis } from "../../jobs/demo/sis.ts";
import { recordDelivery } from "../../jobs/run/baseline.ts";
import { beginDelivery, deliveringFile } from "../../jobs/run/delivering.ts";
import { takeLock } from "../../jobs/run/lock.ts";
import type { Manifest } from "../../jobs/run/manifest.ts";
import {
  type Home,
  makeHome,
  personalData,
  secretForms,
  sftp,
  SIS_SECRET,
  smallDistrict,
  sourceOf,
  startSis,
} from "./night-kit.ts";

interface Checked {
  code: number;
  stdout: string;
  stderr: string;
}

interface Check {
  name: string;
  status: string;
  ms: number | null;
  message: string;
  hint: string;
}

let sis: SandboxSis & AsyncDisposable;
let gateway: SandboxGateway;
beforeAll(async () => {
  [sis, gateway] = await Promise.all([startSis(), startSandboxGateway({ folders: ["/incoming"] })]);
});
afterAll(async () => {
  expect(await gateway.files()).toEqual([]);
  await Promise.all([sis.stop(), gateway.stop()]);
});

const homeWith = (source: object = {}, delivery: object = {}) =>
  makeHome({ source: sourceOf(sis, undefined, { ...source }), delivery: sftp(gateway, { ...delivery }) });

async function checkHome(
  home: Home,
  options: { env?: NodeJS.ProcessEnv; json?: boolean } = {},
): Promise<Checked> {
  const checked: Checked = { code: 0, stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") => ({ write: (text: string) => (checked[name] += text) });
  const env = { SIS_SECRET, GATEWAY_KEY: gateway.privateKey, ...options.env };
  const terminal = { env, stdout: stream("stdout"), stderr: stream("stderr") };
  const common = { config: home.config, logFormat: "json", quiet: false } as const;
  checked.code = await check({ terminal, options: common }, { json: options.json ?? false });
  return checked;
}

async function checksOf(home: Home, env: NodeJS.ProcessEnv = {}) {
  const { code, stdout } = await checkHome(home, { env, json: true });
  const { checks, verdict } = JSON.parse(stdout) as { checks: Check[]; verdict: string };
  return {
    code,
    verdict,
    checks,
    of: (name: string) => checks.find((one) => one.name === name),
    failed: checks.filter(({ status }) => status === "fail").map(({ name }) => name),
  };
}

describe("rosterbridge check", () => {
  it("says of everything that a night needs that it works, line by line, and how long it took", async () => {
    await using home = homeWith();
    const { code, stdout, stderr } = await checkHome(home);

    expect(code).toBe(EXIT_CODES.ok);
    expect(stderr).toBe("");
    const lines = stdout.trimEnd().split("\n");
    expect(lines.at(-1)).toBe("Ready for a night.");
    const others = lines.slice(0, -1).filter((line) => line !== "" && !/^ok {3}\S.{25} \S/.test(line));
    expect(others).toEqual([
      ...["This machine and the config", "The SIS: what a night reads", "The SIS: how its endpoints answer"],
      ...["The SIS: its records against the OneRoster standard", "The SIS: its gradebook"],
      ...["The roster: fit for Canvas", "Delivery"],
    ]);
    expect(lines).toContainEqual(expect.stringMatching(/^ok {3}orgs {23}4 records, \d+ ms$/));
    for (const name of [
      "config",
      "secrets",
      "state folder",
      "disk",
      "baseline",
      "clock",
      "users",
      "gateway write",
    ]) {
      expect(lines).toContainEqual(expect.stringMatching(new RegExp(`^ok {3}${name} `)));
    }
  });

  it("answers a program in JSON", async () => {
    await using home = homeWith();
    const { code, checks, verdict, of } = await checksOf(home);

    expect([code, verdict]).toEqual([0, "Ready for a night."]);
    expect(new Set(checks.flatMap((one) => Object.keys(one)))).toEqual(
      new Set(["section", "name", "status", "ms", "message", "hint", "examples"]),
    );
    expect(of("enrollments")).toMatchObject({ status: "ok", hint: "" });
    expect(of("enrollments")?.ms).toBeTypeOf("number");
  });

  it("makes no run, no state folder, and leaves nothing there", async () => {
    await using home = homeWith();
    await checkHome(home);
    expect(existsSync(home.state)).toBe(false);

    mkdirSync(home.state);
    await checkHome(home);
    expect(readdirSync(home.state)).toEqual([]);
  });

  it("tells every fault of config, SIS and gateway in one go, and ends with the code of the first", async () => {
    await using home = homeWith({ schools: ["999"] }, { path: "/gone", mode: "diffing" });
    writeFileSync(home.state, "in the way of the folder");
    const { code, failed, verdict, checks } = await checksOf(home);

    expect(failed).toEqual(expect.arrayContaining(["state folder", "schools", "gateway folder"]));
    expect(code).toBe(EXIT_CODES.usage);
    expect(verdict).toBe(`Not ready: ${failed.length} of ${checks.length} checks failed.`);
  });

  it.each([
    ["source", { source: { schools: ["999"] }, delivery: { path: "/gone" } }],
    ["delivery", { source: {}, delivery: { path: "/gone" } }],
  ] as const)("ends with the code of the %s", async (area, { source, delivery }) => {
    await using home = homeWith(source, delivery);
    expect((await checksOf(home)).code).toBe(EXIT_CODES[area]);
  });

  it("says under what fails what to do", async () => {
    await using home = homeWith({}, { path: "/gone" });
    const { stdout } = await checkHome(home);

    expect(stdout).toMatch(
      /^fail gateway folder {13}The folder \/gone does not exist at the gateway\. \(\d+ ms\)\n {5}→ Create it there/m,
    );
    expect(stdout).toMatch(/\nNot ready: 1 of \d+ checks failed\.\n$/);
  });

  it("gives advice that many lines share once", async () => {
    await using odd = await startSis({ quirks: ["no-total"] });
    await using home = makeHome({ source: sourceOf(odd), delivery: sftp(gateway) });
    const { code, stdout } = await checkHome(home);

    expect(code).toBe(EXIT_CODES.ok);
    expect(stdout.match(/^warn .*no total/gm)).toHaveLength(6);
    expect(stdout.match(/→ Nothing to mend/g)).toHaveLength(1);
  });

  it("shows no secret and nobody's data, whatever the SIS says", async () => {
    const auth = { kind: "oauth2", key: "oakdale-key", secret: SIS_SECRET, credentialsIn: "basic" } as const;
    await using rude = await startSis({ auth });
    const source = sourceOf(rude, auth, { filters: { users: "status='active'" } });
    await using home = makeHome({ source, delivery: sftp(gateway) });
    const body = JSON.stringify({ error: `we do not take ${SIS_SECRET}` });
    rude.failNext({ path: "/oauth/token", answer: { status: 403, body } });
    const refused = await checkHome(home);
    rude.failNext({ path: "/classes", answer: { status: 403, body } });
    const denied = await checkHome(home);

    const hidden = [
      ...secretForms(SIS_SECRET),
      ...personalData(smallDistrict()),
      gateway.privateKey.split("\n")[2]!,
    ];
    for (const { stdout, stderr } of [refused, denied]) {
      expect(stdout).toContain("we do not take [secret]");
      expect(hidden.filter((text) => (stdout + stderr).includes(text))).toEqual([]);
    }
  });
});

describe("what check finds in the config", () => {
  it("is all that the loader says, and then nothing else can be tried", async () => {
    await using home = homeWith();
    const text = readFileSync(home.config, "utf8");
    writeFileSync(home.config, text.replace('"pageSize":60', '"pageSize":0,"pagesize":5'));
    const { code, checks } = await checksOf(home);

    expect(code).toBe(EXIT_CODES.usage);
    expect(checks.map(({ name }) => name)).toEqual(["Node.js", "config"]);
    expect(checks[1]?.message).toMatch(/pageSize[^]*pagesize/);

    const { stdout } = await checkHome(home);
    expect(stdout).toMatch(
      /^fail config {21}2 problems in the configuration file\n {32}\S+:1:\d+: source\.pageSize/m,
    );
  });

  it("is that there is no file", async () => {
    await using home = homeWith();
    const { code, checks } = await checksOf({ ...home, config: join(home.folder, "gone.yaml") });

    expect(code).toBe(EXIT_CODES.usage);
    expect(checks.at(-1)).toMatchObject({ name: "config", status: "fail" });
    expect(checks.at(-1)?.message).toContain("gone.yaml");
  });

  it("is which secret is missing; the other side is tried all the same", async () => {
    await using home = homeWith();
    const withoutSis = await checksOf(home, { SIS_SECRET: undefined });
    const withoutGateway = await checksOf(home, { GATEWAY_KEY: undefined });

    expect([withoutSis.code, withoutGateway.code]).toEqual([EXIT_CODES.usage, EXIT_CODES.usage]);
    expect(withoutSis.of("secrets")?.message).toMatch(/source\.auth\.secret: .*SIS_SECRET is not set/);
    expect(withoutSis.of("gateway write")).toMatchObject({ status: "ok" });
    expect(withoutSis.of("users")).toBeUndefined();
    expect(withoutSis.of("the SIS")?.status).toBe("warn");
    expect(withoutSis.of("the SIS")?.message).toMatch(/^not tried; mend first/);
    expect(withoutSis.of("the gateway")).toBeUndefined();
    expect(withoutGateway.of("secrets")?.message).toContain("GATEWAY_KEY is not set");
    expect(withoutGateway.of("users")).toMatchObject({ status: "ok" });
    expect(withoutGateway.of("the gateway")).toMatchObject({ status: "warn" });
  });

  it("only doubts what is missing for a notification: the night does not need it", async () => {
    await using home = homeWith();
    home.configure({ notify: [{ kind: "webhook", url: { env: "HOOK" }, on: ["failed"] }] });
    const { code, of } = await checksOf(home);

    expect(code).toBe(EXIT_CODES.ok);
    expect(of("secrets")).toMatchObject({ status: "warn" });
  });

  it("is what this version cannot do", async () => {
    await using home = homeWith();
    const token = { env: "SIS_SECRET" };
    home.configure({ delivery: { kind: "canvas-api", url: "https://canvas.example.org", token } });
    const { code, of } = await checksOf(home);

    expect(code).toBe(EXIT_CODES.usage);
    expect(of("settings")?.message).toContain("delivery.kind canvas-api is not in this version");
    expect(of("users")).toMatchObject({ status: "ok" });
  });

  it.each([
    ["a filter that is none", { filters: { users: "active" } }, "filter of users"],
    ["nothing left to read", { exclude: ["enrollments"] }, "source.exclude leaves nothing"],
  ])("is %s: then the SIS cannot be tried out, but the gateway can", async (_, source, words) => {
    await using home = homeWith(source);
    const { code, of } = await checksOf(home);

    expect(code).toBe(EXIT_CODES.usage);
    expect(of("settings")?.message).toContain(words);
    expect([of("users"), of("gateway write")?.status]).toEqual([undefined, "ok"]);
  });
});

describe("what check finds in the state folder", () => {
  it("is that it cannot be written", async () => {
    await using home = homeWith();
    mkdirSync(home.state, { mode: 0o555 });
    chmodSync(home.folder, 0o755);
    const { code, of } = await asOrdinaryUser(() => checksOf(home));

    expect(code).toBe(EXIT_CODES.usage);
    expect(of("state folder")?.message).toContain(home.state);
    expect(of("state folder")?.hint).toContain("the account that runs rosterbridge");
  });

  it("is a lock that nobody can take", async () => {
    await using home = homeWith();
    mkdirSync(join(home.state, "locks", "oakdale-roster.lock"), { recursive: true });
    const { code, checks } = await checksOf(home);

    expect(code).toBe(EXIT_CODES.usage);
    const failed = checks.filter(({ status, name }) => status === "fail" && name === "state folder");
    expect(failed.map(({ message }) => message).join()).toContain("the lock of roster runs");
  });

  it("is that little room is left", () => {
    expect(roomFinding(900 * 1024 ** 2)).toMatchObject({ status: "warn", message: /0\.8 GiB free/ });
    expect(roomFinding(900 * 1024 ** 2).hint).toContain("retention.runs");
    expect(roomFinding(1024 ** 3)).toMatchObject({ status: "ok" });
  });

  it("is another run, whose it is and since when", async () => {
    await using home = homeWith();
    const lock = takeLock(home.state, "oakdale", "roster", () => new Date("2026-11-21T02:00:03Z"));
    lock.holder("20261121T020003Z-roster");
    const { code, of } = await checksOf(home);
    lock.release();

    expect(code).toBe(EXIT_CODES.ok);
    expect(of("other run")).toMatchObject({ status: "warn" });
    expect(of("other run")?.message).toContain(
      `20261121T020003Z-roster, process ${process.pid}, since 2026-11-21T02:00:03.000Z`,
    );
  });

  it("is the last delivered night, or that it is damaged", async () => {
    await using home = homeWith();
    expect((await checksOf(home)).of("baseline")).toMatchObject({ status: "ok", message: /none yet/ });

    const run = "20261120T020003Z-roster";
    const folder = join(home.state, "runs", run);
    mkdirSync(join(folder, "baseline"), { recursive: true });
    writeFileSync(join(folder, "baseline", "users.csv"), "user_id\nu1\n");
    const delivery = { kind: "sftp", target: "/incoming/a.zip", verified: true };
    const manifest = { run, startedAt: "2026-11-20T02:00:03Z", institution: { id: "oakdale" }, delivery };
    await recordDelivery(
      home.state,
      folder,
      manifest as unknown as Manifest,
      new Date("2026-11-20T02:09:00Z"),
    );
    expect((await checksOf(home)).of("baseline")).toMatchObject({
      status: "ok",
      message: `${run}, delivered 2026-11-20T02:09:00.000Z`,
    });

    writeFileSync(join(folder, "baseline", "users.csv"), "user_id\n");
    const { code, of } = await checksOf(home);
    expect(code).toBe(EXIT_CODES.ok);
    expect(of("baseline")).toMatchObject({ status: "warn", message: /users\.csv is not what was delivered/ });

    writeFileSync(join(home.state, "oakdale-baseline.json"), "{}");
    expect((await checksOf(home)).of("baseline")).toMatchObject({ status: "warn" });
  });

  it("has a delivery that was not recorded, unless that is under way", async () => {
    await using home = homeWith();
    expect((await checksOf(home)).of("open delivery")).toBeUndefined();
    const [run, since] = ["20261121T020003Z-roster", "2026-11-21T02:05:00.000Z"];
    const noted = { file: "x.zip", sha256: "0" };
    mkdirSync(home.state, { recursive: true });
    beginDelivery(home.state, "oakdale", { run, since, mode: "full", package: noted });
    const { code, of } = await checksOf(home);
    expect(code).toBe(EXIT_CODES.ok);
    expect(of("open delivery")).toMatchObject({
      status: "warn",
      message: `run ${run} may have reached Canvas (${since}) without being recorded`,
      hint: expect.stringContaining(`rosterbridge rerun ${run}`) as string,
    });

    const lock = takeLock(home.state, "oakdale", "roster", () => new Date(since));
    lock.holder(run);
    expect((await checksOf(home)).of("open delivery")).toBeUndefined();
    lock.release();

    writeFileSync(deliveringFile(home.state, "oakdale"), "{");
    expect((await checksOf(home)).of("open delivery")).toMatchObject({
      status: "warn",
      message: expect.stringContaining("cannot be read") as string,
    });
  });
});

it("ends at once on Ctrl-C, says that it did, and leaves nothing", async () => {
  await using silent = await startSis();
  silent.failNext({ path: "/users", times: 9, answer: "hang" });
  await using home = makeHome({ source: sourceOf(silent), delivery: sftp(gateway) });
  const program = `
    const { check } = await import(${JSON.stringify(new URL("../../jobs/check.ts", import.meta.url).href)});
    const options = { config: ${JSON.stringify(home.config)}, logFormat: "json", quiet: false };
    await check({ terminal: process, options }, { json: false }).catch(({ exitCode, message }) => {
      process.stderr.write(message);
      process.exitCode = exitCode;
    });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    env: { PATH: process.env["PATH"], SIS_SECRET, GATEWAY_KEY: gateway.privateKey },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    if (stdout.includes("ok   clock")) child.kill("SIGINT");
  });
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];

  expect(code).toBe(EXIT_CODES.interrupted);
  expect(stderr).toBe("The check was stopped before it had come to its end.");
  expect(stdout).not.toMatch(/[Rr]eady/);
  expect(existsSync(home.state)).toBe(false);
});

/** Root may write anywhere: for it the test becomes somebody else for a while. */
async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
