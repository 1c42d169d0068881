import { createHmac, randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { SandboxAuth } from "../../../jobs/demo/sis.ts";
import { signatureBase, signatureOf } from "../../../jobs/demo/sis/oauth1.ts";
import { ask, TOKEN, withSis } from "./ask.ts";

const oauth1 = { kind: "oauth1", key: "key one", secret: "s&cret", signature: "HMAC-SHA256" } as const;

interface Signing {
  timestamp?: number;
  nonce?: string;
  key?: string;
  secret?: string;
  method?: "HMAC-SHA256" | "HMAC-SHA1";
  version?: string;
}

/** Signs by hand, with nothing of the project: `encoded` are the already encoded pairs of the query. */
function sign(url: string, encoded: [string, string][], signing: Signing = {}): string {
  const method = signing.method ?? "HMAC-SHA256";
  const fields: [string, string][] = [
    ["oauth_consumer_key", encodeURIComponent(signing.key ?? oauth1.key)],
    ["oauth_nonce", signing.nonce ?? randomUUID()],
    ["oauth_signature_method", method],
    ["oauth_timestamp", String(signing.timestamp ?? Math.floor(Date.now() / 1000))],
    ...(signing.version === undefined ? [] : ([["oauth_version", signing.version]] as [string, string][])),
  ];
  const parameters = [...fields, ...encoded]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map((pair) => pair.join("="));
  const base = `GET&${encodeURIComponent(url)}&${encodeURIComponent(parameters.join("&"))}`;
  const hmac = createHmac(method === "HMAC-SHA1" ? "sha1" : "sha256", `${signing.secret ?? "s%26cret"}&`);
  const signature = encodeURIComponent(hmac.update(base).digest("base64"));
  return `OAuth ${[...fields, ["oauth_signature", signature]].map(([name, value]) => `${name}="${value}"`).join(",")}`;
}

describe("OAuth 1.0a at the sandbox", () => {
  it("computes the signature of RFC 5849's own example", () => {
    const base = signatureBase("GET", "photos.example.net", "/photos", [
      ["file", "vacation.jpg"],
      ["size", "original"],
      ["oauth_consumer_key", "dpf43f3p2l4k3l03"],
      ["oauth_token", "nnch734d00sl2jdk"],
      ["oauth_signature_method", "HMAC-SHA1"],
      ["oauth_timestamp", "137131202"],
      ["oauth_nonce", "chapoH"],
    ]);
    expect(signatureOf(base, "HMAC-SHA1", "kd94hf93k423kf44", "pfkkdhi9sl3r4s00")).toBe(
      "MdpQcU8iPSUjWoN/UDMsK2sui9I=",
    );
  });

  it("lets in what was signed by hand, over every query parameter", async () => {
    await withSis({ auth: oauth1 }, async (sis) => {
      const filter = "role%3D%27student%27%20AND%20status%3D%27active%27";
      const authorization = sign(`${sis.url}/users`, [
        ["filter", filter],
        ["limit", "3"],
      ]);
      const reply = await ask(`${sis.url}/users?limit=3&filter=${filter}`, { authorization });
      expect(reply.status).toBe(200);
      expect(reply.records()).toHaveLength(3);
    });
  });

  it("refuses a signature that leaves a query parameter out", async () => {
    await withSis({ auth: oauth1 }, async (sis) => {
      const reply = await ask(`${sis.url}/users?limit=3`, { authorization: sign(`${sis.url}/users`, []) });
      expect(reply.status).toBe(401);
      expect(reply.text).toContain("invalid_signature");
      expect(reply.json()).toHaveProperty("imsx_StatusInfo.imsx_codeMajor", "failure");
    });
  });

  it("takes a nonce once", async () => {
    await withSis({ auth: oauth1 }, async (sis) => {
      const authorization = sign(`${sis.url}/orgs`, [], { version: "1.0" });
      expect((await ask(`${sis.url}/orgs`, { authorization })).status).toBe(200);
      const again = await ask(`${sis.url}/orgs`, { authorization });
      expect(again.status).toBe(401);
      expect(again.text).toContain("nonce_used");
    });
  });

  it.each([
    ["nine minutes old", -9 * 60, 200],
    ["eleven minutes old", -11 * 60, 401],
    ["four minutes ahead", 4 * 60, 200],
    ["six minutes ahead", 6 * 60, 401],
  ])("allows for clocks: a timestamp %s gets its answer", async (_, skew, status) => {
    await withSis({ auth: oauth1 }, async (sis) => {
      const timestamp = Math.floor(Date.now() / 1000) + skew;
      const reply = await ask(`${sis.url}/orgs`, {
        authorization: sign(`${sis.url}/orgs`, [], { timestamp }),
      });
      expect(reply.status).toBe(status);
    });
  });

  it.each<[string, Signing, string]>([
    ["another method", { method: "HMAC-SHA1" }, "signature_method_rejected"],
    ["another key", { key: "someone" }, "consumer_key_unknown"],
    ["another secret", { secret: "guess" }, "invalid_signature"],
    ["another version", { version: "2.0" }, "version_rejected"],
    ["no nonce", { nonce: "" }, "parameter_absent: oauth_nonce"],
  ])("refuses %s and says so", async (_, signing, words) => {
    await withSis({ auth: oauth1 }, async (sis) => {
      const reply = await ask(`${sis.url}/orgs`, { authorization: sign(`${sis.url}/orgs`, [], signing) });
      expect(reply.status).toBe(401);
      expect(reply.text).toContain(words);
    });
  });

  it("refuses a request without any header, and takes HMAC-SHA1 where that is the method", async () => {
    await withSis({ auth: { ...oauth1, signature: "HMAC-SHA1" } }, async (sis) => {
      expect((await ask(`${sis.url}/orgs`)).status).toBe(401);
      const authorization = sign(`${sis.url}/orgs`, [], { method: "HMAC-SHA1" });
      expect((await ask(`${sis.url}/orgs`, { authorization })).status).toBe(200);
    });
  });
});

const oauth2 = { kind: "oauth2", key: "id", secret: "pa:ss", credentialsIn: "basic" } as const;
const basic = `Basic ${Buffer.from("id:pa:ss").toString("base64")}`;
const form = { "content-type": "application/x-www-form-urlencoded" };
const grant = "grant_type=client_credentials";
const CORE = "https://purl.imsglobal.org/spec/or/v1p1/scope/roster-core.readonly";
const ROSTER = "https://purl.imsglobal.org/spec/or/v1p1/scope/roster.readonly";

async function token(tokenUrl: string, body = grant, authorization = basic): Promise<string> {
  const reply = await ask(tokenUrl, { ...form, authorization }, body);
  expect(reply.status).toBe(200);
  return (reply.json() as { access_token: string }).access_token;
}

describe("OAuth 2 at the sandbox", () => {
  it("gives a token for Basic credentials and lets it in until it expires", async () => {
    await withSis({ auth: { ...oauth2, expiresIn: 0.05 } }, async (sis) => {
      const reply = await ask(sis.tokenUrl, { ...form, authorization: basic }, grant);
      expect(reply.json()).toMatchObject({ token_type: "bearer", expires_in: 0.05 });
      const authorization = `Bearer ${(reply.json() as { access_token: string }).access_token}`;
      expect((await ask(`${sis.url}/orgs`, { authorization })).status).toBe(200);
      await expect
        .poll(async () => (await ask(`${sis.url}/orgs`, { authorization })).status, {
          timeout: 2000,
          interval: 20,
        })
        .toBe(401);
    });
  });

  it("keeps older tokens alive when a new one is given", async () => {
    await withSis({ auth: oauth2 }, async (sis) => {
      const first = await token(sis.tokenUrl);
      await token(sis.tokenUrl);
      expect((await ask(`${sis.url}/orgs`, { authorization: `Bearer ${first}` })).status).toBe(200);
      expect(sis.tokenRequests).toBe(2);
    });
  });

  it("takes nothing but a capital Bearer", async () => {
    await withSis({ auth: oauth2 }, async (sis) => {
      const given = await token(sis.tokenUrl);
      expect((await ask(`${sis.url}/orgs`, { authorization: `bearer ${given}` })).status).toBe(401);
    });
  });

  it.each<[string, SandboxAuth, Record<string, string>, string, number, string]>([
    ["a wrong secret", oauth2, { ...form, authorization: "Basic aWQ6bm8=" }, grant, 401, "invalid_client"],
    [
      "credentials in the wrong place",
      oauth2,
      form,
      `${grant}&client_id=id&client_secret=pa:ss`,
      401,
      "invalid_client",
    ],
    [
      "another grant",
      oauth2,
      { ...form, authorization: basic },
      "grant_type=password",
      400,
      "unsupported_grant_type",
    ],
    [
      "JSON",
      oauth2,
      { "content-type": "application/json", authorization: basic },
      "{}",
      400,
      "invalid_request",
    ],
    [
      "no scope where one is wanted",
      { ...oauth2, scopes: [CORE] },
      { ...form, authorization: basic },
      grant,
      400,
      "invalid_scope",
    ],
    [
      "a scope too many",
      { ...oauth2, scopes: [CORE] },
      { ...form, authorization: basic },
      `${grant}&scope=${CORE}%20${ROSTER}`,
      400,
      "invalid_scope",
    ],
  ])("refuses a token for %s", async (_, auth, headers, body, status, error) => {
    await withSis({ auth }, async (sis) => {
      const reply = await ask(sis.tokenUrl, headers, body);
      expect(reply.status).toBe(status);
      expect(reply.json()).toHaveProperty("error", error);
    });
  });

  it("takes credentials in the body where they belong there", async () => {
    await withSis({ auth: { ...oauth2, credentialsIn: "body" } }, async (sis) => {
      const inBody = await ask(sis.tokenUrl, form, `${grant}&client_id=id&client_secret=pa%3Ass`);
      expect(inBody.status).toBe(200);
      expect((await ask(sis.tokenUrl, { ...form, authorization: basic }, grant)).status).toBe(401);
    });
  });

  it("opens with each scope what OneRoster says, and nothing more", async () => {
    await withSis({ auth: { ...oauth2, scopes: [CORE, ROSTER] } }, async (sis) => {
      const core = { authorization: `Bearer ${await token(sis.tokenUrl, `${grant}&scope=${CORE}`)}` };
      const all = { authorization: `Bearer ${await token(sis.tokenUrl, `${grant}&scope=${ROSTER}`)}` };
      expect((await ask(`${sis.url}/users`, core)).status).toBe(200);
      expect((await ask(`${sis.url}/schools/101/classes`, core)).status).toBe(403);
      expect((await ask(`${sis.url}/schools/101/classes`, all)).status).toBe(200);
      expect((await ask(`${sis.url}/demographics`, all)).status).toBe(403);
    });
  });
});

describe("a static bearer token at the sandbox", () => {
  it("lets in the token and nothing else", async () => {
    await withSis({}, async (sis) => {
      expect((await ask(`${sis.url}/orgs`, { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
      expect((await ask(`${sis.url}/orgs`, { authorization: "Bearer other" })).status).toBe(401);
      expect((await ask(`${sis.url}/orgs`)).status).toBe(401);
      expect((await ask(sis.tokenUrl, form, grant)).status).toBe(404);
    });
  });
});
