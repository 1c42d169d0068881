/** Requests to a SIS until they succeed or there is no point: signed afresh, paced, retried, explained. */
import pLimit from "p-limit";
import { Failure } from "../../config/failure.ts";
import type { RestSourceConfig } from "../../config/schema.ts";
import { createAuthorizer } from "./authorizer.ts";
import type { SendForm } from "./oauth2.ts";
import { createCookieJar } from "./cookies.ts";
import { type Answer, createHttp, type HttpRequest, unpacked } from "./http.ts";
import { createPace } from "./pace.ts";
import type { SourcePorts } from "./ports.ts";
import {
  type GivenUp,
  judge,
  type Manner,
  readingManner,
  type Reading,
  type Slot,
  tokenManner,
  type WriteRequest,
  writingManner,
} from "./manner.ts";
import { refusalOf } from "./refusal.ts";
import { decideRetry, type Trouble } from "./retry.ts";
import { AnswerFailure, requestWords } from "./source-failures.ts";

export type { GivenUp, Reading, Slot, WriteRequest } from "./manner.ts";

export interface Client {
  /**
   * @param read makes something of a good answer; called again for every attempt that comes so far
   * @param slot a limit of the caller's own, outside the limit on all requests in flight
   * @throws Failure source.…, or the signal's reason
   */
  get: <T>(
    url: URL,
    read: (answer: Answer) => Promise<Reading<T>>,
    options: { signal: AbortSignal; slot?: Slot },
  ) => Promise<T>;
  /**
   * A request that changes what the SIS holds.
   * @param request its body is JSON
   * @param read makes something of an answer: a good one, or a refusal that trying again would not change
   * @param options repeatable: that it arrives twice does no harm, as OneRoster has it for PUT and DELETE; what
   *   is not repeatable is sent again only when the SIS has certainly not taken it
   * @throws Failure source.token, or the signal's reason
   */
  write: <T>(
    request: WriteRequest,
    read: (answer: Answer) => Promise<Reading<T>>,
    options: { signal: AbortSignal; repeatable: boolean },
  ) => Promise<T | GivenUp>;
  close: () => Promise<void>;
}

type ClientConfig = Pick<
  RestSourceConfig,
  | "url"
  | "gradebookUrl"
  | "auth"
  | "headers"
  | "concurrency"
  | "requestsPerSecond"
  | "timeoutSeconds"
  | "retries"
>;

/** @param signal ends everything; requests for tokens listen to it alone, for many requests share one */
export function createClient(config: ClientConfig, ports: SourcePorts, signal: AbortSignal): Client {
  const http = createHttp(config);
  const inFlight = pLimit(config.concurrency);
  const pace = createPace(config.requestsPerSecond, ports);
  const cookies = createCookieJar(ports.now);
  const hosts = new Set([config.url, config.gradebookUrl ?? config.url].map((url) => new URL(url).host));
  const extraHeaders = Object.fromEntries(
    Object.entries(config.headers).map(([name, value]) => [
      name.toLowerCase(),
      typeof value === "string" ? value : value.reveal(),
    ]),
  );
  const { scrub = (text: string) => text } = ports;
  const sendForm: SendForm = (url, headers, body) => {
    const request: HttpRequest = { method: "POST", url, headers, body };
    return send(request, (answer) => Promise.resolve({ value: answer }), {
      ...tokenManner<Answer>(request),
      signal,
      slot: (task) => task(),
    }).catch(tokenFailure);
  };
  const authorizer = createAuthorizer(config.auth, ports.now, sendForm, scrub);
  /** Authorization headers of tokens under which the SIS has answered. */
  const proven = new Set<string>();

  async function send<T>(
    request: HttpRequest,
    read: (answer: Answer) => Promise<Reading<T>>,
    options: Manner<T> & { signal: AbortSignal; slot: Slot },
  ): Promise<T> {
    let renewals = 0;
    for (let made = 1; ;) {
      options.signal.throwIfAborted();
      let proof: Record<string, string> = {};
      const sent = await options.slot(async () => {
        await pace.turn(options.signal);
        if (options.authorized) proof = await authorizer.headers(request.method, request.url);
        return exchange(request, proof, options.signal);
      });
      const result = "kind" in sent ? sent : await unpacked(sent);

      const reading = await judge(result, read, options.isForReader);
      if ("value" in reading) {
        if (options.authorized && authorizer.renew !== undefined) proven.add(proof.authorization ?? "");
        return reading.value;
      }
      if (mayRenew(reading.trouble, proof, renewals)) {
        authorizer.renew?.(proof);
        renewals++;
        continue;
      }
      const decision = decideRetry(reading.trouble, {
        made,
        retries: options.mayRepeat(reading.trouble) ? config.retries : 0,
        now: ports.now(),
        random: ports.random(),
      });
      if (!decision.again) {
        const known = { made, decision, scrub, now: ports.now() };
        return options.giveUp(refusalOf(request, result, reading.trouble, known));
      }
      tellRetry(request, reading.trouble, decision.waitMs);
      if (decision.askedFor) pace.holdUntil(ports.now() + decision.waitMs);
      else await ports.sleep(decision.waitMs, options.signal);
      made++;
    }
  }

  /** A token that has never worked is renewed once; one that has, and was withdrawn, is worth another. */
  function mayRenew(trouble: Trouble, { authorization }: Record<string, string>, renewals: number): boolean {
    if (authorization === undefined || authorizer.renew === undefined) return false;
    if (trouble.kind !== "status" || trouble.status !== 401) return false;
    return renewals === 0 || (renewals <= config.retries && proven.has(authorization));
  }

  async function exchange(
    request: HttpRequest,
    proof: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Answer | Trouble> {
    const { origin } = request.url;
    const cookie = cookies.header(origin);
    const headers = {
      accept: "application/json",
      "user-agent": "rosterbridge",
      ...(hosts.has(request.url.host) && extraHeaders),
      ...request.headers,
      ...(cookie !== undefined && { cookie }),
      ...proof,
    };
    const result = await http.exchange({ ...request, headers }, signal);
    if (!("kind" in result)) cookies.keep(origin, result.cookies);
    return result;
  }

  function tellRetry(request: HttpRequest, trouble: Trouble, waitMs: number): void {
    const why = trouble.kind === "status" ? `answered ${trouble.status}` : trouble.detail;
    const message = `${requestWords(request)}: ${why}; trying again in ${(waitMs / 1000).toFixed(1)} s`;
    ports.log({ level: waitMs >= 5000 ? "warn" : "info", message });
  }

  return {
    get: (url, read, options) => {
      const { slot } = options;
      const nested: Slot = slot === undefined ? inFlight : (task) => slot(() => inFlight(task));
      const request: HttpRequest = { method: "GET", url, headers: {} };
      return send(request, read, { ...readingManner(request), signal: options.signal, slot: nested });
    },
    write<T>(
      { method, url, body }: WriteRequest,
      read: (answer: Answer) => Promise<Reading<T>>,
      options: { signal: AbortSignal; repeatable: boolean },
    ) {
      const request: HttpRequest =
        body === undefined
          ? { method, url, headers: {} }
          : { method, url, headers: { "content-type": "application/json" }, body };
      return send<T | GivenUp>(request, read, {
        ...writingManner<T>(request, options.repeatable, ports.now),
        signal: options.signal,
        slot: inFlight,
      });
    },
    close: () => http.close(),
  };
}

/** That no token is to be had says nothing of the collection that it was for. */
function tokenFailure(error: unknown): never {
  if (!(error instanceof AnswerFailure)) throw error;
  throw new Failure("source.token", error.message, {
    hint: "No token is to be had. Check source.auth.tokenUrl, or run again later.",
    cause: error,
  });
}
