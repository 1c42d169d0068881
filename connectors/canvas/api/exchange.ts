/** One GET to Canvas: the whole answer in memory, or a Trouble that says what went wrong. */
import { EnvHttpProxyAgent, fetch, Pool, type Response } from "undici";
import type { Trouble } from "./retry.ts";

export interface Answer {
  status: number;
  /** By name in any case; null without one. */
  header: (name: string) => string | null;
  text: string;
}

export interface Exchange {
  get: (url: URL, headers: Record<string, string>, signal: AbortSignal) => Promise<Answer | Trouble>;
  close: () => Promise<void>;
}

/** Proxies come from the environment: HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in either case. */
export function createExchange(options: { connections: number; timeoutSeconds: number }): Exchange {
  const timeout = options.timeoutSeconds * 1000;
  const patience = { headersTimeout: timeout, bodyTimeout: timeout };
  const dispatcher = new EnvHttpProxyAgent({
    connections: options.connections,
    connectTimeout: timeout,
    allowH2: false,
    ...patience,
    // The proxy's own answer to CONNECT would otherwise be waited for five minutes.
    clientFactory: (origin, defaults) => new Pool(origin, { ...defaults, ...patience }),
  });
  return {
    async get(url, headers, signal) {
      let response: Response | undefined;
      try {
        // A redirect leads to a login page or another host; neither may see the token.
        response = await fetch(url, { dispatcher, headers, signal, redirect: "manual" });
        const { status, headers: answered } = response;
        return { status, header: (name) => answered.get(name), text: await response.text() };
      } catch (error) {
        signal.throwIfAborted();
        return troubleOf(error, response !== undefined);
      }
    },
    close: () => dispatcher.destroy(),
  };
}

const CERTIFICATES = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS_/;
const IN_WORDS: Record<string, string> = {
  ECONNREFUSED: "connection refused",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up",
  ECONNRESET: "the connection was closed",
  UND_ERR_SOCKET: "the connection was closed",
};

function troubleOf(error: unknown, begun: boolean): Trouble {
  const { code, message } = innermost(error);
  if (/TIMEOUT|ETIMEDOUT/.test(code)) {
    return { kind: "timeout", detail: begun ? "the answer stopped midway" : "no answer" };
  }
  if (CERTIFICATES.test(code)) return { kind: "certificate", detail: code };
  const words = IN_WORDS[code] ?? message;
  return begun
    ? { kind: "body", detail: `an answer that broke off (${words})` }
    : { kind: "network", detail: words };
}

/** What really happened hides in causes, and in the first of several failed connections. */
function innermost(error: unknown): { code: string; message: string } {
  let at = error;
  for (;;) {
    if (at instanceof AggregateError && at.errors.length > 0) at = at.errors[0];
    else if (at instanceof Error && at.cause instanceof Error) at = at.cause;
    else break;
  }
  if (!(at instanceof Error)) return { code: "", message: "unknown error" };
  const { code } = at as { code?: unknown };
  return { code: typeof code === "string" ? code : "", message: at.message };
}
