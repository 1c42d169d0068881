/** OAuth 2 client credentials: RFC 6749, section 4.4, and bearer tokens: RFC 6750. */
import { randomBytes } from "node:crypto";
import { type Answer, jsonAnswer } from "./answers.ts";
import type { SandboxAuth } from "./options.ts";

type OAuth2 = Extract<SandboxAuth, { kind: "oauth2" }>;

export interface TokenRules {
  /** A token is refused after this many uses, however long it was to live. */
  maxUses: number;
  needsCookie: boolean;
}

interface Token {
  expires: number;
  uses: number;
  scopes: string[];
}

export interface TokenDesk {
  /** Answers a POST to the token endpoint. A new token leaves the older ones alone. */
  issue(authorization: string | undefined, contentType: string | undefined, body: string): Answer;
  /** Why a token does not count, undefined when it does. */
  whyRefused(token: string, cookies: string | undefined): string | undefined;
  scopesOf(token: string): string[];
}

export function openTokenDesk(auth: OAuth2, rules: TokenRules, now: () => number = Date.now): TokenDesk {
  const tokens = new Map<string, Token>();
  const sessions = new Set<string>();

  function issue(authorization: string | undefined, contentType: string | undefined, body: string): Answer {
    if (contentType?.split(";")[0]?.trim().toLowerCase() !== "application/x-www-form-urlencoded") {
      return denial(400, "invalid_request", "The body must be application/x-www-form-urlencoded.");
    }
    const form = new URLSearchParams(body);
    if (!knows(auth, authorization, form)) {
      return denial(401, "invalid_client", `Client authentication failed (expected: ${auth.credentialsIn}).`);
    }
    if (form.get("grant_type") !== "client_credentials") {
      return denial(400, "unsupported_grant_type", "Only client_credentials.");
    }
    const scopes = (form.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
    const allowed = auth.scopes;
    if (allowed !== undefined && (scopes.length === 0 || scopes.some((scope) => !allowed.includes(scope)))) {
      return denial(400, "invalid_scope", "Ask for one or more of the scopes that this client was given.");
    }

    const token = randomBytes(24).toString("base64url");
    const lifetime = auth.expiresIn ?? 3600;
    tokens.set(token, { expires: now() + lifetime * 1000, uses: 0, scopes });
    const content = {
      access_token: token,
      token_type: "bearer",
      expires_in: lifetime,
      scope: scopes.join(" "),
    };
    return jsonAnswer(200, content, {
      "cache-control": "no-store",
      ...(rules.needsCookie ? newSession() : {}),
    });
  }

  function newSession(): Answer["headers"] {
    const session = randomBytes(12).toString("hex");
    sessions.add(session);
    return {
      "set-cookie": [`ARRAffinity=${session};Path=/;HttpOnly`, `ASP.NET_SessionId=${session}; path=/`],
    };
  }

  function whyRefused(token: string, cookies: string | undefined): string | undefined {
    const known = tokens.get(token);
    if (known === undefined) return "the token is unknown";
    if (now() >= known.expires) return "the token has expired";
    if (++known.uses > rules.maxUses) return "the token was withdrawn";
    const given = [...(cookies ?? "").matchAll(/(?:^|;\s*)(?:ARRAffinity|ASP\.NET_SessionId)=([^;]*)/g)];
    const cookiesFit = given.length === 2 && given.every(([, session = ""]) => sessions.has(session));
    return rules.needsCookie && !cookiesFit ? "the session cookies of the token are missing" : undefined;
  }

  return { issue, whyRefused, scopesOf: (token) => tokens.get(token)?.scopes ?? [] };
}

/** RFC 6749, section 2.3.1. Credentials in the other place are refused, as strict servers do. */
function knows(auth: OAuth2, authorization: string | undefined, form: URLSearchParams): boolean {
  if (auth.credentialsIn === "body") {
    return (
      authorization === undefined &&
      form.get("client_id") === auth.key &&
      form.get("client_secret") === auth.secret
    );
  }
  if (form.has("client_secret")) return false;
  const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return false;
  const plain = Buffer.from(encoded, "base64").toString("utf8");
  return (
    plain === `${auth.key}:${auth.secret}` || plain === `${formEncoded(auth.key)}:${formEncoded(auth.secret)}`
  );
}

function formEncoded(text: string): string {
  return new URLSearchParams({ text }).toString().slice("text=".length);
}

function denial(status: number, error: string, description: string): Answer {
  return jsonAnswer(status, { error, error_description: description }, { "cache-control": "no-store" });
}
