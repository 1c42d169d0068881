/** `rosterbridge demo`: two nights of rosters and one of grades on this machine, against a sandbox SIS, Canvas and gateway. */
import { randomBytes } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { EXIT_CODES, Failure, type ExitCode } from "../config/failure.ts";
import { startSandboxCanvas } from "./demo/canvas.ts";
import { makeDistrict, type District } from "./demo/district.ts";
import { nextDay } from "./demo/district/next-day.ts";
import { startSandboxGateway, type SandboxGateway } from "./demo/gateway.ts";
import { startSandboxSis, type SandboxSis } from "./demo/sis.ts";
import {
  afterFirst,
  afterGrades,
  afterSecond,
  beforeGrades,
  closing,
  newestRun,
  opening,
} from "./demo/words.ts";
import { grades } from "./grades.ts";
import type { Call } from "./main.ts";
import { roster } from "./nightly.ts";

const DISTRICT = { seed: 2026, students: 2000, schools: 6 };
const KEY = "oakdale-canvas";
/** Enough for every oddity that the sandbox Canvas has. */
const GRADED_COURSES = 24;
const ASSIGNMENTS_A_COURSE = 2;

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

  const canvasToken = randomBytes(24).toString("base64url");
  let config = "";
  let port: number | undefined;
  const startSis = async (today: District) => {
    const options = { district: today, auth, gradebook: {}, ...(port !== undefined && { port }) };
    const sis = stopping(await startSandboxSis(options));
    port = Number(new URL(sis.url).port);
    return sis;
  };
  const night = async (today: District, before: (sis: SandboxSis) => void) => {
    await using sis = await startSis(today);
    if (config === "") config = writeConfig(folder, { sis, gateway, secret, canvasToken });
    before(sis);
    return await roster(
      { ...call, options: { ...call.options, config } },
      { dryRun: false, acceptChanges: false },
    );
  };

  const first = await night(district, (sis) => {
    say(opening(district, sis, gateway, folder));
  });
  if (first !== EXIT_CODES.ok) return first;
  say(afterFirst(folder));
  const tomorrow = nextDay(district);
  const second = await night(tomorrow, () => {
    say("\nThe night after it, some people have come, gone and moved:\n");
  });
  if (second !== EXIT_CODES.ok) return second;
  say(afterSecond(folder));
  const third = await nightOfGrades();
  // A checkout has no rosterbridge on its path; npm says which of its scripts it runs.
  const isScript = call.terminal.env["npm_lifecycle_event"] === "demo";
  say(closing(folder, config, isScript ? "npm run -s rosterbridge --" : "rosterbridge"));
  return third;

  async function nightOfGrades(): Promise<ExitCode> {
    const delivered = newestRun(folder, "roster")?.run ?? folder;
    await using _sis = await startSis(tomorrow);
    await using canvas = stopping(
      await startSandboxCanvas({
        roster: join(delivered, "canvas"),
        token: canvasToken,
        assignmentsPerCourse: ASSIGNMENTS_A_COURSE,
      }),
    );
    pointToCanvas(config, canvas.url);
    const courses = [...canvas.coursework.school.courses.all()]
      .filter((course) => course.sis_grade_export && course.workflow_state === "available")
      .flatMap(({ sis_id }) => sis_id ?? [])
      .slice(0, GRADED_COURSES);
    say(beforeGrades(courses.length, canvas.url));
    const code = await grades(
      { ...call, options: { ...call.options, config } },
      { dryRun: false, courses, remaster: false },
    );
    // Real work has grades that cannot be sent, and so has the demo's.
    if (code !== EXIT_CODES.ok && code !== EXIT_CODES.partial) return code;
    say(afterGrades(folder));
    return EXIT_CODES.ok;
  }
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

interface Made {
  sis: SandboxSis;
  gateway: SandboxGateway;
  secret: string;
  canvasToken: string;
}

function writeConfig(folder: string, { sis, gateway, secret, canvasToken }: Made): string {
  const secrets = made(join(folder, "secrets"));
  writeFileSync(join(secrets, "oneroster-secret"), secret, { mode: 0o600 });
  writeFileSync(join(secrets, "gateway-key"), gateway.privateKey, { mode: 0o600 });
  writeFileSync(join(secrets, "canvas-token"), canvasToken, { mode: 0o600 });
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

/** The demo's Canvas is there only when a roster is. */
function pointToCanvas(config: string, url: string): void {
  const grades = `grades:
  source: { kind: canvas-api, url: "${url}", token: { file: ./secrets/canvas-token } }
`;
  appendFileSync(config, grades);
}
