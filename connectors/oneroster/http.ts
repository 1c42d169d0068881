/** One HTTP exchange: a request out, the whole answer in memory, or a Trouble that says what went wrong. */
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { isMarkedAsUntransferable } from "node:worker_threads";
import { gunzip } from "node:zlib";
import { EnvHttpProxyAgent, Pool, request } from "undici";
import type { Trouble } from "./retry.ts";

export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  url: URL;
  headers: Record<string, string>;
  body?: string;
}

export interface Answer {
  status: number;
  /** By lower-case name; of several values the first, but of Link all, for that is a list on any number of lines. */
  header: (name: string) => string | undefined;
  cookies: string[];
  /** As sent, until it is unpacked; owned by the receiver. */
  body: ArrayBuffer;
}

export interface Http {
  exchange: (request: HttpRequest, signal: AbortSignal) => Promise<Answer | Trouble>;
  close: () => Promise<void>;
}

/** Proxies come from the environment: HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in either case. */
export function createHttp({
  concurrency,
  timeoutSeconds,
}: {
  concurrency: number;
  timeoutSeconds: number;
}): Http {
  const timeout = timeoutSeconds * 1000;
  const perRequest = { headersTimeout: timeout, bodyTimeout: timeout };
  const agent = new EnvHttpProxyAgent({
    connections: concurrency,
    connectTimeout: timeout,
    // One request a connection: a SIS that falls silent then holds up one request and not all of them.
    allowH2: false,
    pipelining: 1,
    // The proxy's own answer to CONNECT would otherwise be waited for five minutes.
    clientFactory: (origin, options) => new Pool(origin, { ...options, ...perRequest }),
  });

  return {
    async exchange({ method, url, headers, body }, signal) {
      let begun = false;
      try {
        const response = await request(url, {
          dispatcher: agent,
          ...perRequest,
          method,
          headers: { "accept-encoding": "gzip", ...headers },
          signal,
          ...(body !== undefined && { body }),
        });
        begun = true;
        return {
          status: response.statusCode,
          header: (name) => {
            const values = [response.headers[name] ?? []].flat();
            // RFC 9110 §5.3: lines of a list mean what one line of all of them means.
            return name === "link" && values.length > 0 ? values.join(", ") : values[0];
          },
          cookies: [response.headers["set-cookie"] ?? []].flat(),
          body: await wholeBody(response.body),
        };
      } catch (error) {
        signal.throwIfAborted();
        return troubleOf(error, begun);
      }
    },
    close: () => agent.destroy(),
  };
}

/**
 * What has come, in memory of its own. Its parts came in the socket's, which would wait for the garbage collector and,
 * where page follows page, wake it ten times a second: that memory is given back here, as the parser has done with it.
 * The last part's may hold what comes after the body.
 */
async function wholeBody(body: Readable): Promise<ArrayBuffer> {
  const parts = await partsOf(body);
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  const last = parts.at(-1)?.buffer;
  for (const buffer of new Set(parts.map((part) => part.buffer))) {
    // What is cut out of a buffer that Node keeps for all small ones is Node's.
    if (buffer !== last && !isMarkedAsUntransferable(buffer)) buffer.transfer(0);
  }
  return whole.buffer;
}

/** By events, for a loop over the body would have the parser wait at every part. */
function partsOf(body: Readable): Promise<Buffer<ArrayBuffer>[]> {
  return new Promise((resolve, reject) => {
    const parts: Buffer<ArrayBuffer>[] = [];
    body
      .on("data", (part: Buffer<ArrayBuffer>) => parts.push(part))
      .on("end", () => {
        resolve(parts);
      })
      .on("error", reject)
      .on("close", () => {
        reject(new Error("the body was closed"));
      });
  });
}

const gunzipped = promisify(gunzip);

/** The same answer, its body decompressed: apart from the exchange, for it keeps no connection busy. */
export async function unpacked(answer: Answer): Promise<Answer | Trouble> {
  const isPacked = /^\s*(x-)?gzip\s*$/i.test(answer.header("content-encoding") ?? "");
  if (!isPacked || answer.body.byteLength === 0) return answer;
  try {
    const { buffer, byteOffset, byteLength } = await gunzipped(answer.body, { chunkSize: 256 * 1024 });
    // A slice of a larger buffer cannot be handed to another thread.
    const isWhole = byteLength === buffer.byteLength && buffer instanceof ArrayBuffer;
    return {
      ...answer,
      body: isWhole ? buffer : Uint8Array.from(new Uint8Array(buffer, byteOffset, byteLength)).buffer,
    };
  } catch {
    return { kind: "body", detail: "compressed data that breaks off or is damaged" };
  }
}

const TIMEOUTS = /TIMEOUT|ETIMEDOUT/;
const CERTIFICATES = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS_/;
/** Of the codes that a connection fails with before there is one. */
const UNCONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);
const IN_WORDS: Record<string, string> = {
  ECONNREFUSED: "connection refused",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up",
  ECONNRESET: "the connection was closed",
  UND_ERR_SOCKET: "the connection was closed",
};

function troubleOf(error: unknown, begun: boolean): Trouble {
  const { code, message, syscall } = innermost(error);
  const unsent = !begun && (UNCONNECTED.has(code) || syscall === "connect") && { unsent: true as const };
  if (TIMEOUTS.test(code))
    return { kind: "timeout", detail: begun ? "the answer stopped midway" : "no answer", ...unsent };
  if (CERTIFICATES.test(code)) return { kind: "certificate", detail: code };

  const words = IN_WORDS[code] ?? message;
  return begun
    ? { kind: "body", detail: `an answer that broke off (${words})` }
    : { kind: "network", detail: words, ...unsent };
}

/** What really happened hides in causes, and in the first of several failed connections. */
function innermost(error: unknown): { code: string; message: string; syscall?: unknown } {
  let at = error;
  for (;;) {
    if (at instanceof AggregateError && at.errors.length > 0) at = at.errors[0];
    else if (at instanceof Error && at.cause instanceof Error) at = at.cause;
    else break;
  }
  if (!(at instanceof Error)) return { code: "", message: "unknown error" };
  const { code, syscall } = at as { code?: unknown; syscall?: unknown };
  return { code: typeof code === "string" ? code : "", message: at.message, syscall };
}
