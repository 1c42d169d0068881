/** A whole night on this machine: a config in a folder of its own, the command line, and what it leaves behind. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
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
import { type District, type DistrictOptions, makeDistrict } from "../../jobs/demo/district.ts";
import { type SandboxAuth, type SandboxSis, startSandboxSis } from "../../jobs/demo/sis.ts";
import type { SandboxGateway } from "../../jobs/demo/gateway.ts";
import type { SandboxSisOptions } from "../../jobs/demo/sis/options.ts";
import { main } from "../../jobs/main.ts";
import type { Manifest } from "../../jobs/run/manifest.ts";
import { readZip } from "../connectors/store/zip-reader.ts";
import { type Row, readCsv } from "./csv-reader.ts";

type Tree = Record<string, unknown>;

/** Its encodings all differ from it, so that one which slips through is seen. */
export const SIS_SECRET = "s3cret/of the+SIS=ü";
export const SIS_TOKEN = "fixed-t0ken";
export const OAUTH1 = {
  kind: "oauth1",
  key: "oakdale-key",
  secret: SIS_SECRET,
  signature: "HMAC-SHA256",
} as const satisfies SandboxAuth;

const PAGE_SIZE = 60;

/** With all the oddities that are no mistakes, and more than one page of classes, users and enrollments. */
export function smallDistrict(changes: Partial<DistrictOptions> = {}): District {
  return makeDistrict({ seed: 7, students: 60, schools: 2, ...changes });
}

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

export interface Started extends Ended {
  process: ChildProcess;
  /** Ends when the process has; its code is 128 and more where a signal ended it that it did not handle. */
  ended: Promise<Ended>;
}

export interface CallOptions {
  /** In place of the secrets that the config names. */
  env?: NodeJS.ProcessEnv;
  isTTY?: boolean;
}

export interface Home extends AsyncDisposable {
  folder: string;
  state: string;
  /** Where `delivery: directory` delivers. */
  inbox: string;
  config: string;
  /** Writes the config: the sections given here over those of the home. */
  configure(changes: Tree): void;
  /** One command in this process; `--config` is added. */
  call(argv: readonly string[], options?: CallOptions): Promise<Ended>;
  /** One command as a process of its own; its environment is the options' alone. */
  start(argv: readonly string[], options?: CallOptions & { nodeOptions?: string[] }): Started;
  /** Ids of the runs, oldest first. */
  runs(): string[];
  /** Of the newest run, or of the one given. */
  runFolder(run?: string): string;
  manifest(run?: string): Manifest;
  /** Names in the inbox. */
  delivered(): string[];
  /** Every text that a person, a monitor or a log collector may see of all runs. */
  seen(): string;
}

/**
 * @param sections of the config, over delivery to a directory
 * @param like a home whose runs it has as well
 */
export function makeHome(sections: Tree, like?: Home): Home {
  const folder = mkdtempSync(join(tmpdir(), "rosterbridge-night-"));
  if (like !== undefined) cpSync(like.folder, folder, { recursive: true });
  const inbox = join(folder, "inbox");
  const state = join(folder, "var");
  const config = join(folder, "rosterbridge.yaml");
  const env = { SIS_SECRET, SIS_TOKEN };
  const told: string[] = [];
  mkdirSync(inbox, { recursive: true });

  function configure(changes: Tree): void {
    // JSON is YAML, and needs no care for quoting.
    writeFileSync(
      config,
      JSON.stringify({ ...INSTITUTION, delivery: directory(inbox), ...sections, ...changes }),
    );
  }
  // A folder that a killed process had begun to make has a dot before its name, and is no run.
  const runs = () =>
    existsSync(join(state, "runs"))
      ? readdirSync(join(state, "runs"))
          .filter((name) => !name.startsWith("."))
          .map((name) => `${begun(name)} ${name}`)
          .sort()
          .map((run) => run.slice(run.indexOf(" ") + 1))
      : [];
  // Names are by the second, in which a roster and its grades may both begin; some tests spoil a manifest.
  function begun(run: string): string {
    const manifest = readFileSync(join(state, "runs", run, "manifest.json"), "utf8");
    return /"startedAt": "([^"]+)"/.exec(manifest)?.[1] ?? "";
  }
  const runFolder = (run = runs().at(-1) ?? "none") => join(state, "runs", run);
  const withConfig = (argv: readonly string[]) => [...argv, "--config", config];
  configure({});

  return {
    folder,
    state,
    inbox,
    config,
    configure,
    async call(argv, options = {}) {
      const ended = await callMain(withConfig(argv), { env, ...options });
      told.push(ended.stdout, ended.stderr);
      return ended;
    },
    start(argv, { nodeOptions = [], ...options } = {}) {
      return startCli(withConfig(argv), { env, ...options }, nodeOptions);
    },
    runs,
    runFolder,
    manifest: (run) => JSON.parse(readFileSync(join(runFolder(run), "manifest.json"), "utf8")) as Manifest,
    delivered: () => readdirSync(inbox).sort(),
    seen() {
      const left = runs().flatMap((run) =>
        ["manifest.json", "log.ndjson"].map((name) => readFileSync(join(runFolder(run), name), "utf8")),
      );
      return [...told, ...left].join("\n");
    },
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const INSTITUTION = {
  institution: { id: "oakdale", name: "Oakdale Unified", timezone: "America/Los_Angeles" },
};

export function directory(path: string): Tree {
  return { kind: "directory", path };
}

export function sftp(
  gateway: Pick<SandboxGateway, "host" | "port" | "username" | "hostKey">,
  changes: Tree = {},
): Tree {
  const { host, port, username, hostKey } = gateway;
  const privateKey = { env: "GATEWAY_KEY" };
  return { kind: "sftp", host, port, username, hostKey, privateKey, path: "/incoming", ...changes };
}

/** The `source` section for a sandbox, with the auth that it wants. */
export function sourceOf(
  sis: Pick<SandboxSis, "url" | "tokenUrl">,
  auth: SandboxAuth = OAUTH1,
  changes: Tree = {},
) {
  return {
    kind: "oneroster-rest",
    url: sis.url,
    auth: authOf(sis, auth),
    pageSize: PAGE_SIZE,
    retries: 1,
    ...changes,
  };
}

function authOf(sis: Pick<SandboxSis, "tokenUrl">, auth: SandboxAuth): Tree {
  const secret = { env: "SIS_SECRET" };
  switch (auth.kind) {
    case "oauth1":
      return { kind: auth.kind, key: auth.key, secret, signature: auth.signature };
    case "oauth2": {
      const { kind, key, credentialsIn, scopes = [] } = auth;
      return { kind, key, secret, credentialsIn, scopes, tokenUrl: sis.tokenUrl };
    }
    case "bearer":
      return { kind: auth.kind, token: { env: "SIS_TOKEN" } };
  }
}

export type SisOptions = Partial<SandboxSisOptions>;

/** A sandbox SIS of a small district that stops at the end of the scope. */
export async function startSis(options: SisOptions = {}): Promise<SandboxSis & AsyncDisposable> {
  const sis = await startSandboxSis({ district: smallDistrict(), auth: OAUTH1, ...options });
  return Object.assign(Object.create(sis) as SandboxSis, { [Symbol.asyncDispose]: () => sis.stop() });
}

/** Everybody's logins, addresses and numbers in a district: what no log may hold. */
export function personalData(district: District): string[] {
  return district.users.flatMap(({ username, email, givenName, familyName, identifier }) =>
    [username, email, identifier, `${givenName} ${familyName}`].filter((text) => text != null && text !== ""),
  ) as string[];
}

/** A secret as it stands, and as it travels. */
export function secretForms(secret: string): string[] {
  const encoded = encodeURIComponent(secret);
  const base64 = [secret, `${OAUTH1.key}:${secret}`].map((text) => Buffer.from(text).toString("base64"));
  return [
    ...new Set([
      secret,
      encoded,
      encoded.replace(/%../g, (escape) => escape.toLowerCase()),
      encodeURIComponent(encoded),
      ...base64,
    ]),
  ];
}

/** One command line in this process. */
export async function callMain(
  argv: readonly string[],
  { env = {}, isTTY = false }: CallOptions = {},
): Promise<Ended> {
  const ended = { code: 0, stdout: "", stderr: "" };
  const stream = (name: "stdout" | "stderr") => ({
    isTTY,
    columns: 200,
    write: (text: string) => (ended[name] += text),
  });
  ended.code = await main(argv, { env, stdout: stream("stdout"), stderr: stream("stderr") });
  return ended;
}

/** One command line as a process. */
export function startCli(
  argv: readonly string[],
  { env = {} }: CallOptions = {},
  nodeOptions: string[] = [],
): Started {
  const cli = join(import.meta.dirname, "../../jobs/cli.ts");
  const child = spawn(process.execPath, [...nodeOptions, cli, ...argv], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const started: Ended = { code: -1, stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (started.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (started.stderr += chunk.toString()));
  const ended = once(child, "close").then(([code, signal]: (string | number | null)[]) => {
    started.code = typeof code === "number" ? code : -1;
    if (typeof signal === "string") started.stderr += `\n(killed by ${signal})`;
    return started;
  });
  return Object.assign(started, { process: child, ended });
}

/** Waits for something that another process brings about; gives up loudly. */
export async function until(what: string, isSo: () => boolean, seconds = 90): Promise<void> {
  for (const giveUpAt = Date.now() + seconds * 1000; !isSo();) {
    if (Date.now() > giveUpAt) throw new Error(`waited ${seconds} s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Log entries of a pipe: every line must be one JSON object. */
export function logLines(stderr: string): Tree[] {
  const lines = stderr.split("\n");
  if (lines.pop() !== "") throw new Error(`the last line has no end: ${stderr}`);
  return lines.map((line) => JSON.parse(line) as Tree);
}

/** The files of the package of a run, as text, in the order of the zip. */
export function packageOf(home: Home, run?: string): Map<string, string> {
  const { package: zip } = home.manifest(run);
  const content = readFileSync(join(home.runFolder(run), zip?.file ?? "none"));
  return new Map(readZip(content).map((entry) => [entry.name, entry.content.toString("utf8")]));
}

/** The rows of one Canvas file of a package; none when the package lacks it. */
export function rowsOf(files: Map<string, string>, file: string): Row[] {
  const text = files.get(`${file}.csv`);
  return text === undefined ? [] : readCsv(text);
}
