/** Puts an answer on the wire, whole or in the way that a fault wants it. */
import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { Answer } from "./answers.ts";
import type { Manner } from "./faults.ts";

/** Gives the status that was sent: 0 where the answer was broken off or never came. */
export function deliver(response: ServerResponse, answer: Answer, manner: Manner, gzip: boolean): number {
  if (manner === "hang") return 0;
  const isEmpty = answer.body.length === 0;
  if (manner === "reset" || (isEmpty && manner !== "whole")) {
    // An answer without a body cannot break off in the middle of it.
    response.socket?.resetAndDestroy();
    return 0;
  }
  const compress = gzip && !isEmpty;
  const body = compress ? gzipped(answer.body) : answer.body;
  const headers = {
    ...answer.headers,
    vary: "accept-encoding",
    ...(compress ? { "content-encoding": "gzip" } : {}),
  };
  if (answer.status === 204) {
    response.writeHead(204, headers).end();
    return 204;
  }
  if (manner === "whole") {
    response.writeHead(answer.status, { ...headers, "content-length": body.length });
    response.end(body);
    return answer.status;
  }
  const promised = manner === "truncate" ? { "content-length": body.length } : {};
  response.writeHead(answer.status, { ...headers, ...promised });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
  return 0;
}

const compressed = new WeakMap<Buffer, Buffer>();

/** Compressed once for each body that is kept. */
export function gzipped(body: Buffer): Buffer {
  const there = compressed.get(body);
  if (there !== undefined) return there;
  const made = gzipSync(body, { level: 1 });
  compressed.set(body, made);
  return made;
}
