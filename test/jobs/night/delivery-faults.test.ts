import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import ssh2 from "ssh2";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type GatewayFault, type SandboxGateway, startSandboxGateway } from "../../../jobs/demo/gateway.ts";
import type { SandboxSis } from "../../../jobs/demo/sis.ts";
import {
  type Home,
  logLines,
  makeHome,
  personalData,
  secretForms,
  sftp,
  SIS_SECRET,
  smallDistrict,
  sourceOf,
  startSis,
} from "../night-kit.ts";

// A gateway that fails is tried again after seconds: nobody needs to wait for them here.
vi.mock(import("node:timers/promises"), async (original) => ({
  ...(await original()),
  setTimeout: <T>(_delay?: number, value?: T) => Promise.resolve(value as T),
}));

const district = smallDistrict();

interface Case {
  fault?: GatewayFault;
  /** The delivery section over that of a gateway that works. */
  delivery?: Record<string, unknown>;
  /** In place of the gateway's own key. */
  credential?: string;
  code: string;
  says: RegExp;
}

const strangeKey = `SHA256:${createHash("sha256").update("another").digest("base64").replace("=", "")}`;
const strangePassword = "gate&way pässword";

const CASES: Record<string, Case> = {
  "is full": {
    fault: { kind: "full", afterBytes: 3000 },
    code: "delivery.full",
    says: /no room left for the package in \/incoming/,
  },
  "is read-only": {
    fault: "read-only",
    code: "delivery.read-only",
    says: /does not let us write into \/incoming/,
  },
  "drops every connection midway": {
    fault: { kind: "drop", afterBytes: 3000 },
    code: "delivery.interrupted",
    says: /127\.0\.0\.1:\d+/,
  },
  "stores less than it was given": {
    fault: "short-write",
    code: "delivery.incomplete",
    says: /Of \/incoming\/oakdale-\d{8}T\d{6}Z-roster\.zip not all arrived/,
  },
  "has no such folder": {
    delivery: { path: "/elsewhere" },
    code: "delivery.no-folder",
    says: /folder \/elsewhere does not exist/,
  },
  "shows another host key": {
    delivery: { hostKey: strangeKey },
    code: "delivery.host-key",
    says: /SHA256:/,
  },
  "does not know the key": {
    credential: ssh2.utils.generateKeyPairSync("ed25519").private,
    code: "delivery.unauthorized",
    says: /did not let us in with the private key in environment variable GATEWAY_KEY/,
  },
  "does not know the password": {
    delivery: { privateKey: undefined, password: { env: "GATEWAY_KEY" } },
    credential: strangePassword,
    code: "delivery.unauthorized",
    says: /did not let us in with the password in environment variable GATEWAY_KEY/,
  },
  "cannot be reached": {
    delivery: { port: 1 },
    code: "delivery.unreachable",
    says: /127\.0\.0\.1:1 cannot be reached/,
  },
};

let sis: SandboxSis & AsyncDisposable;
let gateway: SandboxGateway;
/** Its one night came as far as the gateway, which did not take it. */
let stranded: Home;
beforeAll(async () => {
  sis = await startSis({ district });
  gateway = await startSandboxGateway({ folders: ["/incoming"] });
  stranded = makeHome({ source: sourceOf(sis), delivery: sftp(gateway, { path: "/nowhere" }) });
  const { code, stderr } = await stranded.call(["roster"], { env: secrets({ sis: SIS_SECRET }) });
  expect(code, stderr).toBe(5);
});
afterAll(async () => {
  await stranded[Symbol.asyncDispose]();
  await sis[Symbol.asyncDispose]();
  await gateway.stop();
});
afterEach(async () => {
  for (const file of await gateway.files()) rmSync(join(gateway.folder, file));
});

function secrets({
  sis,
  gate = gateway.privateKey,
}: { sis?: string; gate?: string } = {}): NodeJS.ProcessEnv {
  return { GATEWAY_KEY: gate, ...(sis !== undefined && { SIS_SECRET: sis }) };
}

describe("a gateway that", () => {
  it.for(Object.entries(CASES))(
    "%s gets nothing half: code 5, and the package is kept",
    async ([, { fault, delivery = {}, credential = gateway.privateKey, code, says }]) => {
      await using home = makeHome({ source: sourceOf(sis), delivery: sftp(gateway, delivery) }, stranded);
      gateway.setFault(fault);
      const night = await home.call(["rerun"], { env: secrets({ gate: credential }) });
      gateway.setFault(undefined);

      expect(night.code, night.stderr).toBe(5);
      expect(await gateway.files()).toEqual([]);
      expectFailedDelivery(home, night.stderr, { code, says });
      // Nothing can have arrived, so the next night need not deliver this one first.
      expect(existsSync(join(home.state, "oakdale-delivering.json"))).toBe(false);
      const telling = [
        ...secretForms(SIS_SECRET),
        credential,
        ...credential.split("\n"),
        ...personalData(district),
      ];
      const seen = home.seen();
      expect(telling.filter((text) => text !== "" && !text.startsWith("---") && seen.includes(text))).toEqual(
        [],
      );
    },
  );
});

describe("rerun of a night that only the gateway did not take", () => {
  it("delivers the very package that was made, without the SIS and without its secret", async () => {
    const asked = sis.requests.length;
    await using home = makeHome({ source: sourceOf(sis), delivery: sftp(gateway) }, stranded);
    const failed = home.manifest();
    const { code, stderr } = await home.call(["rerun"], { env: secrets() });
    expect(code, stderr).toBe(0);
    expect(sis.requests.length).toBe(asked);
    expect(home.runs()).toEqual([failed.run]);
    expect(home.manifest()).toMatchObject({
      status: "ok",
      exitCode: 0,
      package: failed.package,
      delivery: { kind: "sftp", target: `/incoming/${failed.package?.file ?? ""}`, verified: true },
      errors: [],
    });
    const [arrived = "", ...others] = await gateway.files();
    expect(others).toEqual([]);
    expect(sha256(join(gateway.folder, arrived))).toBe(failed.package?.sha256);
  });

  it("delivers nothing when the package is not what it was, and makes it again when told to", async () => {
    await using home = makeHome({ source: sourceOf(sis), delivery: sftp(gateway) }, stranded);
    const { package: made } = home.manifest();
    truncateSync(join(home.runFolder(), made?.file ?? "none"), 500);
    const { code, stderr } = await home.call(["rerun"], { env: secrets() });
    expect(code, stderr).toBe(1);
    expect(logLines(stderr)).toContainEqual(expect.objectContaining({ code: "internal.file-damaged" }));
    expect(await gateway.files()).toEqual([]);
    const again = await home.call(["rerun", "--from", "check"], { env: secrets() });
    expect(again.code, again.stderr).toBe(0);
    expect(home.manifest()).toMatchObject({ status: "ok", package: made });
    expect(sha256(join(gateway.folder, (await gateway.files())[0] ?? "none"))).toBe(made?.sha256);
  });

  it("leaves nothing to run again", async () => {
    await using home = makeHome({ source: sourceOf(sis), delivery: sftp(gateway) }, stranded);
    await home.call(["rerun"], { env: secrets() });
    for (const argv of [["rerun"], ["rerun", home.runs()[0] ?? ""]]) {
      const { code, stderr } = await home.call(argv, { env: secrets() });
      expect(code).toBe(2);
      expect(stderr).toMatch(/nothing to run again/);
    }
    expect(home.manifest()).toMatchObject({ status: "ok", exitCode: 0 });
  });

  it("is refused once a newer night has been delivered, for it would put Canvas back", async () => {
    await using home = makeHome({ source: sourceOf(sis), delivery: sftp(gateway) }, stranded);
    const [stale = ""] = home.runs();
    const { code, stderr } = await home.call(["roster"], { env: secrets({ sis: SIS_SECRET }) });
    expect(code, stderr).toBe(0);
    const arrived = await gateway.files();
    expect((await home.call(["rerun"])).stderr).toContain("nothing to run again");
    for (const argv of [
      ["rerun", stale],
      ["rerun", stale, "--from", "map"],
    ]) {
      const refused = await home.call(argv, { env: secrets({ sis: SIS_SECRET }) });
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain(`Run ${stale} is stale`);
    }
    expect(await gateway.files()).toEqual(arrived);
    expect(home.manifest(stale)).toMatchObject({ status: "failed", exitCode: 5 });
  });

  it("is not refused because a newer night was only rehearsed", async () => {
    await using home = makeHome({ source: sourceOf(sis), delivery: sftp(gateway) }, stranded);
    await home.call(["roster", "--dry-run"], { env: secrets({ sis: SIS_SECRET }) });
    const { code, stderr } = await home.call(["rerun"], { env: secrets() });
    expect(code, stderr).toBe(0);
    expect(await gateway.files()).toHaveLength(1);
  });
});

describe("what failed is told as it is", () => {
  it("by runs and show, for people and as JSON, before and after it was mended", async () => {
    await using home = makeHome({ source: sourceOf(sis), delivery: sftp(gateway) }, stranded);
    const [run = ""] = home.runs();
    const { stdout: line } = await home.call(["runs"], { env: {} });
    expect(line).toMatch(new RegExp(`^${run}  failed +5  deliver: The folder /nowhere does not exist`));
    const { stdout: screen } = await home.call(["show", run], { env: {} });
    expect(screen).toMatch(/ FAILED\n/);
    expect(screen).toMatch(/✗ deliver: The folder \/nowhere does not exist.*\n +→ Create it there/);
    expect(screen).toMatch(/delivered nothing/);
    const { stdout: json } = await home.call(["show", run, "--json"], { env: {} });
    expect(JSON.parse(json)).toEqual({ ...home.manifest(), state: "failed", folder: home.runFolder() });

    await home.call(["rerun"], { env: secrets() });
    const { stdout: list } = await home.call(["runs", "--json"], { env: {} });
    expect(JSON.parse(list)).toEqual([{ ...home.manifest(), state: "ok", folder: home.runFolder() }]);
    expect((await home.call(["runs"], { env: {} })).stdout).toMatch(
      new RegExp(`^${run}  ok +0  [\\d,]+ rows, delivered to /incoming/oakdale-${run}\\.zip\n$`),
    );
    expect((await home.call(["show", run], { env: {} })).stdout).toMatch(/delivered \/incoming.*verified/);
  });

  it("newest first, and no more than asked for", async () => {
    await using home = makeHome({ source: sourceOf(sis) }, stranded);
    await home.call(["roster"]);
    const [older, newer] = home.runs();
    const ids = async (...argv: string[]) => {
      const { stdout } = await home.call(["runs", "--json", ...argv]);
      return (JSON.parse(stdout) as { run: string }[]).map(({ run }) => run);
    };
    expect(await ids()).toEqual([newer, older]);
    expect(await ids("--limit", "1")).toEqual([newer]);
  });
});

function expectFailedDelivery(home: Home, stderr: string, { code, says }: { code: string; says: RegExp }) {
  const { package: zip, ...manifest } = home.manifest();
  expect(manifest).toMatchObject({ status: "failed", exitCode: 5, delivery: null });
  expect(manifest.stages.map(({ name, status }) => `${name} ${status}`)).toEqual([
    "extract ok",
    "map ok",
    "check ok",
    "package ok",
    "deliver failed",
  ]);
  expect(manifest.errors).toEqual([
    {
      stage: "deliver",
      code,
      message: expect.stringMatching(says) as string,
      hint: expect.stringMatching(/./) as string,
    },
  ]);
  expect(sha256(join(home.runFolder(), zip?.file ?? "none"))).toBe(zip?.sha256);
  const [error] = manifest.errors;
  expect(logLines(stderr)).toContainEqual(
    expect.objectContaining({ level: 50, stage: "deliver", code, msg: error?.message, hint: error?.hint }),
  );
}

function sha256(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
