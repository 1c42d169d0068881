import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configJsonSchema } from "../../config/json-schema.ts";
import type { SandboxSis } from "../../jobs/demo/sis.ts";
import { callMain, logLines, makeHome, sftp, SIS_SECRET, sourceOf, startCli, startSis } from "./night-kit.ts";

const COMMANDS = [
  "roster",
  "rerun",
  "runs",
  "show",
  "schema",
  "demo",
  "plan",
  "grades",
  "check",
  "evaluate",
  "init",
];
const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as {
  version: string;
};

let sis: SandboxSis & AsyncDisposable;
beforeAll(async () => {
  sis = await startSis();
});
afterAll(() => sis[Symbol.asyncDispose]());

describe("asked what it can do", () => {
  it("--help names every command and every exit code, on stdout alone", async () => {
    const { code, stdout, stderr } = await callMain(["--help"]);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, "m"));
    for (const words of ["0 ok", "1 ", "2 ", "3 ", "4 held", "5 delivery", "6 ", "7 ", "130", "143"])
      expect(stdout).toContain(words);
  });

  it.for(COMMANDS)("%s answers --help and --version, and does nothing else", async (command) => {
    const help = await callMain([command, "--help"]);
    expect(help).toMatchObject({ code: 0, stderr: "" });
    expect(help.stdout).toContain(`Usage: rosterbridge ${command}`);
    for (const option of ["--config", "--log-format", "--quiet", "--help"])
      expect(help.stdout).toContain(option);
    expect(await callMain([command, "--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("--version is the version of the package", async () => {
    expect(await callMain(["--version"])).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("schema prints the JSON Schema of the config, and nothing but that", async () => {
    const { ended } = startCli(["schema"]);
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
  });
});

describe("a call that cannot be meant ends with 2 and touches nothing", () => {
  it.for<[string[], RegExp]>([
    [[], /Usage: rosterbridge/],
    [["rooster"], /unknown command 'rooster'.*roster/s],
    [["roster", "--dryrun"], /unknown option '--dryrun'.*--dry-run/s],
    [["roster", "extra"], /too many arguments/],
    [["show"], /missing required argument 'run'/],
    [["runs", "--limit", "many"], /--limit must be a whole number/],
    [["runs", "--log-format", "xml"], /Allowed choices are pretty, json/],
  ])("%j", async ([argv, says]) => {
    const { code, stdout, stderr } = await callMain(argv, { isTTY: true });
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(says);
  });

  it.for(["roster", "rerun", "runs", "show x", "roster --dry-run"])("%s without a config", async (words) => {
    const { code, stdout, stderr } = await callMain([...words.split(" "), "--config", "/no/such/file.yaml"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("there is no configuration file /no/such/file.yaml");
  });

  it("looks for ./rosterbridge.yaml when no config is named", async () => {
    const { stderr } = await callMain(["runs"]);
    expect(stderr).toMatch(/no configuration file rosterbridge\.yaml/);
  });

  it.for<[string[], string]>([
    [["show", "20260101T000000Z-roster"], "There is no run 20260101T000000Z-roster"],
    [["show", "../../etc"], "There is no run ../../etc"],
    [["rerun", "20260101T000000Z-roster"], "There is no run 20260101T000000Z-roster"],
    [["rerun"], "Nothing has run yet, so there is nothing to run again"],
  ])("%j where nothing has run", async ([argv, says]) => {
    await using home = makeHome({ source: sourceOf(sis) });
    const { code, stderr } = await home.call(argv);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
    expect(existsSync(home.state)).toBe(false);
  });

  it("rerun from a stage that there is not, or that the run has not come to", async () => {
    await using home = makeHome({
      source: sourceOf(sis),
      delivery: { kind: "directory", path: "./nowhere" },
    });
    await home.call(["roster"]);
    const unknown = await home.call(["rerun", "--from", "upload"]);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain("they are extract, map, check, package, deliver");
    home.configure({ source: { ...sourceOf(sis), schools: ["none"] } });
    await home.call(["roster"]);
    const early = await home.call(["rerun", "--from", "package"]);
    expect(early.code).toBe(2);
    expect(early.stderr).toMatch(/cannot begin with package: it has not done extract yet/);
    expect(home.delivered()).toEqual([]);
  });
});

describe("what this version cannot do yet", () => {
  it.for<[string, Record<string, unknown>]>([
    [
      "delivery.kind canvas-api",
      { delivery: { kind: "canvas-api", url: "https://canvas.example.org", token: { env: "SIS_SECRET" } } },
    ],
  ])("is said of a config with %s before anything is touched", async ([what, changes]) => {
    await using home = makeHome({ source: sourceOf(sis), ...changes });
    const asked = sis.requests.length;
    const { code, stderr } = await home.call(["roster"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${what} is not in this version of rosterbridge yet. Nothing was touched.`);
    expect(existsSync(home.state)).toBe(false);
    expect(sis.requests.length).toBe(asked);
  });
});

describe("in a pipe", () => {
  it("a night is one JSON object a line on stderr, and nothing else", async () => {
    await using home = makeHome({ source: sourceOf(sis) });
    const { code, stdout, stderr } = await home.start(["roster"]).ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    const lines = logLines(stderr);
    for (const line of lines) {
      expect(line).toEqual(
        expect.objectContaining({
          level: expect.any(Number) as number,
          time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
          msg: expect.any(String) as string,
        }),
      );
    }
    const run = home.runs()[0];
    expect(lines[0]).toMatchObject({ run, job: "roster" });
    expect(lines.at(-1)).toMatchObject({ run, status: "ok", exitCode: 0 });
    expect(readFileSync(join(home.runFolder(), "log.ndjson"), "utf8")).toBe(stderr);
  });

  it.for(["roster --config /no/such/file.yaml", "show", "rooster", "grades --remaster", "--quiet"])(
    "what cannot be done is JSON as well: %s",
    async (words) => {
      const { code, stdout, stderr } = await callMain(words.split(" "));
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(logLines(stderr)).toEqual([
        expect.objectContaining({ level: 50, code: expect.stringMatching(/^usage\./) as string }),
      ]);
    },
  );
});

describe("where nobody reads any more", () => {
  it("a night goes on and is delivered", async () => {
    await using home = makeHome({ source: sourceOf(sis) });
    const night = home.start(["roster"]);
    night.process.stderr?.once("data", () => night.process.stderr?.destroy());
    expect((await night.ended).code).toBe(0);
    expect(home.manifest()).toMatchObject({ status: "ok", exitCode: 0 });
    expect(home.delivered()).toHaveLength(1);
    expect(readFileSync(join(home.runFolder(), "log.ndjson"), "utf8")).toContain("ended: ok");
  });

  it.runIf(existsSync("/dev/full"))(
    "an answer for which the disk has no room is not taken for given",
    async () => {
      const full = openSync("/dev/full", "w");
      const cli = join(import.meta.dirname, "../../jobs/cli.ts");
      const { status, stderr } = spawnSync(process.execPath, [cli, "schema"], {
        stdio: ["ignore", full, "pipe"],
        encoding: "utf8",
      });
      closeSync(full);
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: "rosterbridge: the answer cannot be written (ENOSPC)\n",
      });
    },
  );
});

describe("on a terminal", () => {
  it("a night is told in words, with progress that passes and a summary that stays", async () => {
    await using home = makeHome({ source: sourceOf(sis) });
    const { stderr, stdout } = await home.call(["roster"], { isTTY: true });
    expect(stdout).toBe("");
    const run = home.runs()[0] ?? "";
    expect(stderr).toMatch(/\r\u001b\[K {2}extract: [\d,]+ of [\d,]+ records/);
    expect(stderr).toMatch(/^\d\d:\d\d:\d\d {3}check: \d+ accounts, \d+ terms/m);
    expect(stderr).toContain(`\n${run} ended well\n`);
    expect(stderr).toMatch(/delivered .*oakdale-.*\.zip \(directory, verified\)/);
    expect(stderr).not.toContain('{"level"');
  });

  it("--log-format json gives JSON there too, and --log-format pretty words in a pipe", async () => {
    await using home = makeHome({
      source: sourceOf(sis),
      delivery: { kind: "directory", path: "./nowhere" },
    });
    const json = await home.call(["roster", "--log-format", "json"], { isTTY: true });
    expect(logLines(json.stderr).at(-1)).toMatchObject({ exitCode: 5 });
    const pretty = await home.call(["rerun", "--log-format", "pretty"]);
    expect(pretty.stderr).toMatch(/✗ The folder .*nowhere does not exist.*\n +→ /);
    expect(pretty.stderr).not.toContain("\r");
  });

  it("--quiet says nothing of a good night and only the error of a bad one", async () => {
    await using home = makeHome({ source: sourceOf(sis) });
    for (const isTTY of [true, false]) {
      expect(await home.call(["roster", "--quiet"], { isTTY })).toEqual({ code: 0, stdout: "", stderr: "" });
    }
    home.configure({ delivery: { kind: "directory", path: "./nowhere" } });
    const { code, stderr } = await home.call(["roster", "--quiet"]);
    expect(code).toBe(5);
    expect(logLines(stderr)).toEqual([expect.objectContaining({ level: 50, code: "delivery.no-folder" })]);
  });
});

describe("a dry run", () => {
  it("makes the package, delivers nothing and needs no secret of the gateway's", async () => {
    const gateway = { host: "127.0.0.1", port: 1, username: "u", hostKey: `SHA256:${"A".repeat(43)}` };
    await using home = makeHome({ source: sourceOf(sis), delivery: sftp(gateway) });
    const { code, stderr } = await home.call(["roster", "--dry-run"], { env: { SIS_SECRET } });
    expect(code, stderr).toBe(0);
    const manifest = home.manifest();
    expect(manifest).toMatchObject({ status: "ok", exitCode: 0, dryRun: true, delivery: null, errors: [] });
    expect(manifest.stages.map(({ name, status }) => `${name} ${status}`)).toEqual([
      "extract ok",
      "map ok",
      "check ok",
      "package ok",
      "deliver skipped",
    ]);
    expect(existsSync(join(home.runFolder(), manifest.package?.file ?? "none"))).toBe(true);
    expect((await home.call(["show", manifest.run])).stdout).toMatch(/dry run: nothing was sent/);
  });

  it("that failed is told from a night that failed", async () => {
    await using home = makeHome({ source: { kind: "oneroster-csv", path: "nowhere" } });
    expect((await home.call(["roster"])).code).toBe(3);
    expect((await home.call(["plan"])).code).toBe(3);
    const words = (await home.call(["runs"])).stdout.split("\n").map((line) => line.split(/  +/)[3]);
    expect(words.slice(0, 2)).toEqual([
      expect.stringMatching(/^dry run: extract: There is no OneRoster export/),
      expect.stringMatching(/^extract: There is no OneRoster export/),
    ]);
  });
});
