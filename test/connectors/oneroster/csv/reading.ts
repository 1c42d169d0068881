/** Reads exports made on the spot, into memory instead of into a run's folder. */
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";
import { Failure } from "../../../../config/failure.ts";
import type { LastState } from "../../../../connectors/oneroster/csv/last-state.ts";
import {
  type CsvReport,
  type CsvSourceConfig,
  extractCsv,
} from "../../../../connectors/oneroster/csv/source.ts";
import { readPage } from "../../../../connectors/oneroster/page.ts";
import { readRecord } from "../../../../connectors/oneroster/read-record.ts";
import type { RecordType } from "../../../../connectors/oneroster/records.ts";
import type { PageSink, PageSummary } from "../../../../connectors/oneroster/sink.ts";

export type Files = Record<string, string | Buffer>;
export type Raw = Record<string, unknown>;

export interface Read {
  report: CsvReport;
  records: Map<RecordType, Raw[]>;
  /** What the next delta is applied to. */
  state: LastState;
}

export interface ReadOptions {
  version?: "1.1" | "1.2";
  schools?: string[];
  state?: LastState;
  /** When the files were written. */
  on?: string;
  now?: string;
  /** Instead of the files as they are: what lies at the path. */
  packed?: (files: Files) => Promise<Buffer>;
  /** Called when the first page has been read. */
  meanwhile?: (path: string) => void;
}

/** Without anything that a roster needs but a school, a class and who is in it. */
export const SMALL: Files = {
  "manifest.csv": manifest(),
  "orgs.csv": csv("sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId", [
    "101,,,First,school,,",
  ]),
  "academicSessions.csv": csv(
    "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
    ["SY,,,Year,schoolYear,2026-08-17,2027-06-04,,2027"],
  ),
  "courses.csv": csv(
    "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes",
    ['ALG,,,,"Algebra, the first",A1,"09,10",101,,'],
  ),
  "classes.csv": csv(
    "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
    ['C1,,,Algebra,,ALG,A1-1,scheduled,,101,"SY,SY",,,'],
  ),
  "users.csv": csv(
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
    [
      '0042,,,true,101,student,ada,"{LDAP:a:1},{LTI:2}",Ada,Byron,,17,ada@example.org,,,"g1,g2",09,hunter2',
      "7,,,true,101,teacher,tom,,Tom,Ash,,,,,,,,",
    ],
  ),
  "enrollments.csv": csv(
    "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate",
    ["e1,,,C1,101,0042,student,,2026-08-17,2027-06-04", "e2,,,C1,101,7,teacher,true,,"],
  ),
};

export function csv(header: string, rows: readonly string[]): string {
  return `${[header, ...rows].join("\n")}\n`;
}

/** @param modes of the files that are not bulk */
export function manifest(modes: Record<string, string> = {}, version = "1.1"): string {
  const tables = ["orgs", "academicSessions", "courses", "classes", "users", "enrollments"];
  const all = version === "1.1" ? tables : [...tables, "roles", "userProfiles"];
  const rows = [...new Set([...all, ...Object.keys(modes)])].map(
    (table) => `file.${table},${modes[table] ?? "bulk"}`,
  );
  return csv("propertyName,value", ["manifest.version,1.0", `oneroster.version,${version}`, ...rows]);
}

export async function readExport(files: Files, options: ReadOptions = {}): Promise<Read> {
  return withExport(files, options, (path, spill) => readFrom(path, spill, options));
}

/** Lays an export down for as long as somebody works on it. */
export async function withExport<T>(
  files: Files,
  options: ReadOptions,
  work: (path: string, spill: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "rosterbridge-csv-"));
  const path = options.packed === undefined ? folder : join(folder, "export.zip");
  try {
    const lying = options.packed === undefined ? files : { "export.zip": await options.packed(files) };
    for (const [name, content] of Object.entries(lying)) {
      writeFileSync(join(folder, name), content);
      const on = new Date(options.on ?? "2026-11-01T08:00:00Z");
      utimesSync(join(folder, name), on, on);
    }
    return await work(path, join(folder, "spill"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function configOf(path: string, { version = "1.1", schools = [] }: ReadOptions): CsvSourceConfig {
  return {
    ...({ kind: "oneroster-csv", profile: "generic", version, schools, path } as const),
    ...({ endDates: "inclusive", rejectTolerancePercent: 1 } as const),
  };
}

async function readFrom(path: string, spill: string, options: ReadOptions): Promise<Read> {
  const { version = "1.1", state, meanwhile, now = "2026-11-03T09:00:00Z" } = options;
  const records = new Map<RecordType, Raw[]>();
  const read = new WeakMap<PageSummary, { type: RecordType; page: Raw[] }>();
  const sink: PageSink = {
    async read({ type, endpoint, body }) {
      meanwhile?.(path);
      const page = readPage(new Uint8Array(body), endpoint);
      const all = (page.records ?? []) as Raw[];
      const orgs =
        type === "orgs"
          ? all.map(({ sourcedId }) => ({ sourcedId: String(sourcedId), type: "school", gone: false }))
          : [];
      const summary: PageSummary = { received: page.received, ids: page.ids, filteredOut: 0, orgs };
      read.set(summary, { type, page: all });
      return summary;
    },
    async keep(summary) {
      const { type, page } = read.get(summary)!;
      records.set(type, [...(records.get(type) ?? []), ...page]);
    },
    restart: async () => undefined,
    done: async () => undefined,
  };
  const report = await extractCsv(
    configOf(path, options),
    {
      log: () => undefined,
      findState: () => state ?? "nothing has been read before it",
      spill,
      now: () => Date.parse(now),
    },
    sink,
    new AbortController().signal,
  );
  const kept = (type: RecordType) => structuredClone(records.get(type) ?? []);
  return { report, records, state: { version, written: report.written, records: (type) => [kept(type)] } };
}

export async function refusal(files: Files, options: ReadOptions = {}): Promise<Failure> {
  const error: unknown = await readExport(files, options).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (error instanceof Failure) return error;
  throw new Error(`no refusal but ${String(error)}`);
}

/** What is made of the one record with this id. */
export function recordOf(read: Read, type: RecordType, id: string): unknown {
  const raw = read.records.get(type)?.filter(({ sourcedId }) => sourcedId === id) ?? [];
  if (raw.length !== 1) throw new Error(`${raw.length} of ${type} are ${id}`);
  return readRecord(type, raw[0]).record ?? readRecord(type, raw[0]).reject;
}

export function idsOf(read: Read, type: RecordType): string[] {
  return (read.records.get(type) ?? []).map(({ sourcedId }) => String(sourcedId)).sort();
}

/** @param at where in the zip the files are */
export async function zipped(files: Files, at = ""): Promise<Buffer> {
  const zip = new ZipFile();
  const mtime = new Date(2026, 10, 1, 2);
  for (const [name, content] of Object.entries(files))
    zip.addBuffer(Buffer.from(content), at + name, { mtime });
  zip.end();
  return buffer(zip.outputStream);
}
