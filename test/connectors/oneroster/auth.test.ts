import { describe, expect, it } from "vitest";
import { makeDistrict } from "../../../jobs/demo/district.ts";
import { type SandboxAuth, startSandboxSis } from "../../../jobs/demo/sis.ts";
import { type ConfigChanges, failureOf, readRoster, secretOf, testPorts } from "./reading.ts";
import { type Asked, district, records, startTinySis, type Told } from "./tiny-sis.ts";

const collections = district(records("u", 25));
const small = makeDistrict({ seed: 3, students: 20, schools: 1 });

type OAuth2 = Extract<NonNullable<ConfigChanges["auth"]>, { kind: "oauth2" }>;
function oauth2(tokenUrl: string, changes: Partial<OAuth2> = {}): OAuth2 {
  return {
    kind: "oauth2",
    tokenUrl,
    key: "id",
    secret: secretOf("s3cret"),
    scopes: [],
    credentialsIn: "basic",
    ...changes,
  };
}

/** A SIS whose tokens are t1, t2, … and are all good, unless `isGood` says otherwise. */
async function sisWithTokens({
  expiresIn = 3600,
  isGood = () => true,
}: { expiresIn?: unknown; isGood?: (token: string, asked: Asked) => boolean } = {}) {
  const sis = await startTinySis(collections, (asked): Told | undefined => {
    if (asked.path === "/token") {
      return { body: { access_token: `t${asked.before + 1}`, token_type: "bearer", expires_in: expiresIn } };
    }
    const token = asked.headers.authorization?.replace("Bearer ", "") ?? "";
    return isGood(token, asked) ? undefined : { status: 401, body: { error: "invalid_token" } };
  });
  return { ...sis, tokenUrl: `${sis.origin}/token` };
}

describe("the sandbox, which verifies strictly,", () => {
  const secret = "s&cret/+ =é'()*!~";
  it.for<[string, SandboxAuth, Partial<OAuth2>]>([
    ["OAuth 1.0a with HMAC-SHA256", { kind: "oauth1", key: "k&y", secret, signature: "HMAC-SHA256" }, {}],
    ["OAuth 1.0a with HMAC-SHA1", { kind: "oauth1", key: "k&y", secret, signature: "HMAC-SHA1" }, {}],
    [
      "OAuth 2, credentials in Basic",
      { kind: "oauth2", key: "id", secret: "s3cret", credentialsIn: "basic" },
      {},
    ],
    [
      "OAuth 2, credentials in the body",
      { kind: "oauth2", key: "id", secret, credentialsIn: "body" },
      { credentialsIn: "body" },
    ],
    ["a fixed token", { kind: "bearer", token: "t0ken" }, {}],
  ])("lets us in with %s, filters and all", async ([, auth, changes]) => {
    const sis = await startSandboxSis({ district: small, auth });
    try {
      const proof: ConfigChanges["auth"] =
        auth.kind === "oauth1"
          ? { kind: "oauth1", key: auth.key, secret: secretOf(auth.secret), signature: auth.signature }
          : auth.kind === "oauth2"
            ? oauth2(sis.tokenUrl, { secret: secretOf(auth.secret), ...changes })
            : { kind: "bearer", token: secretOf(auth.token) };
      const filters = { users: "status='active' AND familyName!='(O''Neil)!*~'" };
      const { sink } = await readRoster(sis.url, { auth: proof, filters, pageSize: 7 });
      expect(sink.idsOf("enrollments")).toHaveLength(small.enrollments.length);
      expect(sis.requests.some(({ status }) => status >= 400)).toBe(false);
    } finally {
      await sis.stop();
    }
  });

  it("keeps us out with a wrong secret, and we say so", async () => {
    const auth: SandboxAuth = { kind: "oauth1", key: "key", secret, signature: "HMAC-SHA256" };
    const sis = await startSandboxSis({ district: small, auth });
    try {
      const wrong = {
        kind: "oauth1",
        key: "key",
        secret: secretOf("wr0ng"),
        signature: "HMAC-SHA256",
      } as const;
      const failure = await failureOf(readRoster(sis.url, { auth: wrong }));
      expect(failure).toMatchObject({
        code: "source.unauthorized",
        message: expect.stringContaining("The SIS says:") as string,
      });
      expect(`${failure.message} ${failure.hint}`).not.toContain("wr0ng");
    } finally {
      await sis.stop();
    }
  });

  it("sees every attempt signed afresh", async () => {
    const auth: SandboxAuth = { kind: "oauth1", key: "key", secret, signature: "HMAC-SHA256" };
    const sis = await startSandboxSis({ district: small, auth });
    try {
      sis.failNext({ path: "/users", times: 3, answer: { status: 503 } });
      const proof = {
        kind: "oauth1",
        key: "key",
        secret: secretOf(secret),
        signature: "HMAC-SHA256",
      } as const;
      const { sink } = await readRoster(sis.url, { auth: proof });
      expect(sink.idsOf("users")).toHaveLength(small.users.length);
    } finally {
      await sis.stop();
    }
  });
});

describe("an OAuth 2 token", () => {
  it("is asked for once by all requests together, in Basic, and sent as Bearer", async () => {
    const sis = await sisWithTokens();
    await readRoster(sis.url, { auth: oauth2(sis.tokenUrl), pageSize: 5 });
    expect(sis.of("/token")).toHaveLength(1);
    const [asked] = sis.of("/token");
    expect(asked).toMatchObject({ method: "POST", body: "grant_type=client_credentials" });
    expect(asked?.headers.authorization).toBe(`Basic ${Buffer.from("id:s3cret").toString("base64")}`);
    expect(sis.of("users").every(({ headers }) => headers.authorization === "Bearer t1")).toBe(true);
  });

  it("is asked for with scopes, and credentials in the body when that is wanted", async () => {
    const sis = await sisWithTokens();
    const scopes = ["https://purl.imsglobal.org/spec/or/v1p1/scope/roster.readonly", "x"];
    await readRoster(sis.url, { auth: oauth2(sis.tokenUrl, { scopes, credentialsIn: "body" }) });
    const [asked] = sis.of("/token");
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toEqual({
      grant_type: "client_credentials",
      scope: scopes.join(" "),
      client_id: "id",
      client_secret: "s3cret",
    });
    expect(asked?.headers.authorization).toBeUndefined();
  });

  it("is renewed a minute before it expires", async () => {
    const sis = await sisWithTokens({ expiresIn: "100" });
    const ports = testPorts();
    // Ten seconds a request: the clock runs while the rate cap makes us wait.
    await readRoster(
      sis.url,
      { auth: oauth2(sis.tokenUrl), pageSize: 5, concurrency: 1, requestsPerSecond: 0.1 },
      { ports },
    );
    const tokens = sis.asked
      .filter(({ path }) => path !== "/token")
      .map(({ headers }) => headers.authorization ?? "");
    const uses = Map.groupBy(tokens, (token) => token);
    expect(uses.size).toBeGreaterThan(1);
    for (const used of uses.values()) expect(used.length).toBeLessThanOrEqual(4);
  });

  it.for([undefined, null, "soon"])(
    "without a usable expires_in (%j) is used until it is refused",
    async (expiresIn) => {
      const sis = await sisWithTokens({ expiresIn });
      await readRoster(sis.url, { auth: oauth2(sis.tokenUrl), requestsPerSecond: 0.001 });
      expect(sis.of("/token")).toHaveLength(1);
    },
  );

  it("that was withdrawn is renewed once, by all requests together", async () => {
    const sis = await sisWithTokens({ isGood: (token, { path }) => token !== "t1" || path === "orgs" });
    const { sink } = await readRoster(sis.url, { auth: oauth2(sis.tokenUrl), pageSize: 5 });
    expect(sink.ids("users")).toHaveLength(25);
    expect(sis.of("/token")).toHaveLength(2);
  });

  it("that a new one does not help is not renewed for ever", async () => {
    const sis = await sisWithTokens({ isGood: () => false });
    const failure = await failureOf(readRoster(sis.url, { auth: oauth2(sis.tokenUrl), concurrency: 1 }));
    expect(failure).toMatchObject({
      code: "source.unauthorized",
      message: expect.stringContaining("The SIS says: invalid_token") as string,
    });
    // Each of the six collections may find out for itself.
    expect(sis.of("/token").length).toBeLessThanOrEqual(7);
  });

  it("is asked for again when the token service is in trouble", async () => {
    const sis = await startTinySis(collections, ({ path, before }) =>
      path === "/token" ? (before < 2 ? { status: 503 } : { body: { access_token: "t" } }) : undefined,
    );
    const { sink } = await readRoster(sis.url, { auth: oauth2(`${sis.origin}/token`) });
    expect(sink.ids("users")).toHaveLength(25);
  });

  it.for([307, 308])(
    "is asked for where a %i leads, on the same host, with method and body",
    async (status) => {
      const sis = await startTinySis(collections, ({ path }) => {
        if (path === "/token") return { status, headers: { location: "/v2/token" } };
        return path === "/v2/token" ? { body: { access_token: "t" } } : undefined;
      });
      await readRoster(sis.url, { auth: oauth2(`${sis.origin}/token`) });
      expect(sis.of("/v2/token")[0]).toMatchObject({ method: "POST", body: "grant_type=client_credentials" });
    },
  );

  it.for<[string, Told, { code: string; says: RegExp }]>([
    [
      "another host",
      { status: 307, headers: { location: "https://evil.example.org/token" } },
      { code: "source.token", says: /redirects to https:\/\/evil\.example\.org, which is not followed/ },
    ],
    [
      "itself, for ever",
      { status: 307, headers: { location: "/token" } },
      { code: "source.token", says: /redirects to http:\/\/127\.0\.0\.1/ },
    ],
  ])("is not asked for where a redirect leads to %s", async ([, told, { code, says }]) => {
    const sis = await startTinySis(collections, ({ path }) => (path === "/token" ? told : undefined));
    const failure = await failureOf(readRoster(sis.url, { auth: oauth2(`${sis.origin}/token`) }));
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(says);
  });

  it.for<[string, Told, { code: string; says: string }]>([
    [
      "a web page",
      { body: "<html><title>Welcome</title></html>" },
      { code: "source.token", says: "POST /token (the token URL) answered 200, but without an access_token" },
    ],
    [
      "JSON without a token",
      { body: { token: "s3cret-token" } },
      { code: "source.token", says: "answered 200, but without an access_token" },
    ],
    [
      "a wrong secret",
      { status: 401, body: { error: "invalid_client", error_description: "Unknown client" } },
      { code: "source.unauthorized", says: "answered 401. The SIS says: Unknown client: invalid_client" },
    ],
    [
      "a wrong scope",
      { status: 400, body: { error: "invalid_scope" } },
      { code: "source.unauthorized", says: "answered 400. The SIS says: invalid_scope" },
    ],
    [
      "a wrong address",
      { status: 404, body: "<title>Not here</title>" },
      { code: "source.token", says: "answered 404. The SIS says: Not here" },
    ],
    [
      "a service that is down",
      { status: 503 },
      { code: "source.token", says: "POST /token answered 503 Service Unavailable, in all 2 tries" },
    ],
  ])("that cannot be had ends the night, clearly: %s", async ([, told, { code, says }]) => {
    const sis = await startTinySis(collections, ({ path }) => (path === "/token" ? told : undefined));
    const failure = await failureOf(readRoster(sis.url, { auth: oauth2(`${sis.origin}/token`), retries: 1 }));
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(says);
    expect(failure.hint).toContain("source.auth");
    expect(`${failure.message} ${failure.hint}`).not.toContain("s3cret");
  });

  it("is not given with the extra headers of the SIS to another host", async () => {
    const tokens = await startTinySis({}, () => ({ body: { access_token: "t" } }));
    const sis = await startTinySis(collections);
    await readRoster(sis.url, {
      auth: oauth2(`${tokens.origin}/token`),
      headers: { apikey: secretOf("hush") },
    });
    expect(tokens.asked[0]?.headers.apikey).toBeUndefined();
    expect(sis.asked[0]?.headers.apikey).toBe("hush");
  });
});
