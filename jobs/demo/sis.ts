/** A SIS on loopback that speaks OneRoster 1.1 as strictly, and on order as oddly, as the real ones. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as after } from "node:timers/promises";
import { type Answer, htmlAnswer, refusal } from "./sis/answers.ts";
import { deliver, gzipped } from "./sis/delivery.ts";
import { listFaults, spoil } from "./sis/faults.ts";
import { postGatekeeper } from "./sis/gatekeeper.ts";
import type { SandboxRequest, SandboxSis, SandboxSisOptions } from "./sis/options.ts";
import { type Quirk, QUIRKS } from "./sis/quirks.ts";
import { openRosterService } from "./sis/roster-service.ts";
import { openTokenDesk } from "./sis/tokens.ts";
import { watchTraffic } from "./sis/traffic.ts";

export type {
  Fault,
  FaultRule,
  SandboxAuth,
  SandboxRequest,
  SandboxSis,
  SandboxSisOptions,
} from "./sis/options.ts";
export { type Quirk, QUIRKS } from "./sis/quirks.ts";

const ROOT = "/ims/oneroster/v1p1";
const TOKEN_PATH = "/oauth/token";
const MOVED_TOKEN_PATH = "/oauth2/v2/token";
const REQUESTS_KEPT = 100_000;
const USES_OF_A_SHORT_LIVED_TOKEN = 7;
/** Long enough that requests sent at once are also here at once. */
const SHIFTING_MS = 10;

/**
 * Starts it. Rejects when a quirk is asked for that its kind of auth cannot show, and when the port is taken.
 */
export async function startSandboxSis(options: SandboxSisOptions): Promise<SandboxSis> {
  const { auth, latencyMs = 0, gzip = true } = options;
  const quirks = new Set(options.quirks);
  refuseVainQuirks(quirks, auth.kind);
  const tokenRules = {
    maxUses: quirks.has("token-dies-early") ? USES_OF_A_SHORT_LIVED_TOKEN : Number.POSITIVE_INFINITY,
    needsCookie: quirks.has("needs-cookie"),
  };
  const desk = auth.kind === "oauth2" ? openTokenDesk(auth, tokenRules) : undefined;
  const refuse = postGatekeeper(auth, desk);
  const service = openRosterService(options.district, quirks, options.maxPageSize);
  const faults = listFaults();
  const traffic = watchTraffic();
  const requests: SandboxRequest[] = [];
  let inFlight = 0;
  let inFlightPeak = 0;
  let tokenRequests = 0;

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [target, search] = splitAt(request.url ?? "", "?");
    if (target === TOKEN_PATH || target === MOVED_TOKEN_PATH) {
      await giveToken(request, response, target);
    } else if (target.startsWith(`${ROOT}/`)) {
      await giveRoster(request, response, target, new URLSearchParams(search));
    } else {
      deliver(response, htmlAnswer(404, "Not found"), "whole", false);
    }
  }

  async function giveToken(
    request: IncomingMessage,
    response: ServerResponse,
    target: string,
  ): Promise<void> {
    const body = await text(request);
    if (quirks.has("token-redirect") && target === TOKEN_PATH) {
      const moved = { location: MOVED_TOKEN_PATH };
      deliver(response, { status: 307, headers: moved, body: Buffer.alloc(0) }, "whole", false);
      return;
    }
    tokenRequests++;
    const { authorization, "content-type": contentType } = request.headers;
    const right =
      desk === undefined || request.method !== "POST"
        ? refusal(desk === undefined ? 404 : 405, "unknownobject", "no token is to be had here so")
        : desk.issue(authorization, contentType, body);
    const { answer, manner } = spoil(right, faults.take(TOKEN_PATH, ""));
    await after(latencyMs);
    deliver(response, answer, manner, false);
  }

  async function giveRoster(
    request: IncomingMessage,
    response: ServerResponse,
    target: string,
    query: URLSearchParams,
  ): Promise<void> {
    const path = target.slice(ROOT.length);
    const record = { method: request.method ?? "", path, query: Object.fromEntries(query), status: 0 };
    requests.push(record);
    if (requests.length > REQUESTS_KEPT) requests.shift();
    inFlightPeak = Math.max(inFlightPeak, ++inFlight);
    response.once("close", () => inFlight--);

    const leave = traffic.enter(path);
    if (quirks.has("unsorted-shifting")) await after(SHIFTING_MS);
    const crowded = leave();

    const denied = refuse(request, { path: target, query }, path);
    const fault =
      denied === undefined ? faults.take(path, request.url?.slice(target.length) ?? "") : undefined;
    const right = denied ?? answerTo(request, path, query, crowded, fault === "repeat-page");
    const { answer, manner } = spoil(right, fault);
    if (latencyMs > 0) await after(latencyMs);
    const accepted = gzip && /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
    record.status = deliver(response, answer, manner, accepted || quirks.has("gzip-always"));
  }

  function answerTo(
    request: IncomingMessage,
    path: string,
    query: URLSearchParams,
    crowded: boolean,
    repeatPage: boolean,
  ): Answer {
    if (request.method !== "GET") return refusal(405, "unknownobject", "OneRoster rosters are read with GET");
    try {
      return service.answer({ path, address: origin + ROOT + path, query, crowded, repeatPage });
    } catch (error) {
      if (!(error instanceof URIError)) throw error;
      return refusal(400, "invaliddata", "the path is not percent-encoded text");
    }
  }

  return {
    url: origin + ROOT,
    tokenUrl: origin + TOKEN_PATH,
    requests,
    get inFlightPeak() {
      return inFlightPeak;
    },
    get tokenRequests() {
      return tokenRequests;
    },
    failNext: (rule) => {
      faults.add(rule);
    },
    warm(pageSize) {
      const pages = service.warm(pageSize);
      if (gzip) pages.forEach(gzipped);
    },
    stop() {
      return new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      });
    },
  };
}

function refuseVainQuirks(quirks: ReadonlySet<Quirk>, kind: string): void {
  for (const quirk of quirks) {
    const note: { about: string; auth?: string } = QUIRKS[quirk];
    if (note.auth !== undefined && note.auth !== kind)
      throw new Error(`${quirk} shows only with ${note.auth}`);
  }
}

function splitAt(whole: string, mark: string): [before: string, after: string] {
  const at = whole.indexOf(mark);
  return at < 0 ? [whole, ""] : [whole.slice(0, at), whole.slice(at + mark.length)];
}
