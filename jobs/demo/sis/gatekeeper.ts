/** Lets a request in, or says 401 or 403 and why. */
import type { IncomingMessage } from "node:http";
import { type Answer, refusal } from "./answers.ts";
import { oauth1Verifier } from "./oauth1.ts";
import type { SandboxAuth } from "./options.ts";
import { scopesAllow } from "./scopes.ts";
import type { TokenDesk } from "./tokens.ts";

/** @returns the refusal; undefined: the request may pass */
export type Gatekeeper = (request: IncomingMessage, target: URLParts, path: string) => Answer | undefined;

/** The request line's target, as it was sent. */
export interface URLParts {
  path: string;
  query: URLSearchParams;
}

export function postGatekeeper(auth: SandboxAuth, desk: TokenDesk | undefined): Gatekeeper {
  if (auth.kind === "oauth1") {
    const whyRefused = oauth1Verifier(auth);
    return (request, target) => {
      const reason = whyRefused({
        ...target,
        method: request.method ?? "",
        host: request.headers.host ?? "",
        authorization: request.headers.authorization,
      });
      return reason === undefined ? undefined : unauthorized(reason, 'OAuth realm="sandbox"');
    };
  }
  return (request, _target, path) => {
    // RFC 6750 writes the scheme with a capital, and there are servers that take nothing else.
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
    if (token === undefined) return unauthorized("no bearer token", "Bearer");
    if (auth.kind === "bearer") {
      return token === auth.token
        ? undefined
        : unauthorized("the token is unknown", 'Bearer error="invalid_token"');
    }
    const reason = desk?.whyRefused(token, request.headers.cookie);
    if (reason !== undefined) return unauthorized(reason, 'Bearer error="invalid_token"');
    if (scopesAllow(desk?.scopesOf(token) ?? [], request.method ?? "", path)) return undefined;
    return refusal(403, "unauthorisedrequest", "the scopes of the token do not cover this endpoint");
  };
}

function unauthorized(reason: string, challenge: string): Answer {
  return refusal(401, "unauthorisedrequest", `not authorized: ${reason}`, { "www-authenticate": challenge });
}
