/** A small OneRoster server whose answers a test decides; it pages by the standard unless told otherwise. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Asked {
  method: string;
  path: string;
  /** As on the wire, after the question mark. */
  search: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  body: string;
  /** How many requests came before this one, to the same path. */
  before: number;
}

export interface Told {
  status?: number;
  headers?: Record<string, string | string[]>;
  /** Objects are sent as JSON. */
  body?: unknown;
  /** Cuts the connection: before the answer, or after half of it. */
  cut?: "before" | "midway";
  /** Never answers. */
  silent?: boolean;
}

export type Collections = Record<string, unknown[]>;

export interface TinySis {
  url: string;
  origin: string;
  asked: Asked[];
  /** Requests to one collection, in the order they came. */
  of: (path: string) => Asked[];
  mostInFlight: () => number;
}

const ROOT = "/ims/oneroster/v1p1";

/** @param answer what to say; undefined for what the standard says of `collections` */
export async function startTinySis(
  collections: Collections,
  answer: (asked: Asked) => Told | undefined | Promise<Told | undefined> = () => undefined,
): Promise<TinySis> {
  const asked: Asked[] = [];
  let inFlight = 0;
  let most = 0;
  const server = createServer((request, response) => {
    most = Math.max(most, ++inFlight);
    response.on("close", () => inFlight--);
    void respond(request, response);
  });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://x");
    const path = url.pathname.startsWith(`${ROOT}/`) ? url.pathname.slice(ROOT.length + 1) : url.pathname;
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const before = asked.filter((one) => one.path === path).length;
    const one = {
      method: request.method ?? "",
      path,
      search: (request.url ?? "").split("?")[1] ?? "",
      query: url.searchParams,
      headers: request.headers,
      body,
      before,
    };
    asked.push(one);
    tell(response, (await answer(one)) ?? pageOf(collections, one));
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: origin + ROOT,
    origin,
    asked,
    of: (path) => asked.filter((one) => one.path === path),
    mostInFlight: () => most,
  };
}

/** The page that the standard asks for: limit, offset, X-Total-Count, sorted by sourcedId. */
export function pageOf(collections: Collections, { path, query }: Pick<Asked, "path" | "query">): Told {
  const all = collections[path];
  if (all === undefined)
    return { status: 404, body: { imsx_codeMajor: "failure", imsx_description: "unknown object" } };
  const offset = Number(query.get("offset") ?? 0);
  const limit = Number(query.get("limit") ?? 100);
  return {
    headers: { "x-total-count": String(all.length) },
    body: { [path.slice(path.lastIndexOf("/") + 1)]: all.slice(offset, offset + limit) },
  };
}

function tell(
  response: ServerResponse,
  { status = 200, headers = {}, body = "", cut, silent = false }: Told,
): void {
  if (silent) return;
  if (cut === "before") {
    response.destroy();
    return;
  }
  const bytes = Buffer.isBuffer(body)
    ? body
    : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": bytes.length,
    ...headers,
  });
  if (cut === "midway") {
    response.write(bytes.subarray(0, bytes.length / 2), () => {
      setImmediate(() => response.destroy());
    });
    return;
  }
  response.end(bytes);
}

/** So many records with nothing but what every record has: u000, u001, … */
export function records(
  prefix: string,
  count: number,
  more: Record<string, unknown> = {},
): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, i) => ({
    sourcedId: `${prefix}${String(i).padStart(4, "0")}`,
    status: "active",
    ...more,
  }));
}

/** A district that has a little of everything, with `users` as the collection under test. */
export function district(users: unknown[] = records("u", 3)): Collections {
  const school = (id: string) => ({ sourcedId: id, status: "active", type: "school", name: id });
  return {
    orgs: [{ ...school("D"), type: "district" }, school("S1"), school("S2")],
    academicSessions: records("t", 2, { type: "term", startDate: "2026-08-15", endDate: "2027-06-11" }),
    courses: records("k", 2),
    classes: records("c", 2, { school: { sourcedId: "S1" } }),
    users,
    enrollments: records("e", 4, {
      user: { sourcedId: "u0000" },
      class: { sourcedId: "c0000" },
      role: "student",
    }),
  };
}
