/** How a request proves who sends it. */
import { randomBytes } from "node:crypto";
import type { AuthConfig } from "../../config/schema.ts";
import type { Scrub } from "./error-words.ts";
import { oauth1Header } from "./oauth1.ts";
import { createTokenAuthorizer, type SendForm } from "./oauth2.ts";

export interface Authorizer {
  /** Headers for one attempt at one request: never to be used twice. */
  headers: (method: string, url: URL) => Promise<Record<string, string>>;
  /** The SIS has answered 401 to these headers; afterwards the next ones are new. Absent: nothing to renew. */
  renew?: (refused: Record<string, string>) => void;
}

/**
 * @param sendForm posts a form to the token URL, with the usual retries
 * @param scrub takes secrets out of the token service's own words
 */
export function createAuthorizer(
  auth: AuthConfig,
  now: () => number,
  sendForm: SendForm,
  scrub: Scrub,
): Authorizer {
  switch (auth.kind) {
    case "oauth1": {
      const credentials = {
        key: revealed(auth.key),
        secret: auth.secret.reveal(),
        signature: auth.signature,
      };
      return {
        headers(method, url) {
          const stamp = { timestamp: Math.floor(now() / 1000), nonce: randomBytes(16).toString("hex") };
          return Promise.resolve({ authorization: oauth1Header(method, url, credentials, stamp) });
        },
      };
    }
    case "oauth2": {
      const { tokenUrl, scopes, credentialsIn } = auth;
      const client = {
        tokenUrl,
        scopes,
        credentialsIn,
        key: revealed(auth.key),
        secret: auth.secret.reveal(),
        scrub,
      };
      return createTokenAuthorizer(client, now, sendForm);
    }
    case "bearer": {
      const authorization = `Bearer ${auth.token.reveal()}`;
      return { headers: () => Promise.resolve({ authorization }) };
    }
  }
}

function revealed(value: string | { reveal: () => string }): string {
  return typeof value === "string" ? value : value.reveal();
}
