import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readZip } from "../connectors/store/zip-reader.ts";
import { expectSound } from "./canvas-rules.ts";
import { readCsv } from "./csv-reader.ts";
import { callMain, type Ended, startCli } from "./night-kit.ts";

describe("demo", () => {
  let home: string;
  let folder: string;
  let ended: Ended;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "rosterbridge-demo-test-"));
    folder = join(home, "new", "demo");
    mkdirSync(join(home, "tmp"));
    ended = await startCli(["demo", "--keep", folder, "--log-format", "pretty"], {
      env: { TMPDIR: join(home, "tmp") },
    }).ended;
  });
  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
  });

  it("needs nothing, and ends well", () => {
    expect(ended.code, ended.stderr).toBe(0);
  });

  it("says what it did as a person would want to read it, and names files that are there", () => {
    expect(ended.stdout).toMatch(/An invented district on this machine/);
    expect(ended.stdout).toMatch(/2,\d{3} users, 1\d,\d{3} enrollments/);
    expect(ended.stdout).toMatch(
      /appeared on the gateway as \/incoming\/oakdale-\S+\.zip, whole and verified/,
    );
    expect(ended.stdout).not.toMatch(/undefined|NaN|\[object/);
    const named = ended.stdout.match(new RegExp(`${folder}[^\\s;\`]*`, "g")) ?? [];
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });

  it("delivers a sound package of about 2,000 students in 6 schools", () => {
    const incoming = join(folder, "gateway", "incoming");
    const packages = readdirSync(incoming).map((zip) => readFileSync(join(incoming, zip)));
    expect(packages.length).toBeGreaterThan(0);
    const contents = packages.map(
      (zip) => new Map(readZip(zip).map(({ name, content }) => [name, content.toString()])),
    );
    contents.forEach(expectSound);
    const [files = new Map<string, string>()] = contents;
    const lines = (name: string) => (files.get(name)?.split("\n").length ?? 0) - 2;
    expect(lines("accounts.csv")).toBe(6);
    expect(lines("users.csv")).toBeGreaterThan(2000);
  });

  it("says what to type next, as rosterbridge is called there", () => {
    expect(ended.stdout).toMatch(/`rosterbridge runs --config \S+` still shows the runs/);
  });

  it("ends with a night of grades: what went, what did not, and a page for each instructor", () => {
    expect(ended.stdout).toMatch(/The SIS got \d+ line items and \d{3,} results, and has confirmed each/);
    const runs = join(folder, "var", "runs");
    const run = join(runs, readdirSync(runs).find((name) => name.endsWith("-grades")) ?? "");
    const outcomes = Map.groupBy(
      readCsv(readFileSync(join(run, "grades.csv"), "utf8")),
      ({ outcome }) => outcome,
    );
    expect([...outcomes.keys()].sort()).toEqual(["sent", "skipped"]);
    expect(outcomes.get("skipped")?.every(({ reason }) => reason !== "")).toBe(true);
    expect(readdirSync(join(run, "courses")).length).toBeGreaterThan(20);
  });

  it("leaves nothing but its folder, and the config there still shows the run", async () => {
    expect(readdirSync(join(home, "tmp"))).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(["gateway", "rosterbridge.yaml", "secrets", "var"]);
    const { code, stdout } = await callMain(["runs", "--config", join(folder, "rosterbridge.yaml")]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d{8}T\d{6}Z-grades {2}partial +6 {2}/);
    expect(stdout).toMatch(/^\d{8}T\d{6}Z-roster {2}ok +0 {2}1\d,\d{3} rows, delivered to \/incoming\//m);
  });

  it("tells neither its secret nor anybody's name", () => {
    for (const name of ["oneroster-secret", "canvas-token"]) {
      const secret = readFileSync(join(folder, "secrets", name), "utf8");
      expect(secret.length).toBeGreaterThan(20);
      expect(ended.stderr + ended.stdout).not.toContain(secret);
    }
    expect(ended.stderr + ended.stdout).not.toContain("@example.org");
  });

  it("refuses a folder that holds something", async () => {
    writeFileSync(join(home, "tmp", "thesis.txt"), "years of work");
    const { code, stdout, stderr } = await callMain(["demo", "--keep", join(home, "tmp")]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/holds something already\. Nothing was touched/);
    expect(readdirSync(join(home, "tmp"))).toEqual(["thesis.txt"]);
  });
});
