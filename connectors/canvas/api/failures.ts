/** What a request that Canvas did not answer means for the run, in words for the person who reads the log. */
import { STATUS_CODES } from "node:http";
import { Failure } from "../../../config/failure.ts";
import type { CanvasWords } from "./error-words.ts";
import type { Trouble } from "./retry.ts";

/** Canvas says no to this one request: whoever asked may know another way. */
export class CanvasRefusal extends Failure {
  readonly status: number;
  /** Canvas's own words, with the status. */
  readonly said: string;

  constructor(status: number, said: string, ...failure: ConstructorParameters<typeof Failure>) {
    super(...failure);
    this.status = status;
    this.said = said;
  }
}

/** Method and path: parameters are long, and say nothing. */
export function requestWords(url: URL): string {
  return `GET ${url.pathname}`;
}

/** The Failure for a request that was given up. */
export function failureOf(url: URL, trouble: Trouble, made: number, said: CanvasWords = {}): Failure {
  const what = requestWords(url);
  const tries = made > 1 ? `, in all ${made} tries` : "";
  if (trouble.kind !== "status") return faultFailure(url, trouble, tries);

  const { status } = trouble;
  const words = said.words === undefined ? "" : `. Canvas says: ${said.words}`;
  const message = `${what} answered ${status} ${STATUS_CODES[status] ?? ""}`.trimEnd() + tries + words;
  const fails = failsRun(trouble, said);
  if (fails !== undefined) return new Failure(fails[0], message, { hint: fails[1] });

  const [code, hint] = refusalOf(status, said);
  return new CanvasRefusal(status, [status, said.words].filter(Boolean).join(": "), code, message, { hint });
}

type Meaning = [`source.${string}`, string];

function failsRun(trouble: Trouble & { kind: "status" }, said: CanvasWords): Meaning | undefined {
  const { status, throttled } = trouble;
  if (throttled) {
    return [
      "source.rate-limited",
      "Canvas's rate limit for this token stays reached. Lower grades.concurrency, give rosterbridge a token of its own, or run again later.",
    ];
  }
  if (status === 401 && said.status !== "unauthorized") {
    return [
      "source.token",
      "The Canvas token is wrong, deleted, has expired or lacks scopes. Make a new one as the Canvas admin (Account > Settings > New Access Token), store it where grades.source.token says, and run again; nothing was sent.",
    ];
  }
  if (status === 408) return ["source.timeout", "Canvas was too slow. Run again later."];
  if (status >= 500) {
    return [
      "source.unavailable",
      "Canvas is in trouble. Run again later; if it stays, look at status.instructure.com or tell its support what it says.",
    ];
  }
  if (status < 400) {
    return [
      "source.refused",
      "Canvas answers with something else than data. Check grades.source.url: it is Canvas's own address, such as https://oakdale.instructure.com.",
    ];
  }
  return undefined;
}

function refusalOf(status: number, { code }: CanvasWords): Meaning {
  if (code === "not_enabled") {
    return [
      "source.not-enabled",
      "Canvas gives out assignments for the SIS only where the SIS feature is on: switch on the feature option post_grades under the account's Settings > Feature Options, or install a grade sync app, and run again.",
    ];
  }
  if (code === "unpublished_course") {
    return [
      "source.unpublished-course",
      "The course is not published, so it has no grades yet. Publish it, or leave it out of --course; if its sections are cross-listed, name the course that they are taught in.",
    ];
  }
  if (status === 401 || status === 403) {
    return [
      "source.unauthorized",
      "The token's user may not read this. Its role needs the account permissions Grades - view all grades and SIS Data - read, in the account that grades.source.account names.",
    ];
  }
  if (status === 404) {
    return [
      "source.not-found",
      "Canvas does not know this account or course. Check grades.source.account, or the SIS ids given with --course.",
    ];
  }
  return ["source.refused", "Canvas does not take this request. Check grades.source."];
}

function faultFailure(url: URL, trouble: Exclude<Trouble, { kind: "status" }>, tries: string): Failure {
  const what = requestWords(url);
  const { host } = url;
  switch (trouble.kind) {
    case "timeout":
      return new Failure("source.timeout", `${what}: ${trouble.detail} within the time-out${tries}`, {
        hint: "Canvas is too slow or silent. Run again later.",
      });
    case "certificate":
      return new Failure(
        "source.unreachable",
        `${what}: the certificate of ${host} is not trusted (${trouble.detail})`,
        {
          hint: "If a proxy of yours opens encrypted connections, name its authority's file in NODE_EXTRA_CA_CERTS.",
        },
      );
    case "network":
      return new Failure(
        "source.unreachable",
        `${what}: ${host} cannot be reached: ${trouble.detail}${tries}`,
        {
          hint: "Check grades.source.url, the network and the proxy settings (HTTPS_PROXY, NO_PROXY) of this machine.",
        },
      );
    case "body":
      return incomplete(url, `gave ${trouble.detail}${tries}`);
    case "not-json":
      return notCanvas(url, `gave ${trouble.detail}${tries}`);
  }
}

/** Canvas began well, but not all of it is to be had. */
export function incomplete(url: URL, what: string): Failure {
  return new Failure("source.incomplete", `${requestWords(url)} ${what}`, {
    hint: "Grades that are not complete are not sent. Run again later; if it stays, tell Canvas's support.",
  });
}

/** A good answer that is not what Canvas's documentation says. */
export function notCanvas(url: URL, what: string): Failure {
  return new Failure("source.not-canvas", `${requestWords(url)} ${what}`, {
    hint: "Check grades.source.url: it is Canvas's own address, such as https://oakdale.instructure.com, not that of a login page.",
  });
}
