/** OAuth 2 client credentials (RFC 6749 §4.4), as providers really answer them. */
import { Failure } from "../../config/failure.ts";
import type { Authorizer } from "./authorizer.ts";
import { errorWords, type Scrub } from "./error-words.ts";
import type { Answer } from "./http.ts";

export interface OAuth2Client {
  tokenUrl: string;
  key: string;
  secret: string;
  scopes: string[];
  credentialsIn: "basic" | "body";
  /** Takes secrets out of the token service's own words. */
  scrub: Scrub;
}

/** Posts a form with the usual retries; gives any answer that retrying would not change. */
export type SendForm = (url: URL, headers: Record<string, string>, form: string) => Promise<Answer>;

interface Token {
  value: string;
  /** Milliseconds since 1970. */
  renewAt: number;
}

const RENEW_BEFORE_MS = 60_000;
const MOST_REDIRECTS = 5;

/** Tokens are renewed a minute before they expire and after a 401; requests at the same time share one. */
export function createTokenAuthorizer(
  client: OAuth2Client,
  now: () => number,
  sendForm: SendForm,
): Authorizer {
  let token: Token | undefined;
  let asking: Promise<Token> | undefined;

  async function currentToken(): Promise<Token> {
    if (token !== undefined && now() < token.renewAt) return token;
    asking ??= requestToken(client, now, sendForm).finally(() => {
      asking = undefined;
    });
    token = await asking;
    return token;
  }

  // Answers say "bearer", but some providers refuse it written small (their own 401).
  const headerOf = ({ value }: Token) => `Bearer ${value}`;
  return {
    async headers() {
      return { authorization: headerOf(await currentToken()) };
    },
    renew(refused) {
      if (token !== undefined && refused.authorization === headerOf(token)) token = undefined;
    },
  };
}

/** @throws Failure source.unauthorized or source.token */
async function requestToken(client: OAuth2Client, now: () => number, sendForm: SendForm): Promise<Token> {
  const { key, secret, scopes, credentialsIn } = client;
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  if (scopes.length > 0) form.set("scope", scopes.join(" "));
  const headers: Record<string, string> = { "content-type": "application/x-www-form-urlencoded" };
  if (credentialsIn === "basic") {
    headers.authorization = `Basic ${Buffer.from(`${key}:${secret}`).toString("base64")}`;
  } else {
    form.set("client_id", key);
    form.set("client_secret", secret);
  }

  const asked = now();
  const answer = await postForm(new URL(client.tokenUrl), headers, form.toString(), sendForm);
  const { access_token: value, expires_in: expiresIn } = jsonOf(answer.body);
  if (answer.status >= 300 || typeof value !== "string" || value === "") throw refusedToken(client, answer);
  const lifetime = expiresIn == null ? Number.NaN : Number(expiresIn) * 1000;
  const renewAt = asked + lifetime - Math.min(RENEW_BEFORE_MS, lifetime / 2);
  return { value, renewAt: Number.isNaN(renewAt) ? Number.POSITIVE_INFINITY : renewAt };
}

/** Follows 307 and 308, which keep method and body, but never takes the credentials to another host. */
async function postForm(
  url: URL,
  headers: Record<string, string>,
  form: string,
  sendForm: SendForm,
): Promise<Answer> {
  let at = url;
  for (let redirects = 0; ; redirects++) {
    const answer = await sendForm(at, headers, form);
    const location = answer.header("location");
    if ((answer.status !== 307 && answer.status !== 308) || location === undefined) return answer;
    const to = URL.parse(location, at.href);
    const isSafe =
      to !== null && to.hostname === url.hostname && (to.protocol === "https:" || at.protocol === "http:");
    if (!isSafe || redirects === MOST_REDIRECTS) {
      throw new Failure(
        "source.token",
        `The token URL redirects to ${to?.origin ?? "nowhere"}, which is not followed`,
        {
          hint: "Put the address that really gives tokens under source.auth.tokenUrl.",
        },
      );
    }
    at = to;
  }
}

function jsonOf(body: ArrayBuffer): { access_token?: unknown; expires_in?: unknown } {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof json === "object" && json !== null ? json : {};
  } catch {
    return {};
  }
}

function refusedToken(client: OAuth2Client, { status, body }: Answer): Failure {
  const what = `POST ${new URL(client.tokenUrl).pathname} (the token URL) answered ${status}`;
  // A good answer without a token might hold one under another name: its words stay out of the message.
  if (status < 300) {
    return new Failure("source.token", `${what}, but without an access_token`, {
      hint: "Check source.auth.tokenUrl: what answers there does not give OAuth 2 tokens.",
    });
  }
  const words = errorWords(body, client.scrub);
  const message = `${what}${words === undefined ? "" : `. The SIS says: ${words}`}`;
  if (status === 400 || status === 401 || status === 403) {
    return new Failure("source.unauthorized", message, {
      hint: "Check key, secret, scopes and credentialsIn under source.auth, and whether the key has expired.",
    });
  }
  return new Failure("source.token", message, { hint: "Check source.auth.tokenUrl." });
}
