/** Where pages go: the contract between the reader of a SIS and whoever parses and keeps what it reads. */
import type { RecordType } from "./records.ts";
import type { OneRosterVersion } from "./spoken-version.ts";

/** One page as it came, decompressed. */
export interface RawPage {
  type: RecordType;
  /** Path under the OneRoster root, ids percent-encoded: `users`, `schools/S1/classes`. */
  endpoint: string;
  /** 1, or more when the endpoint had to be read again from its start. */
  attempt: number;
  /** Position of the page in the attempt, from 0. */
  index: number;
  /** JSON text; owned by the receiver, who may transfer it to another thread. */
  body: ArrayBuffer;
  /** OneRoster filter that the records must satisfy; others are dropped and counted. */
  filter: string | undefined;
  /** Whether the SIS has applied that filter too: then a record without the field is kept. */
  filteredBySis: boolean;
}

export interface PageProblem {
  /** says-failure: the collection is there, and a status beside it that says that the request has failed. */
  kind: "truncated" | "not-json" | "no-envelope" | "says-failure";
  /** For people; holds no data of the page. */
  detail: string;
}

export interface PageSummary {
  /** Members of the page's array, whatever they are: the next offset depends on it. */
  received: number;
  /** hashIds of the records that have a sourcedId, also of those that the filter dropped. */
  ids: Uint32Array;
  problem?: PageProblem;
  filteredOut: number;
  /** Only of users: the version of OneRoster that they are written in, where they tell. */
  speaks?: OneRosterVersion;
  /** Only for type `orgs`: what the page says of each org that the filter let through. */
  orgs?: { sourcedId: string; type: string; gone: boolean }[];
}

/** What became of one endpoint. */
export interface EndpointReport {
  type: RecordType;
  endpoint: string;
  pages: number;
  /** Unique sourcedIds. */
  records: number;
  /** X-Total-Count, when the SIS gave it. */
  total: number | undefined;
  /** Each has been logged when it arose. */
  warnings: string[];
}

/**
 * `read` parses and may be called again for the same page; `keep` is called with the very summary that
 * `read` gave; `restart` voids all that was kept of an endpoint; `done` says that it is complete.
 */
export interface PageSink {
  /**
   * What is there of an endpoint from an earlier reading that ended before all were done. It is good when the
   * SIS still promises as many records; otherwise `restart` voids it like everything else.
   */
  kept?: (endpoint: string) => { pages: number; records: number; total: number } | undefined;
  read: (page: RawPage) => Promise<PageSummary>;
  keep: (page: PageSummary) => Promise<void>;
  restart: (endpoint: string, type: RecordType) => Promise<void>;
  done: (report: EndpointReport) => Promise<void>;
}
