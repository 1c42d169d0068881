/** What became of a POST to a webhook, in words that never hold its URL: that is a secret. */

export type Posted =
  | { kind: "answer"; status: number; retryAfter: string | undefined }
  | { kind: "network" | "certificate" | "timeout"; code: string };

const TIMEOUTS = /TIMEOUT|ETIMEDOUT|TimeoutError|AbortError/;
const CERTIFICATES = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS_/;

const NETWORK: Record<string, string> = {
  ECONNREFUSED: "its host refuses connections",
  ENOTFOUND: "its host name is not known",
  EAI_AGAIN: "its host name could not be looked up",
  ECONNRESET: "its host closed the connection",
  UND_ERR_SOCKET: "its host closed the connection",
  // That is how undici says that the answer to CONNECT was a refusal.
  UND_ERR_ABORTED: "the proxy refuses to connect to its host",
};

/** @param error what the request has thrown */
export function faultOf(error: unknown): Posted {
  const code = innermostCode(error);
  if (TIMEOUTS.test(code)) return { kind: "timeout", code };
  return { kind: CERTIFICATES.test(code) ? "certificate" : "network", code };
}

export function whyNot(posted: Posted, made: number): string {
  const tries = made > 1 ? `, in all ${made} tries` : "";
  switch (posted.kind) {
    case "answer":
      return answerWords(posted.status, posted.retryAfter) + tries;
    case "timeout":
      return `its host did not answer in time${tries}`;
    case "certificate":
      return `the certificate of its host is not trusted (${posted.code})`;
    case "network":
      return (NETWORK[posted.code] ?? `its host cannot be reached (${posted.code})`) + tries;
  }
}

function answerWords(status: number, retryAfter: string | undefined): string {
  if (status === 404 || status === 410) return `it answered ${status}: there is no such webhook any more`;
  if (status === 401 || status === 403) return `it answered ${status}: its url is not, or no longer, valid`;
  return retryAfter === undefined ? `it answered ${status}` : `it answered ${status} and asks to wait`;
}

/** What really happened hides in causes, and in the first of several failed connections. */
function innermostCode(error: unknown): string {
  let at = error;
  for (;;) {
    if (at instanceof AggregateError && at.errors.length > 0) at = at.errors[0];
    else if (at instanceof Error && at.cause instanceof Error) at = at.cause;
    else break;
  }
  if (!(at instanceof Error)) return "unknown";
  const { code } = at as { code?: unknown };
  return typeof code === "string" ? code : at.name;
}
