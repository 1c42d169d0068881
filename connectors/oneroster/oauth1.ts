/** OAuth 1.0a message signing without tokens (RFC 5849), as OneRoster 1.1 §5 has it. */
import { createHmac } from "node:crypto";
import { percentEncode } from "./percent.ts";

export interface OAuth1Credentials {
  key: string;
  secret: string;
  signature: "HMAC-SHA256" | "HMAC-SHA1";
}

/** Fresh for every attempt: providers refuse a nonce that they have seen. */
export interface OAuth1Stamp {
  /** Seconds since 1970. */
  timestamp: number;
  nonce: string;
}

/**
 * The Authorization header of one request. Exactly five fields: some providers answer oauth_version or an
 * empty oauth_token with 401.
 * @param url the very URL that is sent, with its query
 */
export function oauth1Header(
  method: string,
  url: URL,
  { key, secret, signature }: OAuth1Credentials,
  { timestamp, nonce }: OAuth1Stamp,
): string {
  const fields: Record<string, string> = {
    oauth_consumer_key: key,
    oauth_signature_method: signature,
    oauth_timestamp: String(timestamp),
    oauth_nonce: nonce,
  };
  fields.oauth_signature = oauth1Signature(method, url, fields, secret, signature);
  const pairs = Object.entries(fields).map(([name, value]) => `${name}="${percentEncode(value)}"`);
  return `OAuth ${pairs.join(",")}`;
}

/** RFC 5849 §3.4.2, base64; the token's half of the key is empty. */
export function oauth1Signature(
  method: string,
  url: URL,
  fields: Record<string, string>,
  secret: string,
  signature: OAuth1Credentials["signature"],
): string {
  const hash = signature === "HMAC-SHA1" ? "sha1" : "sha256";
  return createHmac(hash, `${percentEncode(secret)}&`)
    .update(signatureBase(method, url, fields))
    .digest("base64");
}

/** The text that is signed: RFC 5849 §3.4.1, with every parameter of the query. */
export function signatureBase(method: string, url: URL, fields: Record<string, string>): string {
  const parameters = [...Object.entries(fields), ...url.searchParams]
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => order(nameA, nameB) || order(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  return [method.toUpperCase(), url.origin + url.pathname, parameters].map(percentEncode).join("&");
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
