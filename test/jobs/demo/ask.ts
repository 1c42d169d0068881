/** Asks a sandbox SIS as a client without any cleverness would. */
import { request } from "node:http";
import { gunzipSync } from "node:zlib";
import { type District, makeDistrict } from "../../../jobs/demo/district.ts";
import {
  type Quirk,
  type SandboxAuth,
  type SandboxSis,
  type SandboxSisOptions,
  startSandboxSis,
} from "../../../jobs/demo/sis.ts";

export const TOKEN = "a-static-token";

export interface Reply {
  status: number;
  header: (name: string) => string | undefined;
  cookies: string[];
  text: string;
  /** The body as JSON; throws when it is none. */
  json: () => unknown;
  /** Records of the only array in the body. */
  records: () => Record<string, unknown>[];
}

/** One request, byte for byte as given; rejects when the connection breaks. */
export async function ask(url: string, headers: Record<string, string> = {}, post?: string): Promise<Reply> {
  const method = post === undefined ? "GET" : "POST";
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        const body = response.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
        resolve(reply(response.statusCode ?? 0, response.headers, body.toString("utf8")));
      });
    });
    sent.on("error", reject).end(post);
  });
}

function reply(status: number, headers: Record<string, string | string[] | undefined>, body: string): Reply {
  const json = (): unknown => JSON.parse(body);
  return {
    status,
    header: (name) => (headers[name] === undefined ? undefined : String(headers[name])),
    cookies: [headers["set-cookie"] ?? []].flat(),
    text: body,
    json,
    records: () => Object.values(json() as object)[0] as Record<string, unknown>[],
  };
}

/** Does something with a SIS and stops it whatever happens. */
export async function withSis(
  options: Partial<SandboxSisOptions> & { quirks?: Quirk[]; auth?: SandboxAuth },
  work: (sis: SandboxSis, get: (path: string) => Promise<Reply>, district: District) => Promise<void>,
): Promise<void> {
  const district = options.district ?? makeDistrict({ seed: 7, students: 60, schools: 2 });
  const sis = await startSandboxSis({ auth: { kind: "bearer", token: TOKEN }, ...options, district });
  try {
    await work(sis, (path) => ask(sis.url + path, { authorization: `Bearer ${TOKEN}` }), district);
  } finally {
    await sis.stop();
  }
}

/** Walks a collection page by page, by the number received, until a page is empty. */
export async function walk(
  get: (path: string) => Promise<Reply>,
  path: string,
  limit: number,
): Promise<Record<string, unknown>[]> {
  const all: Record<string, unknown>[] = [];
  for (;;) {
    const page = await get(`${path}?limit=${limit}&offset=${all.length}`);
    if (page.status === 429) {
      await coolDown(page);
      continue;
    }
    if (page.status !== 200) throw new Error(`${path}: ${page.status} ${page.text}`);
    const records = page.records();
    if (records.length === 0) return all;
    all.push(...records);
  }
}

async function coolDown(page: Reply): Promise<void> {
  const wanted = page.header("retry-after") ?? "";
  const ms = /^\d+$/.test(wanted) ? Number(wanted) * 1000 : Date.parse(wanted) - Date.now();
  await new Promise((resolve) => setTimeout(resolve, ms));
}

export function idsOf(records: readonly object[]): string[] {
  return records.map((record) => String((record as { sourcedId: unknown }).sourcedId).trim()).sort();
}
