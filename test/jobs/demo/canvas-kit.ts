/** A small school in Canvas's CSVs, a sandbox Canvas over it, and a client without any cleverness. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  startSandboxCanvas,
  type SandboxCanvas,
  type SandboxCanvasOptions,
} from "../../../jobs/demo/canvas.ts";
import { ask, type Reply } from "./ask.ts";

export const TOKEN = "7~a-canvas-token";

/** Algebra has two sections, Biology and Chemistry one; student s2 is in both sections of Algebra. */
const ROSTER: Record<string, string> = {
  accounts: "account_id,parent_account_id,name,status\nNorth,,North High,active\nSouth,,South High,active\n",
  terms:
    "term_id,name,status,start_date,end_date\n" +
    "S1,Semester 1,active,2026-08-17T07:00:00Z,2026-12-19T07:59:59Z\n" +
    "Q1,Quarter 1,active,2026-08-17T07:00:00Z,2026-10-10T07:59:59Z\n",
  courses:
    "course_id,short_name,long_name,account_id,term_id,status\n" +
    'ALG,ALG1,"Algebra, first part",North,S1,active\n' +
    "BIO,BIO1,Biology,North,Q1,active\n" +
    "CHE,CHE1,Chemistry,South,S1,active\n",
  sections:
    "section_id,course_id,name,status,start_date,end_date\n" +
    "ALG-1,ALG,Algebra 1,active,,\nALG-2,ALG,Algebra 2,active,,\n" +
    "BIO-1,BIO,Biology 1,active,,\nCHE-1,CHE,Chemistry 1,active,,\n",
  users:
    "user_id,login_id,first_name,last_name,email,status\n" +
    "0042,zora,Zora,Ántal,zora@example.org,active\ns2,ben,Ben,Booth,,active\n" +
    's3,cleo,"Cleo ""C""",Cruz,,active\ns4,dan,=Dan,=Dunn,,active\nt1,tess,Tess,Teach,,active\n',
  enrollments:
    "course_id,section_id,user_id,role,status,start_date,end_date\n" +
    "ALG,ALG-1,0042,student,active,,\nALG,ALG-1,s2,student,active,,\nALG,ALG-2,s2,student,active,,\n" +
    "ALG,ALG-2,s3,student,active,,\nALG,ALG-1,t1,teacher,active,,\n" +
    "BIO,BIO-1,0042,student,active,,\nBIO,BIO-1,s4,student,active,,\nCHE,CHE-1,s4,student,active,,\n",
};

/** Writes the school's CSVs, some of them replaced; the folder is the caller's to remove. */
export function writeRoster(changes: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "canvas-roster-"));
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries({ ...ROSTER, ...changes })) {
    writeFileSync(join(folder, `${file}.csv`), text);
  }
  return folder;
}

export interface Client {
  get: (path: string, headers?: Record<string, string>) => Promise<Reply>;
  /** The records of every page, by the `next` links alone. */
  all: (path: string) => Promise<Record<string, unknown>[]>;
  /** A folder for files, removed afterwards. */
  folder: string;
}

/** Does something with a Canvas over the small school and stops it whatever happens. */
export async function withCanvas(
  options: Partial<SandboxCanvasOptions>,
  work: (canvas: SandboxCanvas, client: Client) => Promise<void>,
): Promise<void> {
  const roster = options.roster ?? writeRoster();
  const folder = mkdtempSync(join(tmpdir(), "canvas-files-"));
  const canvas = await startSandboxCanvas({ token: TOKEN, oddities: false, ...options, roster });
  const get = (path: string, headers: Record<string, string> = {}) =>
    ask(path.startsWith("http") ? path : canvas.url + path, { authorization: `Bearer ${TOKEN}`, ...headers });
  async function all(path: string): Promise<Record<string, unknown>[]> {
    const records: Record<string, unknown>[] = [];
    for (let next: string | undefined = path; next !== undefined;) {
      const reply = await get(next);
      if (reply.status !== 200) throw new Error(`${next}: ${reply.status} ${reply.text}`);
      records.push(...(reply.json() as Record<string, unknown>[]));
      next = linksOf(reply)["next"];
    }
    return records;
  }
  try {
    await work(canvas, { get, all, folder });
  } finally {
    await canvas.stop();
    for (const made of [roster, folder]) rmSync(made, { recursive: true, force: true });
  }
}

/** Address by rel. */
export function linksOf(reply: Reply): Record<string, string> {
  const links = (reply.header("link") ?? "").matchAll(/<([^>]+)>; rel="(\w+)"/g);
  return Object.fromEntries([...links].map(([, address = "", rel = ""]) => [rel, address]));
}
