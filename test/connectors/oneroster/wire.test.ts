import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createHttp, unpacked } from "../../../connectors/oneroster/http.ts";
import { failureOf, readRoster, secretOf, testPorts } from "./reading.ts";
import { district, pageOf, records, startTinySis } from "./tiny-sis.ts";

const collections = district(records("u", 25, { givenName: "Þóra" }));

describe("requests", () => {
  it("carry the configured headers, secrets among them", async () => {
    const sis = await startTinySis(collections);
    await readRoster(sis.url, { headers: { "X-Vendor": "v1", apikey: secretOf("hush") } });
    for (const { headers } of sis.asked) {
      expect(headers).toMatchObject({
        "x-vendor": "v1",
        apikey: "hush",
        authorization: "Bearer t0ken",
        accept: "application/json",
      });
    }
  });

  it("bring cookies back to the SIS that set them", async () => {
    const sis = await startTinySis(collections, (asked) =>
      asked.path === "users" && asked.before === 0
        ? {
            ...pageOf(collections, asked),
            headers: { "set-cookie": ["ARRAffinity=x1; Path=/", "sid=2; HttpOnly"], "x-total-count": "25" },
          }
        : undefined,
    );
    await readRoster(sis.url, { pageSize: 10, concurrency: 1 });
    expect(sis.of("users")[0]?.headers.cookie).toBeUndefined();
    expect(
      sis
        .of("users")
        .slice(1)
        .map(({ headers }) => headers.cookie),
    ).toEqual(Array(2).fill("ARRAffinity=x1; sid=2"));
  });

  it("leave no faster than the rate that is configured", async () => {
    const sis = await startTinySis(collections);
    const ports = testPorts(0);
    await readRoster(sis.url, { pageSize: 5, requestsPerSecond: 2, concurrency: 1 }, { ports });
    expect(ports.now()).toBe((sis.asked.length - 1) * 500);
  });

  it("keep what is in the address of the SIS as it is", async () => {
    const sis = await startTinySis({}, () => ({ status: 404 }));
    await failureOf(readRoster(`${sis.origin}/MoYPlyQWmG0%3D/ims/oneroster/v1p1/`));
    expect(sis.asked[0]?.path).toMatch(/^\/MoYPlyQWmG0%3D\/ims\/oneroster\/v1p1\/\w+$/);
  });
});

describe("long answers", () => {
  it("come whole, however they were cut, while others come too", async () => {
    const texts = new Map<string, string>();
    const server = createServer((request, response) => {
      const path = request.url ?? "";
      // Of every size of buffer that Node has: its own for small ones, the socket's, and several of these.
      const parts = [7, 40_000, 65_536, 65_537, 300_000, 1].map((length, at) =>
        path.slice(-1).repeat(length + at),
      );
      texts.set(path, parts.join(""));
      void (async () => {
        for (const part of parts) await new Promise((resolve) => response.write(part, resolve));
        response.end();
      })();
    });
    const origin = await listen(server);
    const http = createHttp({ concurrency: 4, timeoutSeconds: 5 });
    const paths = Array.from({ length: 16 }, (_, at) => `/${String.fromCharCode(97 + at)}`);
    const answers = await Promise.all(
      paths.map((path) =>
        http.exchange(
          { method: "GET", url: new URL(path, origin), headers: {} },
          new AbortController().signal,
        ),
      ),
    );
    await http.close();
    for (const [at, answer] of answers.entries()) {
      const body = "kind" in answer ? answer.kind : Buffer.from(answer.body).toString();
      expect(body === texts.get(paths[at] ?? "")).toBe(true);
    }
  });
});

describe("compressed answers", () => {
  it("are asked for, unpacked, and owned by whoever gets them", async () => {
    const sis = await startTinySis(collections, (asked) => {
      const { body, headers } = pageOf(collections, asked);
      expect(asked.headers["accept-encoding"]).toBe("gzip");
      return { body: gzipSync(JSON.stringify(body)), headers: { ...headers, "content-encoding": "gzip" } };
    });
    const { sink } = await readRoster(sis.url, { pageSize: 10 });
    expect(sink.recordsOf("users")).toHaveLength(25);
    expect(sink.recordsOf("users")[24]).toMatchObject({ givenName: "Þóra" });
  });

  it("that break off are asked for again", async () => {
    const sis = await startTinySis(collections, (asked) => {
      const { body, headers } = pageOf(collections, asked);
      const packed = gzipSync(JSON.stringify(body));
      const sent =
        asked.path === "users" && asked.before === 0 ? packed.subarray(0, packed.length - 9) : packed;
      return { body: sent, headers: { ...headers, "content-encoding": "x-gzip" } };
    });
    const { sink, ports } = await readRoster(sis.url);
    expect(sink.ids("users")).toHaveLength(25);
    expect(ports.events[0]?.message).toContain("compressed data that breaks off or is damaged");
  });

  it.for([10, 20_000, 3_000_000])(
    "of %i bytes fill their buffer exactly, so that another thread can have it",
    async (length) => {
      const text = "x".repeat(length);
      const server = createServer((_, response) => {
        response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(text));
      });
      const url = new URL(await listen(server));
      const http = createHttp({ concurrency: 1, timeoutSeconds: 5 });
      const sent = await http.exchange({ method: "GET", url, headers: {} }, new AbortController().signal);
      await http.close();
      if ("kind" in sent) throw new Error(sent.kind);
      const answer = await unpacked(sent);
      if ("kind" in answer) throw new Error(answer.kind);

      expect(answer.body.byteLength).toBe(length);
      expect(Buffer.from(answer.body).toString() === text).toBe(true);
    },
  );
});

describe("a proxy of the environment", () => {
  it("is used for http, and NO_PROXY goes round it", async () => {
    const sis = await startTinySis(collections);
    const proxy = await startProxy();
    proxyEnvironment({ http_proxy: proxy.url });
    const { sink } = await readRoster(sis.url, { pageSize: 10 });
    expect(sink.ids("users")).toHaveLength(25);
    expect(proxy.seen).toHaveLength(sis.asked.length);
    expect(proxy.seen[0]).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/ims\/oneroster\/v1p1\/\w+\?limit=10/);

    vi.stubEnv("no_proxy", "127.0.0.1");
    const { length } = proxy.seen;
    await readRoster(sis.url, { pageSize: 10 });
    expect(proxy.seen).toHaveLength(length);
  });

  it("is asked to tunnel for https, and what it refuses is said", async () => {
    const proxy = await startProxy();
    proxyEnvironment({ https_proxy: proxy.url });
    const failure = await failureOf(readRoster("https://sis.invalid/ims/oneroster/v1p1", { retries: 0 }));
    expect(proxy.seen[0]).toBe("CONNECT sis.invalid:443");
    expect(failure).toMatchObject({
      code: "source.unreachable",
      message: expect.stringContaining("403") as string,
    });
  });

  it("that never answers is given up after the time-out", async () => {
    const silent = createServer();
    silent.on("connect", () => undefined);
    proxyEnvironment({ https_proxy: await listen(silent) });
    const reading = readRoster("https://sis.invalid/ims/oneroster/v1p1", { retries: 0, timeoutSeconds: 0.2 });
    expect(await failureOf(reading)).toMatchObject({ code: "source.timeout" });
  });
});

function proxyEnvironment(set: Record<string, string>): void {
  for (const name of ["http_proxy", "https_proxy", "no_proxy"]) {
    vi.stubEnv(name.toUpperCase(), undefined);
    vi.stubEnv(name, set[name]);
  }
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Forwards plain requests, and refuses to tunnel. */
async function startProxy(): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method ?? ""} ${request.url ?? ""}`);
    const onward = httpRequest(
      request.url ?? "",
      { method: request.method ?? "GET", headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    request.pipe(onward);
  });
  server.on("connect", (request, socket) => {
    seen.push(`CONNECT ${request.url ?? ""}`);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  return { url: await listen(server), seen };
}
