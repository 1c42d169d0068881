/** What a sandbox SIS can be told to be, and what it tells of itself. */
import type { FaultTarget } from "../fault-rules.ts";
import type { District } from "../district/raw-records.ts";
import type { SandboxGradebook, SandboxGradebookOptions } from "./gradebook/options.ts";
import type { Dialect } from "./addresses.ts";
import type { Quirk } from "./quirks.ts";

export type OneRosterVersion = "1.1" | "1.2";

export type SandboxAuth =
  | { kind: "oauth1"; key: string; secret: string; signature: "HMAC-SHA256" | "HMAC-SHA1" }
  | {
      kind: "oauth2";
      key: string;
      secret: string;
      credentialsIn: "basic" | "body";
      /** Scopes that may be asked for; when given, at least one of them must be, and it must cover what is read. */
      scopes?: string[];
      /** Seconds that a token lives; default 3600. */
      expiresIn?: number;
    }
  | { kind: "bearer"; token: string };

export interface SandboxSisOptions {
  district: District;
  auth: SandboxAuth;
  /** Default 1.1. The district is the same in both; what comes of it must be too. */
  version?: OneRosterVersion;
  /** Where its services are; default by the standard. */
  dialect?: Dialect;
  quirks?: Quirk[];
  /** How long every answer is held back, in milliseconds. */
  latencyMs?: number;
  /** A larger `limit` is silently cut to this. */
  maxPageSize?: number;
  /** Default: any free one. */
  port?: number;
  /** Compress for a client that accepts it; default true. */
  gzip?: boolean;
  /** Categories, line items and results too; without it, none of their endpoints is there. */
  gradebook?: SandboxGradebookOptions;
}

/** An answer of the sandbox's choosing in place of the right one. */
export type Fault =
  | { status: number; body?: string; headers?: Record<string, string>; contentType?: string }
  /** The right answer with this X-Total-Count. */
  | { total: number }
  /** The socket is destroyed before a byte is sent. */
  | "reset"
  /** The connection ends in the middle of a body whose Content-Length promised more. */
  | "truncate"
  /** The connection ends in the middle of a chunked body. */
  | "truncate-chunked"
  /** Well-formed HTTP whose JSON stops in the middle. */
  | "cut-json"
  /** No answer, ever. */
  | "hang"
  /** 200 with a web page, as a proxy or a login form would send. */
  | "html"
  /** 200 with JSON that lacks the collection's key. */
  | "no-envelope"
  /** The records of the page before (of the first page: of itself), under the right headers. */
  | "repeat-page";

export interface FaultRule extends FaultTarget {
  /**
   * Path under its service's root, such as `/users` or `/schools/101/classes`; the token endpoint is
   * `/oauth/token`, wherever it is. A string must equal it; a RegExp is tried on path and query (`/users?limit=100`).
   */
  path: RegExp | string;
  answer: Fault;
  /**
   * Whether what a matching PUT, POST or DELETE wanted is done nevertheless; default: not where the answer is
   * a status or a total, but under all others, whose client cannot know.
   */
  stored?: boolean;
}

export interface SandboxRequest {
  method: string;
  /** Under the OneRoster root, such as `/users`. */
  path: string;
  query: Record<string, string>;
  /** Status that was sent; 0 when the connection was broken or nothing was sent. */
  status: number;
}

export interface SandboxSis {
  /** The OneRoster root, as a config's `source.url` wants it. */
  readonly url: string;
  /** The root of its gradebook; the same as `url` unless it keeps them apart. */
  readonly gradebookUrl: string;
  readonly tokenUrl: string;
  /** The latest 100,000 OneRoster requests, without those for tokens, in the order of their arrival. */
  readonly requests: readonly SandboxRequest[];
  /** Most OneRoster requests that were ever unanswered at one time. */
  readonly inFlightPeak: number;
  /** How many tokens were asked for, redirects not counted. */
  readonly tokenRequests: number;
  /** What it holds, was sent and was told of grades; throws when the SIS was started without the option. */
  readonly gradebook: SandboxGradebook;
  /** Rules are tried in the order in which they were given; the first that matches answers. */
  failNext(rule: FaultRule): void;
  /** Builds every page of the bulk collections, sorted by sourcedId, so that serving them costs nothing. */
  warm(pageSize: number): void;
  /** Ends every connection, also hanging ones, and frees the port. */
  stop(): Promise<void>;
}
