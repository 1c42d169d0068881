import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROFILE_NAMES } from "../../config/profiles.ts";
import { type SandboxGateway, startSandboxGateway } from "../../jobs/demo/gateway.ts";
import type { SandboxSis } from "../../jobs/demo/sis.ts";
import { filledIn } from "../config/filled-in.ts";
import { callMain, logLines, OAUTH1, startSis } from "./night-kit.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rosterbridge-init-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("init", () => {
  it.each(PROFILE_NAMES)("writes a config for %s to stdout, and nothing else anywhere", async (name) => {
    const { code, stdout, stderr } = await callMain(["init", "--profile", name]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`\n  profile: ${name}\n`);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("writes a file with --out, and says what to do next", async () => {
    const file = join(folder, "qmlativ.yaml");
    const { code, stdout, stderr } = await callMain(["init", "--profile", "qmlativ", "--out", file]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = readFileSync(file, "utf8").split("\n");
    const told = /lines ([\d, ]+)\./.exec(stdout)?.[1]?.split(", ").map(Number) ?? [];
    expect(told.map((line) => lines[line - 1]?.trim())).toEqual([
      "id: <fill in>",
      "name: <fill in>",
      "timezone: <fill in>",
      "url: <fill in>",
      "tokenUrl: <fill in>",
      "host: <fill in>",
      "username: <fill in>",
      "hostKey: <fill in>",
    ]);
    expect(stdout).toContain("env: ONEROSTER_KEY, env: ONEROSTER_SECRET, file: ./id_ed25519");
    expect(stdout).toContain(`rosterbridge check --config ${file}`);
    expect(readFileSync(file, "utf8")).toBe((await callMain(["init", "--profile", "qmlativ"])).stdout);
  });

  it("never writes over a file", async () => {
    const file = join(folder, "mine.yaml");
    writeFileSync(file, "mine");
    const { code, stdout, stderr } = await callMain(["init", "--profile", "q", "--out", file]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`${file} is there already, and is left as it is.`);
    expect(readFileSync(file, "utf8")).toBe("mine");
  });

  it("says when the file cannot be written", async () => {
    const { code, stderr } = await callMain([
      "init",
      "--profile",
      "q",
      "--out",
      join(folder, "no", "where.yaml"),
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain("cannot be written (ENOENT)");
  });

  it.each([
    [["init"], "Say which SIS the config is for"],
    [["init", "--profile", "qmlatv"], "There is no profile of this name; did you mean qmlativ?"],
    [["init", "--profile", "powerschool"], "There is no profile of this name."],
  ])("%j says which profiles there are", async (argv, says) => {
    const { code, stdout, stderr } = await callMain(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    const [line] = logLines(stderr);
    expect(line).toMatchObject({ code: "usage.profile", msg: expect.stringContaining(says) as string });
    expect(line?.["hint"]).toMatch(
      /generic \(OneRoster\), classlink \(ClassLink\), q \(.*\), qmlativ \(.*\)/,
    );
  });
});

describe("a config of init, filled in as it says", () => {
  let plain: SandboxSis & AsyncDisposable;
  let qmlativ: SandboxSis & AsyncDisposable;
  let gateway: SandboxGateway;
  beforeAll(async () => {
    const { key, secret } = OAUTH1;
    const auth = { kind: "oauth2", key, secret, credentialsIn: "basic" } as const;
    [plain, qmlativ, gateway] = await Promise.all([
      startSis(),
      startSis({ dialect: "qmlativ", auth }),
      startSandboxGateway({ folders: ["/incoming"] }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([plain.stop(), qmlativ.stop(), gateway.stop()]);
  });

  it.each(PROFILE_NAMES)("brings a night of %s to the gateway", async (name) => {
    const sis = name === "qmlativ" ? qmlativ : plain;
    const file = join(folder, `night-${name}.yaml`);
    await callMain(["init", "--profile", name, "--out", file]);
    const { host, port, username, hostKey } = gateway;
    const answers = { url: sis.url, tokenUrl: sis.tokenUrl, kind: "oauth1", host, username, hostKey };
    const text = filledIn(readFileSync(file, "utf8"), { ...answers, id: name })
      .replace(/^# {2}port: 22$/m, `  port: ${port}`)
      .replace("  path: /\n", "  path: /incoming\n");
    writeFileSync(file, text);
    writeFileSync(join(folder, "id_ed25519"), gateway.privateKey);
    const env = { ONEROSTER_KEY: OAUTH1.key, ONEROSTER_SECRET: OAUTH1.secret };

    const checked = await callMain(["check", "--config", file], { env });
    expect(checked.code, checked.stdout).toBe(0);
    const planned = await callMain(["plan", "--config", file], { env });
    expect(planned.code, planned.stderr).toBe(0);
    const night = await callMain(["roster", "--config", file], { env });
    expect(night.code, night.stderr).toBe(0);
    expect(await gateway.files()).toContainEqual(expect.stringContaining(`/incoming/${name}-`));
  });
});
