/**
 * Verifies OAuth 1.0a signatures by RFC 5849, section 3, and nothing but it: on purpose without a line in
 * common with the client that signs, so that each proves the other.
 */
import { createHmac } from "node:crypto";

const PAST_SECONDS = 10 * 60;
const FUTURE_SECONDS = 5 * 60;
const REQUIRED = [
  "oauth_consumer_key",
  "oauth_nonce",
  "oauth_signature",
  "oauth_signature_method",
  "oauth_timestamp",
] as const;

export interface SignedRequest {
  method: string;
  /** As the client addressed it: the Host header. */
  host: string;
  /** As on the request line, percent-encoded. */
  path: string;
  query: URLSearchParams;
  authorization: string | undefined;
}

export interface OAuth1Account {
  key: string;
  secret: string;
  signature: "HMAC-SHA256" | "HMAC-SHA1";
}

/** Gives a verifier that remembers nonces; it answers why a request is refused, undefined when it is right. */
export function oauth1Verifier(account: OAuth1Account, now: () => number = Date.now) {
  const seen = new Set<string>();

  return function whyRefused(request: SignedRequest): string | undefined {
    const sent = readHeader(request.authorization);
    if (sent === undefined) return "parameter_rejected: no readable OAuth header";
    const missing = REQUIRED.find((name) => !sent.get(name));
    if (missing !== undefined) return `parameter_absent: ${missing}`;
    if (sent.get("oauth_consumer_key") !== account.key) return "consumer_key_unknown";
    if (sent.get("oauth_signature_method") !== account.signature) return "signature_method_rejected";
    if ((sent.get("oauth_version") ?? "1.0") !== "1.0") return "version_rejected";

    const timestamp = sent.get("oauth_timestamp") ?? "";
    const age = Math.floor(now() / 1000) - Number(timestamp);
    if (!/^[1-9]\d*$/.test(timestamp) || age > PAST_SECONDS || age < -FUTURE_SECONDS)
      return "timestamp_refused";

    const pairs = [
      ...request.query,
      ...[...sent].filter(([name]) => name !== "oauth_signature" && name !== "realm"),
    ];
    const base = signatureBase(request.method, request.host, request.path, pairs);
    if (signatureOf(base, account.signature, account.secret) !== sent.get("oauth_signature"))
      return "invalid_signature";

    const nonce = `${timestamp} ${sent.get("oauth_nonce") ?? ""}`;
    if (seen.has(nonce)) return "nonce_used";
    seen.add(nonce);
    return undefined;
  };
}

/** RFC 5849, section 3.4.1: method, base URI and the sorted parameters, each encoded. */
export function signatureBase(method: string, host: string, path: string, pairs: [string, string][]): string {
  const encoded = pairs.map(([name, value]) => [encode(name), encode(value)] as const);
  encoded.sort(([a, x], [b, y]) => compare(a, b) || compare(x, y));
  const parameters = encoded.map((pair) => pair.join("=")).join("&");
  const uri = `http://${host.toLowerCase().replace(/:80$/, "")}${path}`;
  return [method.toUpperCase(), uri, parameters].map(encode).join("&");
}

/** RFC 5849, section 3.4.2; a two-legged request has no token secret. */
export function signatureOf(
  base: string,
  method: OAuth1Account["signature"],
  secret: string,
  tokenSecret = "",
): string {
  const hash = method === "HMAC-SHA1" ? "sha1" : "sha256";
  return createHmac(hash, `${encode(secret)}&${encode(tokenSecret)}`)
    .update(base)
    .digest("base64");
}

/** RFC 5849, section 3.5.1. A parameter that comes twice makes the whole header unreadable. */
function readHeader(header: string | undefined): Map<string, string> | undefined {
  const list = /^OAuth\s+(.+)$/is.exec(header ?? "")?.[1];
  if (list === undefined) return undefined;
  const read = new Map<string, string>();
  for (const part of list.split(",")) {
    const [, name, value] = /^\s*([^=\s]+)="([^"]*)"\s*$/.exec(part) ?? [];
    if (name === undefined || value === undefined || read.has(name)) return undefined;
    try {
      read.set(decodeURIComponent(name), decodeURIComponent(value));
    } catch {
      return undefined;
    }
  }
  return read;
}

/** RFC 5849, section 3.6: every byte but letters, digits and - . _ ~ */
function encode(text: string): string {
  let encoded = "";
  for (const byte of Buffer.from(text, "utf8")) {
    const character = String.fromCharCode(byte);
    encoded += /[A-Za-z0-9._~-]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
