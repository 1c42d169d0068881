import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { openFor } from "./gradebook/opening.ts";
import { type ConfigChanges, failureOf, secretOf, testPorts } from "./reading.ts";
import { type Asked, startTinySis, type Told } from "./tiny-sis.ts";

const body = { status: "active", score: 5 };
const scope = { classId: "c1" };
const ok: Told = { status: 201, body: "" };

/** A SIS in which the first so many writes go wrong. */
function faulty(fault: Told, times = Infinity) {
  let left = times;
  return startTinySis({}, () => (left-- > 0 ? fault : ok));
}

/** Two faults before it works, unless it is given up before. */
const PASSING: [string, Told][] = [
  ["a request that is too slow for the SIS", { status: 408 }],
  ["too many requests", { status: 429, headers: { "retry-after": "3" } }],
  ["an error of the SIS", { status: 500, body: { error: "deadlock" } }],
  ["a gateway's time-out", { status: 504, body: "<html>" }],
  ["a connection that is cut before the answer", { cut: "before" }],
  ["an answer that is cut in its middle", { cut: "midway", body: { lineItem: { sourcedId: "li1" } } }],
  ["a web page in place of an answer", { body: "<html><title>Maintenance</title>" }],
  ["no answer", { silent: true }],
];

describe("a PUT", () => {
  it.for(PASSING)("is repeated after %s", async ([, fault]) => {
    const sis = await faulty(fault, 2);
    const gradebook = openFor(sis, { timeoutSeconds: 0.2 });
    expect(await gradebook.put("result", "r1", body)).toEqual({ kind: "stored", sourcedId: null });
    expect(sis.asked.map(({ method, path }) => `${method} ${path}`)).toEqual(Array(3).fill("PUT results/r1"));
    expect(sis.asked[2]?.body).toBe(sis.asked[0]?.body);
  });

  it("waits as long as the SIS asks", async () => {
    const sis = await faulty({ status: 503, headers: { "retry-after": "120" } }, 1);
    const gradebook = openFor(sis);
    await gradebook.put("result", "r1", body);
    expect(gradebook.ports.waits.reduce((sum, wait) => sum + wait, 0)).toBe(120_000);
  });

  it.for<[string, Told, RegExp]>([
    [
      "503",
      { status: 503, body: { error: "down" } },
      /^PUT \S+\/results\/r1 answered 503 .*in all 3 tries\. The SIS says: down$/,
    ],
    ["no answer", { silent: true }, /results\/r1: no answer within the time-out, in all 3 tries$/],
    [
      "a web page",
      { body: "<title>Sign in</title>" },
      /gave an HTML page instead of an answer \(“Sign in”\), in all 3 tries$/,
    ],
  ])("may have arrived or not when it never had an answer: %s", async ([, fault, words]) => {
    const sis = await faulty(fault);
    const gradebook = openFor(sis, { retries: 2, timeoutSeconds: 0.1 });
    expect(await gradebook.put("result", "r1", body)).toEqual({
      kind: "unknown",
      words: expect.stringMatching(words) as string,
    });
  });

  it("was refused when the SIS only ever said that it has no time", async () => {
    const sis = await faulty({ status: 429, body: "slow down" });
    expect(await openFor(sis, { retries: 1 }).put("result", "r1", body)).toMatchObject({
      kind: "refused",
      status: 429,
      words: "slow down",
      hint: expect.stringContaining("grades.concurrency") as string,
    });
  });
});

describe("a DELETE", () => {
  it("is repeated as a PUT is", async () => {
    const sis = await faulty({ cut: "before" }, 2);
    expect(await openFor(sis).remove("result", "r1")).toMatchObject({ kind: "stored" });
    expect(sis.asked).toHaveLength(3);
  });
});

describe("a creation", () => {
  it.for(PASSING.filter(([, { status }]) => status !== 429))(
    "is never repeated after %s, for it may have arrived",
    async ([, fault]) => {
      const sis = await faulty(fault);
      const sent = await openFor(sis, { timeoutSeconds: 0.2 }).create("lineItem", body, scope);
      expect(sent).toMatchObject({
        kind: "unknown",
        words: expect.stringMatching(/^PUT \S+\/lineItems/) as string,
      });
      expect(sis.asked).toHaveLength(1);
    },
  );

  it.for<[string, Told]>([
    ["429", { status: 429 }],
    ["a 503 that says when to come back", { status: 503, headers: { "retry-after": "5" } }],
  ])("is repeated after %s: it was turned away", async ([, fault]) => {
    const sis = await faulty(fault, 2);
    expect(await openFor(sis).create("lineItem", body, scope)).toMatchObject({ kind: "stored" });
    expect(sis.asked).toHaveLength(3);
  });

  it("is repeated when no connection came about", async () => {
    const server = createServer((_, response) => response.writeHead(201).end());
    const listen = (port: number) =>
      new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    await listen(0);
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    // The SIS comes up while it is waited for.
    const ports = testPorts();
    ports.sleep = () => listen(port);
    const gradebook = openFor({ url: `http://127.0.0.1:${port}/v1p1` }, {}, { ports });
    expect(await gradebook.create("lineItem", body, scope)).toMatchObject({ kind: "stored" });
  });
});

describe("a SIS that is of no use", () => {
  it("is known by five records in a row that were given up, and nothing is sent any more", async () => {
    const sis = await faulty({ status: 503 });
    const gradebook = openFor(sis, { retries: 1 });
    for (let i = 0; i < 4; i++)
      expect(await gradebook.put("result", `r${i}`, body)).toMatchObject({ kind: "unknown" });
    const failure = await failureOf(gradebook.put("result", "r4", body));
    expect(failure).toMatchObject({ code: "source.unavailable", exitCode: 3 });
    expect(failure.message).toMatch(
      /^5 records in a row could not be sent\. The last: PUT \S+\/r4 answered 503/,
    );
    expect(failure.hint).toMatch(/another run goes on from there/);
    const { length } = sis.asked;
    await expect(gradebook.put("result", "r5", body)).rejects.toBe(failure);
    await expect(gradebook.lineItemsOfClass("c1")).rejects.toBe(failure);
    expect(sis.asked).toHaveLength(length);
  });

  it("is not meant by failures with answers between them, be they refusals", async () => {
    const answers: Told[] = [
      { status: 500 },
      { status: 500 },
      { status: 500 },
      { status: 500 },
      { status: 422 },
    ];
    const sis = await startTinySis({}, () => answers[(sis.asked.length - 1) % 5]);
    const gradebook = openFor(sis, { retries: 0 });
    const kinds = [];
    for (let i = 0; i < 20; i++) kinds.push((await gradebook.put("result", `r${i}`, body)).kind);
    expect(kinds.filter((kind) => kind === "refused")).toHaveLength(4);
  });

  it("takes with it what is under way", async () => {
    const sis = await startTinySis({}, ({ path }) =>
      path.endsWith("slow") ? { silent: true } : { status: 401 },
    );
    const gradebook = openFor(sis);
    const slow = failureOf(gradebook.put("result", "slow", body));
    const failure = await failureOf(gradebook.put("result", "r1", body));
    expect(failure).toMatchObject({ code: "source.unauthorized" });
    expect(await slow).toBe(failure);
  });

  it.for<[string, Told, string]>([
    [
      "a redirect",
      { status: 302, headers: { location: "https://other.example.org/login" } },
      "source.refused",
    ],
    ["a wait that is too long", { status: 429, headers: { "retry-after": "7200" } }, "source.rate-limited"],
  ])("is known at once by %s", async ([, fault, code]) => {
    const sis = await faulty(fault);
    expect(await failureOf(openFor(sis).put("result", "r1", body))).toMatchObject({ code });
    expect(sis.asked).toHaveLength(1);
  });

  it("is known by a token that is refused after it was renewed once", async () => {
    const sis = await tokenSis(() => false);
    const auth = oauth2(`${sis.origin}/token`);
    expect(await failureOf(openFor(sis, { auth }).put("result", "r1", body))).toMatchObject({
      code: "source.unauthorized",
    });
    expect(sis.of("/token")).toHaveLength(2);
    expect(sis.of("results/r1")).toHaveLength(2);
  });
});

describe("a token that has run out", () => {
  it.for(["put", "create"] as const)("is renewed, and the record sent again: %s", async (how) => {
    const sis = await tokenSis(({ headers }) => headers.authorization === "Bearer t2");
    const gradebook = openFor(sis, { auth: oauth2(`${sis.origin}/token`) });
    const sent =
      how === "put" ? gradebook.put("result", "r1", body) : gradebook.create("result", body, scope);
    expect(await sent).toMatchObject({ kind: "stored" });
  });
});

describe("a run that is stopped", () => {
  it("leaves a silent SIS at once", async () => {
    const cancel = new AbortController();
    const reason = new Error("SIGTERM");
    const sis = await startTinySis({}, () => {
      setImmediate(() => {
        cancel.abort(reason);
      });
      return { silent: true };
    });
    const gradebook = openFor(sis, {}, { signal: cancel.signal });
    await expect(gradebook.put("result", "r1", body)).rejects.toBe(reason);
  });
});

describe("records in flight", () => {
  it("are as many as grades.concurrency says, and no more", async () => {
    const sis = await startTinySis({}, async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return ok;
    });
    const gradebook = openFor(sis, { concurrency: 1 }, { grades: { concurrency: 4 } });
    await Promise.all(Array.from({ length: 40 }, (_, i) => gradebook.put("result", `r${i}`, body)));
    expect(sis.mostInFlight()).toBe(4);
  });
});

function tokenSis(isGood: (asked: Asked) => boolean) {
  return startTinySis({}, (asked): Told => {
    if (asked.path === "/token") return { body: { access_token: `t${asked.before + 1}`, expires_in: 3600 } };
    return isGood(asked) ? ok : { status: 401, body: { error: "invalid_token" } };
  });
}

function oauth2(tokenUrl: string): NonNullable<ConfigChanges["auth"]> {
  const secret = secretOf("s3cret");
  return { kind: "oauth2", tokenUrl, key: "id", secret, scopes: [], credentialsIn: "basic" };
}
