import { describe, expect, it } from "vitest";
import { failureOf, readRoster, testPorts } from "./reading.ts";
import { type Asked, district, pageOf, records, startTinySis, type Told } from "./tiny-sis.ts";

const collections = district(records("u", 25));
const ALL = collections.users!.map((user) => (user as { sourcedId: string }).sourcedId);

/** The second page of users goes wrong: once, or every time. */
function sisWithFault(fault: (right: Told) => Told, { times = Infinity } = {}) {
  let left = times;
  return startTinySis(collections, (asked) =>
    asked.path === "users" && asked.query.get("offset") === "10" && left-- > 0
      ? fault(pageOf(collections, asked))
      : undefined,
  );
}

const halfOf = ({ body }: Told) => JSON.stringify(body).slice(0, 40);

describe("a fault that passes", () => {
  it.for([
    ["a request that is too slow for the SIS", () => ({ status: 408 })],
    [
      "too many requests",
      () => ({ status: 429, body: "<title>Too many</title>", headers: { "retry-after": "3" } }),
    ],
    ["an error of the SIS", () => ({ status: 500 })],
    ["a gateway's time-out", () => ({ status: 504, body: "<html>" })],
    ["a connection that is cut before the answer", () => ({ cut: "before" as const })],
    [
      "a connection that is cut in the middle of the answer",
      (right: Told) => ({ ...right, cut: "midway" as const }),
    ],
    ["JSON that breaks off", (right: Told) => ({ ...right, body: halfOf(right) })],
    ["an empty body", (right: Told) => ({ ...right, body: "" })],
    ["a web page in place of JSON", () => ({ body: "<html><title>Maintenance</title>" })],
  ] as const)("is overcome: %s", async ([, fault]) => {
    const sis = await sisWithFault(fault, { times: 2 });
    const { sink, ports, warnings } = await readRoster(sis.url, { pageSize: 10 });
    expect(sink.ids("users")).toEqual(ALL);
    expect(warnings).toEqual([]);
    expect(ports.events.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^GET \S+\/users\?limit=10&offset=10&.*; trying again in/),
      expect.stringMatching(/^GET \S+\/users\?limit=10&offset=10&.*; trying again in/),
    ]);
  });

  it("is waited for as long as the SIS asks, in seconds or until a date", async () => {
    const ports = testPorts(Date.parse("2026-11-21T02:00:00Z"));
    const headers = ["20", "Sat, 21 Nov 2026 02:05:00 GMT"];
    const sis = await sisWithFault(
      () => ({ status: 429, headers: { "retry-after": headers.shift() ?? "1" } }),
      { times: 2 },
    );
    const { sink } = await readRoster(sis.url, { pageSize: 10, pageConcurrency: 1 }, { ports });
    expect(sink.ids("users")).toEqual(ALL);
    expect(ports.waits.reduce((sum, wait) => sum + wait, 0)).toBe(300_000);
  });

  it("is asked again at most as often as configured", async () => {
    const sis = await sisWithFault(() => ({ status: 503 }));
    await failureOf(readRoster(sis.url, { pageSize: 10, retries: 2 }));
    expect(sis.of("users").filter(({ query }) => query.get("offset") === "10")).toHaveLength(3);
  });
});

describe("a fault that stays", () => {
  const html = "<!doctype html><html><head><title>Sign in - SIS</title></head></html>";
  it.for<[string, (right: Told) => Told, { code: string; says: RegExp }]>([
    [
      "a refusal",
      () => ({ status: 403, body: { imsx_StatusInfo: { imsx_description: "No access to users" } } }),
      { code: "source.unauthorized", says: /answered 403 Forbidden\. The SIS says: No access to users$/ },
    ],
    [
      "a wrong address",
      () => ({ status: 404 }),
      { code: "source.not-found", says: /answered 404 Not Found/ },
    ],
    [
      "a login page",
      () => ({ body: html }),
      {
        code: "source.not-oneroster",
        says: /gave an HTML page instead of JSON \(“Sign in - SIS”\), in all 3 tries$/,
      },
    ],
    [
      "JSON without the envelope",
      () => ({ body: { data: [] } }),
      { code: "source.not-oneroster", says: /gave no "users" array, only data$/ },
    ],
    [
      "truncated JSON",
      (right) => ({ ...right, body: halfOf(right) }),
      { code: "source.incomplete", says: /gave JSON that breaks off or is damaged, in all 3 tries$/ },
    ],
    [
      "an answer cut in its middle",
      (right) => ({ ...right, cut: "midway" }),
      { code: "source.incomplete", says: /gave an answer that broke off .*, in all 3 tries$/ },
    ],
    [
      "a closed connection",
      () => ({ cut: "before" }),
      {
        code: "source.unreachable",
        says: /127\.0\.0\.1:\d+ cannot be reached: the connection was closed, in all 3 tries$/,
      },
    ],
    [
      "503",
      () => ({ status: 503, body: html }),
      {
        code: "source.unavailable",
        says: /answered 503 Service Unavailable, in all 3 tries\. The SIS says: Sign in - SIS$/,
      },
    ],
    [
      "429",
      () => ({ status: 429, body: "slow down" }),
      {
        code: "source.rate-limited",
        says: /answered 429 Too Many Requests, in all 3 tries\. The SIS says: slow down$/,
      },
    ],
    [
      "too long a wait",
      () => ({ status: 429, headers: { "retry-after": "3600" } }),
      { code: "source.rate-limited", says: /answered 429 Too Many Requests and asks to wait 60 minutes$/ },
    ],
    ["408", () => ({ status: 408 }), { code: "source.timeout", says: /answered 408/ }],
    ["no content", () => ({ status: 204 }), { code: "source.incomplete", says: /gave an empty body/ }],
    [
      "a redirect",
      () => ({ status: 302, headers: { location: "https://other.example.org/login?next=secret" } }),
      {
        code: "source.refused",
        says: /answered 302 Found, a redirect to https:\/\/other\.example\.org\/login$/,
      },
    ],
  ])("ends the night and says where and what to do: %s", async ([, fault, { code, says }]) => {
    const { users, ...rest } = collections;
    // Without orgs of type school there is no school by school to fall back to.
    const sis = await startTinySis({ ...rest, orgs: [], users: users! }, (asked) =>
      asked.path === "users" && asked.query.get("offset") === "10"
        ? fault(pageOf(collections, asked))
        : undefined,
    );
    const failure = await failureOf(readRoster(sis.url, { pageSize: 10, retries: 2 }));
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(
      /^GET \/ims\/oneroster\/v1p1\/users\?limit=10&offset=10&sort=sourcedId&orderBy=asc/,
    );
    expect(failure.message).toMatch(says);
    expect(failure.hint).not.toBe("");
  });

  it("leaves nothing under way, and stops the other collections", async () => {
    const sis = await startTinySis(district(records("u", 200)), ({ path }) =>
      path === "classes" ? { status: 404 } : undefined,
    );
    await failureOf(readRoster(sis.url, { pageSize: 1 }));
    const { length } = sis.asked;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(sis.asked).toHaveLength(length);
    expect(length).toBeLessThan(150);
  });

  it("ends the night when the SIS dies halfway", async () => {
    const sis: Awaited<ReturnType<typeof startTinySis>> = await startTinySis(collections, () =>
      sis.asked.length > 10 ? { cut: "before" } : undefined,
    );
    const failure = await failureOf(readRoster(sis.url, { pageSize: 2 }));
    expect(failure).toMatchObject({ code: "source.unreachable" });
    expect(failure.message).toMatch(/cannot be reached: the connection was closed, in all 6 tries$/);
  });

  it("names the host when nobody listens there", async () => {
    const failure = await failureOf(readRoster("http://127.0.0.1:9/ims/oneroster/v1p1", { retries: 1 }));
    expect(failure).toMatchObject({ code: "source.unreachable" });
    expect(failure.message).toMatch(/127\.0\.0\.1:9 cannot be reached: connection refused, in all 2 tries$/);
  });

  it("says that the clocks differ when the signature is refused and they do", async () => {
    const sis = await startTinySis(collections, () => ({
      status: 401,
      headers: { date: new Date(Date.now() + 20 * 60_000).toUTCString() },
      body: { error: "timestamp_refused" },
    }));
    const failure = await failureOf(readRoster(sis.url));
    expect(failure.message).toContain("The SIS says: timestamp_refused");
    expect(failure.hint).toMatch(/clock and the SIS's are 20 minutes apart/);
  });

  it("shows no secret, also where the SIS repeats it", async () => {
    const sis = await startTinySis(collections, () => ({ status: 401, body: { error: "bad token t0ken" } }));
    const ports = { ...testPorts(), scrub: (text: string) => text.replaceAll("t0ken", "***") };
    const failure = await failureOf(readRoster(sis.url, {}, { ports }));
    expect(`${failure.message} ${failure.hint}`).not.toContain("t0ken");
    expect(failure.message).toContain("bad token ***");
  });
});

describe("a SIS that falls silent", () => {
  const silentOnPage = ({ path, query }: Asked) => path === "users" && query.get("offset") === "10";

  it("is given up after the time-out", async () => {
    const sis = await startTinySis(collections, (asked) =>
      silentOnPage(asked) ? { silent: true } : undefined,
    );
    const failure = await failureOf(readRoster(sis.url, { pageSize: 10, timeoutSeconds: 0.2, retries: 1 }));
    expect(failure).toMatchObject({
      code: "source.timeout",
      message: expect.stringMatching(/no answer within the time-out, in all 2 tries$/) as string,
    });
  });

  it("is left at once when the night is cancelled", async () => {
    const cancel = new AbortController();
    const reason = new Error("SIGTERM");
    const sis = await startTinySis(collections, (asked) => {
      if (!silentOnPage(asked)) return undefined;
      setImmediate(() => {
        cancel.abort(reason);
      });
      return { silent: true };
    });
    const reading = readRoster(sis.url, { pageSize: 10 }, { signal: cancel.signal });
    await expect(reading).rejects.toBe(reason);
  });

  it("is left at once when the night is cancelled during a long wait", async () => {
    const cancel = new AbortController();
    const reason = new Error("SIGTERM");
    const ports = testPorts();
    ports.sleep = (_, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          reject(signal.reason as Error);
        });
        setImmediate(() => {
          cancel.abort(reason);
        });
      });
    const sis = await startTinySis(collections, () => ({ status: 429, headers: { "retry-after": "600" } }));
    await expect(readRoster(sis.url, {}, { signal: cancel.signal, ports })).rejects.toBe(reason);
  });

  it("is not even asked when the night is already cancelled", async () => {
    const sis = await startTinySis(collections);
    const reason = new Error("SIGTERM");
    await expect(readRoster(sis.url, {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(sis.asked).toEqual([]);
  });
});
