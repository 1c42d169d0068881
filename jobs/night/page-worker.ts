/** The thread behind workers.ts: one page in; its ids, its compressed text and the drafts of its records out. */
import { parentPort, workerData } from "node:worker_threads";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { RosterConfig, SourceConfig } from "../../config/schema.ts";
import { readPage } from "../../connectors/oneroster/page.ts";
import { readRecord } from "../../connectors/oneroster/read-record.ts";
import type { RecordType } from "../../connectors/oneroster/records.ts";
import type { PageSummary } from "../../connectors/oneroster/source.ts";
import { draftRecords } from "./draft-records.ts";
import type { Drafts, PageDrafts } from "./drafts.ts";
import { keepMatching } from "./filtering.ts";
import type { Notes } from "./notes.ts";

export interface PageWorkerData {
  roster: Pick<RosterConfig, "users" | "enrollments" | "observers" | "admins">;
  /** Schools to take; empty: all. */
  schools: readonly string[];
  timezone: string;
  endDates: SourceConfig["endDates"];
  /** The day of the run, YYYY-MM-DD. */
  today: string;
}

export interface PageRequest {
  type: RecordType;
  endpoint: string;
  body: ArrayBuffer;
  /** Whether the body is a frame of the archive, or fresh from the SIS and to be made one. */
  archived: boolean;
  filter: string | null;
  filteredBySis: boolean;
}

export interface PageReply {
  summary: PageSummary;
  /** The page for the archive; none when it came from there, or cannot be read. */
  frame: Uint8Array | undefined;
  drafts: PageDrafts;
  notes: Notes;
}

const level = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
const options = workerData as PageWorkerData;
const port = parentPort;

port?.on("message", (request: PageRequest) => {
  const reply = workOn(request, options);
  const { drafts, summary, frame } = reply;
  const given = [summary.ids, drafts.rows, drafts.rest, ...(frame === undefined ? [] : [frame])];
  port.postMessage(
    reply,
    given.map(({ buffer }) => buffer as ArrayBuffer),
  );
});

function workOn(request: PageRequest, options: PageWorkerData): PageReply {
  const { type, endpoint, body, archived, filter, filteredBySis } = request;
  const bytes = archived ? decompressed(body) : new Uint8Array(body);
  const notes: Notes = new Map();
  const nothing = encoded({ rows: "", rest: "" });
  const page = readPage(bytes, endpoint);
  if (page.problem !== undefined) {
    const { problem, received, ids } = page;
    return { summary: { received, ids, problem, filteredOut: 0 }, frame: undefined, drafts: nothing, notes };
  }
  const wanted = keepMatching(page.records, filter, filteredBySis);
  const summary: PageSummary = {
    received: page.received,
    ids: page.ids,
    filteredOut: page.records.length - wanted.length,
    ...(page.speaks !== undefined && { speaks: page.speaks }),
    ...(type === "orgs" && { orgs: wanted.flatMap(briefOrg) }),
  };
  return {
    summary,
    frame: archived ? undefined : compressed(withoutPasswords(type, bytes)),
    drafts: encoded(draftRecords(type, wanted, options, notes)),
    notes,
  };
}

/** As bytes, which can be given to the main thread rather than copied. */
function encoded({ rows, rest }: Drafts): PageDrafts {
  const encoder = new TextEncoder();
  return { rows: encoder.encode(rows), rest: encoder.encode(rest) };
}

/** In memory of its own, which can be given away: short results come out of one that Node shares. */
function compressed(page: Uint8Array): Uint8Array {
  const frame = zstdCompressSync(page, level);
  return frame.byteLength === frame.buffer.byteLength ? frame : new Uint8Array(frame);
}

/** Nothing, which is no page, where the frame is damaged. */
function decompressed(frame: ArrayBuffer): Uint8Array {
  try {
    return zstdDecompressSync(new Uint8Array(frame));
  } catch {
    return new Uint8Array(0);
  }
}

function briefOrg(raw: unknown): { sourcedId: string; type: string; gone: boolean }[] {
  const { record } = readRecord("orgs", raw);
  return record === undefined ? [] : [{ sourcedId: record.sourcedId, type: record.type, gone: record.gone }];
}

/** Some SISs send the passwords of users along; they are the one thing that the archive never holds. */
function withoutPasswords(type: RecordType, page: Uint8Array): Uint8Array {
  const buffer = Buffer.from(page.buffer, page.byteOffset, page.byteLength);
  if (type !== "users" || !buffer.includes('"password"')) return page;
  const body: unknown = JSON.parse(buffer.toString());
  return Buffer.from(JSON.stringify(body, (key, value: unknown) => (key === "password" ? undefined : value)));
}
