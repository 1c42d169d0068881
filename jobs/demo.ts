/** `rosterbridge demo`: two whole nights on this machine, against a sandbox SIS and gateway on loopback. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { EXIT_CODES, Failure, type ExitCode } from "../config/failure.ts";
import { makeDistrict, type District } from "./demo/district.ts";
import { nextDay } from "./demo/district/next-day.ts";
import { startSandboxGateway, type SandboxGateway } from "./demo/gateway.ts";
import { startSandboxSis, type SandboxSis } from "./demo/sis.ts";
import type { Call } from "./main.ts";
import { roster } from "./nightly.ts";
import { readManifest, type Manifest } from "./run/manifest.ts";
import { megabytes } from "./night/package.ts";

const DISTRICT = { seed: 2026, students: 2000, schools: 6 };
const KEY = "oakdale-canvas";

/** @throws Failure usage.not-empty when --keep names a folder that holds something */
export async function demo(call: Call, { keep }: { keep: string | undefined }): Promise<ExitCode> {
  const folder = demoFolder(keep);
  const say = (text: string) => call.terminal.stdout.write(text);
  const secret = randomBytes(24).toString("base64url");
  const auth = { kind: "oauth1", key: KEY, secret, signature: "HMAC-SHA256" } as const;
  const district = makeDistrict(DISTRICT);
  await using gateway = stopping(
    await startSandboxGateway({ folder: made(join(folder, "gateway")), folders: ["/incoming"] }),
  );

  let config = "";
  let port: number | undefined;
  const night = async (today: District, before: (sis: SandboxSis) => void) => {
    await using sis = stopping(
      await startSandboxSis({ district: today, auth, ...(port !== undefined && { port }) }),
    );
    port = Number(new URL(sis.url).port);
    if (config === "") config = writeConfig(folder, sis, gateway, secret);
    before(sis);
    return await roster(
      { ...call, options: { ...call.options, config } },
      { dryRun: false, acceptChanges: false },
    );
  };

  const first = await night(district, (sis) => {
    say(opening(district, sis, gateway, folder));
  });
  if (first === EXIT_CODES.ok) {
    say(afterFirst(folder));
    const second = await night(nextDay(district), () => {
      say("\nThe night after it, some people have come, gone and moved:\n");
    });
    say(closing(folder, config));
    return second;
  }
  say(closing(folder, config));
  return first;
}

function demoFolder(keep: string | undefined): string {
  if (keep === undefined) return mkdtempSync(join(tmpdir(), "rosterbridge-demo-"));
  if (existsSync(keep) && readdirSync(keep).length > 0) {
    throw new Failure("usage.not-empty", `The folder ${keep} holds something already. Nothing was touched.`, {
      hint: "Give --keep a new folder, or an empty one.",
    });
  }
  return made(resolve(keep));
}

function made(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

function stopping<S extends { stop(): Promise<void> }>(server: S): S & AsyncDisposable {
  return Object.assign(server, { [Symbol.asyncDispose]: () => server.stop() });
}

function writeConfig(folder: string, sis: SandboxSis, gateway: SandboxGateway, secret: string): string {
  const secrets = made(join(folder, "secrets"));
  writeFileSync(join(secrets, "oneroster-secret"), secret, { mode: 0o600 });
  writeFileSync(join(secrets, "gateway-key"), gateway.privateKey, { mode: 0o600 });
  const file = join(folder, "rosterbridge.yaml");
  writeFileSync(
    file,
    `# Made by \`rosterbridge demo\`: a district that does not exist, on servers of this machine.
institution: { id: oakdale, name: Oakdale Unified, timezone: America/Los_Angeles }
state: ./var
source:
  kind: oneroster-rest
  url: ${sis.url}
  auth: { kind: oauth1, key: ${KEY}, secret: { file: ./secrets/oneroster-secret } }
delivery:
  kind: sftp
  host: ${gateway.host}
  port: ${gateway.port}
  username: ${gateway.username}
  privateKey: { file: ./secrets/gateway-key }
  hostKey: "${gateway.hostKey}"
  path: /incoming
`,
    { mode: 0o600 },
  );
  return file;
}

function opening(district: District, sis: SandboxSis, gateway: SandboxGateway, folder: string): string {
  const n = (list: unknown[]) => list.length.toLocaleString("en");
  return `An invented district on this machine, nothing leaves it:
  its SIS      OneRoster 1.1 with OAuth 1.0a, ${sis.url}
               ${n(district.orgs)} orgs, ${n(district.classes)} classes, ${n(district.users)} users, ${n(district.enrollments)} enrollments,
               with the oddities of real data
  its gateway  SFTP with a key, ${gateway.host}:${gateway.port}
  the files    ${folder}

The first night of rosters:
`;
}

function afterFirst(folder: string): string {
  const { manifest } = newestRun(folder) ?? {};
  if (manifest === undefined) return "";
  return `
What happened
  The roster was read completely: ${sentence(Object.entries(manifest.extracted).map(([type, { records }]) => count(records, type)))}.
  It became ${sentence(Object.entries(manifest.files).map(([file, { rows }]) => count(rows, file)))} for Canvas.
${leftOut(manifest)}${delivered(manifest)}`;
}

function closing(folder: string, config: string): string {
  const { run, manifest } = newestRun(folder) ?? {};
  if (run === undefined || manifest === undefined) return "";
  return `
What happened
${changes(manifest)}${delivered(manifest)}
Look at it
  ${run}
    canvas/        what Canvas gets: ${firstRow(join(run, "canvas", "sections.csv"))}
    changes.csv    what differs from the night before, row by row and column by column
    rejects.csv    every record left out, and why: ${firstRow(join(run, "rejects.csv"))}
    manifest.json  the run in numbers · log.ndjson what it did · extract/ what the SIS said
  ${join(folder, "gateway", "incoming")}   what the gateway received
  ${config}   the config it ran with

The servers of the demo have stopped; \`rosterbridge runs --config ${config}\` still shows the runs.
`;
}

function newestRun(folder: string): { run: string; manifest: Manifest } | undefined {
  const runs = join(folder, "var", "runs");
  const id = existsSync(runs) ? readdirSync(runs).sort().at(-1) : undefined;
  return id === undefined ? undefined : { run: join(runs, id), manifest: readManifest(join(runs, id)) };
}

function changes({ files }: Manifest): string {
  const lines = Object.entries(files).flatMap(([file, { added = 0, changed = 0, removed = 0 }]) =>
    added + changed + removed === 0
      ? []
      : [`    ${file}: ${added} added, ${changed} changed, ${removed} removed`],
  );
  if (lines.length === 0) return "";
  return `  Compared with the night before, and said to Canvas explicitly:\n${lines.join("\n")}\n`;
}

function leftOut(manifest: Manifest): string {
  const lines = Object.entries(manifest.extracted).flatMap(([type, { rejected, gone, leftOut }]) => [
    ...(rejected > 0 ? [`${count(rejected, type)} rejected, each with its reason`] : []),
    ...(gone > 0 ? [`${count(gone, type)} that the SIS itself calls deleted`] : []),
    ...Object.entries(leftOut).map(([reason, number]) => `${count(number, type)}: ${reason}`),
  ]);
  return lines.length === 0 ? "" : `  Not for Canvas were\n${lines.map((line) => `    ${line}\n`).join("")}`;
}

function delivered({ package: zip, delivery }: Manifest): string {
  if (zip === null || delivery === null) return "  Nothing was delivered; what went wrong stands above.\n";
  return `  ${zip.file} (${megabytes(zip.bytes)}) appeared on the gateway as ${delivery.target}, whole and verified.\n`;
}

function count(number: number, what: string): string {
  return `${number.toLocaleString("en")} ${what}`;
}

function sentence(parts: string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;
}

function firstRow(file: string): string {
  const [, row] = existsSync(file) ? readFileSync(file, "utf8").split("\n", 2) : [];
  return row ?? "";
}
