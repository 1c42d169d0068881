/** What a request that could not be had means for the night, in words for the person who is woken by it. */
import { STATUS_CODES } from "node:http";
import { Failure } from "../../config/failure.ts";
import type { HttpRequest } from "./http.ts";
import { notFoundHint } from "./not-found.ts";
import type { Refusal } from "./refusal.ts";
import type { Trouble } from "./retry.ts";

/** A Failure that a SIS's answer caused: its status decides whether there is another way. */
export class AnswerFailure extends Failure {
  readonly status: number;

  constructor(status: number, ...failure: ConstructorParameters<typeof Failure>) {
    super(...failure);
    this.status = status;
  }
}

const IN_TROUBLE = "The SIS is in trouble. Run again later; if it stays, tell its support what it says.";
const SHOWN_PARAMETERS = ["limit", "offset", "sort", "orderBy", "filter"];

/** Method, path and our own parameters: others may be secrets. */
export function requestWords({ method, url }: Pick<HttpRequest, "method" | "url">): string {
  const query = SHOWN_PARAMETERS.flatMap((name) =>
    url.searchParams.has(name) ? [`${name}=${url.searchParams.get(name) ?? ""}`] : [],
  ).join("&");
  return `${method} ${url.pathname}${query === "" ? "" : `?${query}`}`;
}

/** The Failure for a request that was given up. */
export function failureOf(request: Pick<HttpRequest, "method" | "url">, refusal: Refusal): Failure {
  const { trouble, made, words, askedToWaitMs } = refusal;
  const what = requestWords(request);
  const tries = made > 1 ? `, in all ${made} tries` : "";
  const said = words === undefined ? "" : `. The SIS says: ${words}`;
  if (trouble.kind !== "status") return faultFailure(request, trouble, tries);

  const { status } = trouble;
  const waits = askedToWaitMs === undefined ? "" : ` and asks to wait ${inMinutes(askedToWaitMs)}`;
  const to = refusal.redirect === undefined ? "" : `, a redirect to ${refusal.redirect}`;
  const message =
    `${what} answered ${status} ${STATUS_CODES[status] ?? ""}`.trimEnd() + to + waits + tries + said;
  const [code, hint] = meaningOf(refusal, status, request.url);
  return new AnswerFailure(status, code, message, { hint });
}

function meaningOf(
  { clockSkewMs, redirect }: Refusal,
  status: number,
  url: URL,
): [`source.${string}`, string] {
  if (status === 401 || status === 403) {
    const skew =
      clockSkewMs === undefined || Math.abs(clockSkewMs) < 2 * 60_000
        ? ""
        : ` This machine's clock and the SIS's are ${inMinutes(Math.abs(clockSkewMs))} apart, which alone can be the cause.`;
    return [
      "source.unauthorized",
      `Check key, secret and signature method (or scopes) under source.auth, whether the SIS lets this key read that endpoint, and that this machine's clock is right.${skew}`,
    ];
  }
  if (status === 404) return ["source.not-found", notFoundHint(url)];
  if (status === 408)
    return [
      "source.timeout",
      "The SIS was too slow. Run again later, or ask for smaller pages (source.pageSize).",
    ];
  if (status === 429) {
    return [
      "source.rate-limited",
      "Lower source.concurrency or set source.requestsPerSecond to what the SIS allows, and run again later.",
    ];
  }
  if (status >= 500) return ["source.unavailable", IN_TROUBLE];
  if (redirect !== undefined)
    return [
      "source.refused",
      "Put the address that it redirects to under source.url; requests with credentials are not sent elsewhere by themselves.",
    ];
  return [
    "source.refused",
    "The SIS does not take this request. Check source.url, source.filters and source.pageSize.",
  ];
}

function faultFailure(
  request: Pick<HttpRequest, "method" | "url">,
  trouble: Exclude<Trouble, { kind: "status" }>,
  tries: string,
): Failure {
  const what = requestWords(request);
  const { host } = request.url;
  switch (trouble.kind) {
    case "timeout":
      return new Failure("source.timeout", `${what}: ${trouble.detail} within the time-out${tries}`, {
        hint: "The SIS is too slow or silent. Raise source.timeoutSeconds, ask for smaller pages (source.pageSize), or run again later.",
      });
    case "certificate":
      return new Failure(
        "source.unreachable",
        `${what}: the certificate of ${host} is not trusted (${trouble.detail})`,
        {
          hint: "If the SIS has a certificate of its own authority, name that authority's file in NODE_EXTRA_CA_CERTS.",
        },
      );
    case "body":
      return new Failure("source.incomplete", `${what} gave ${trouble.detail}${tries}`, {
        hint: "The SIS, or a proxy before it, cuts its answers off. Ask for smaller pages (source.pageSize), or run again later.",
      });
    case "says-failure":
      return new Failure("source.unavailable", `${what} gave ${trouble.detail}${tries}`, {
        hint: IN_TROUBLE,
      });
    case "not-json":
      return notOneRoster(request, trouble.detail + tries);
    case "network":
      return new Failure(
        "source.unreachable",
        `${what}: ${host} cannot be reached: ${trouble.detail}${tries}`,
        {
          hint: "Check the address (source.url, or source.auth.tokenUrl), the network and the proxy settings (HTTPS_PROXY, NO_PROXY) of this machine.",
        },
      );
  }
}

/** A good answer that holds no collection: never an empty roster. */
export function notOneRoster(request: Pick<HttpRequest, "method" | "url">, detail: string): Failure {
  return new Failure("source.not-oneroster", `${requestWords(request)} gave ${detail}`, {
    hint: "Check source.url: it is the OneRoster root, such as …/ims/oneroster/v1p1, not a login or documentation page.",
  });
}

function inMinutes(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1000)} seconds` : `${Math.round(ms / 60_000)} minutes`;
}
