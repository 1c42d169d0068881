/** A SIS on loopback that speaks OneRoster 1.1 or 1.2 as strictly, and on order as oddly, as the real ones. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as after } from "node:timers/promises";
import { addressesOf, type Place, placeOf } from "./sis/addresses.ts";
import { emptyAnswer, htmlAnswer, refusal } from "./sis/answers.ts";
import { deliver, gzipped } from "./sis/delivery.ts";
import { listFaultRules } from "./fault-rules.ts";
import { spoil, takesEffect } from "./sis/faults.ts";
import { postGatekeeper } from "./sis/gatekeeper.ts";
import type { FaultRule, SandboxRequest, SandboxSis, SandboxSisOptions } from "./sis/options.ts";
import { type Quirk, QUIRKS } from "./sis/quirks.ts";
import { openService, type ServiceRequest } from "./sis/service.ts";
import { openTokenDesk } from "./sis/tokens.ts";
import { watchTraffic } from "./sis/traffic.ts";

export type { Dialect } from "./sis/addresses.ts";
export type { ErrorShape } from "./sis/gradebook/error-shapes.ts";
export type {
  RefusalRule,
  SandboxGradebook,
  SandboxGradebookOptions,
  SandboxWrite,
  TeachersLineItem,
  TeachersResult,
} from "./sis/gradebook/options.ts";
export type { RawCategory, RawLineItem, RawResult } from "./sis/gradebook/records.ts";
export type {
  Fault,
  FaultRule,
  OneRosterVersion,
  SandboxAuth,
  SandboxRequest,
  SandboxSis,
  SandboxSisOptions,
} from "./sis/options.ts";
export { type Quirk, QUIRKS } from "./sis/quirks.ts";

/** What fault rules call the token endpoint. */
const TOKEN_RULE = "/oauth/token";
const MOVED_TOKEN_PATH = "/oauth2/v2/token";
const REQUESTS_KEPT = 100_000;
const USES_OF_A_SHORT_LIVED_TOKEN = 7;
/** Long enough that requests sent at once are also here at once. */
const SHIFTING_MS = 10;

/**
 * Starts it. Rejects when a quirk is asked for that its kind of auth cannot show, and when the port is taken.
 */
export async function startSandboxSis(options: SandboxSisOptions): Promise<SandboxSis> {
  const { auth, latencyMs = 0, gzip = true, version = "1.1", dialect = "standard" } = options;
  const addresses = addressesOf(dialect, version);
  const quirks = new Set(options.quirks);
  refuseVainQuirks(quirks, auth.kind);
  const tokenRules = {
    maxUses: quirks.has("token-dies-early") ? USES_OF_A_SHORT_LIVED_TOKEN : Number.POSITIVE_INFINITY,
    needsCookie: quirks.has("needs-cookie"),
  };
  const desk = auth.kind === "oauth2" ? openTokenDesk(auth, tokenRules) : undefined;
  const refuse = postGatekeeper(auth, desk);
  const service = openService(options, quirks, () => origin + addresses.gradebook);
  const writeLatencyMs = options.gradebook?.putLatencyMs ?? latencyMs;
  const faults = listFaultRules<FaultRule>();
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
    const place = placeOf(target, addresses);
    if (target === addresses.token || target === MOVED_TOKEN_PATH) {
      await giveToken(request, response, target);
    } else if (place === undefined) {
      deliver(response, htmlAnswer(404, "Not found"), "whole", false);
    } else {
      await giveRecords(request, response, place, new URLSearchParams(search));
    }
  }

  async function giveToken(
    request: IncomingMessage,
    response: ServerResponse,
    target: string,
  ): Promise<void> {
    const body = await text(request);
    if (quirks.has("token-redirect") && target === addresses.token) {
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
    const { answer, manner } = spoil(right, faults.take(TOKEN_RULE, "")?.answer);
    await after(latencyMs);
    deliver(response, answer, manner, false);
  }

  async function giveRecords(
    request: IncomingMessage,
    response: ServerResponse,
    place: Place,
    query: URLSearchParams,
  ): Promise<void> {
    const { root, path } = place;
    const target = root + path;
    const record = { method: request.method ?? "", path, query: Object.fromEntries(query), status: 0 };
    requests.push(record);
    if (requests.length > REQUESTS_KEPT) requests.shift();
    inFlightPeak = Math.max(inFlightPeak, ++inFlight);
    response.once("close", () => inFlight--);
    const isWrite = request.method !== "GET";
    const sent = isWrite ? await text(request) : "";

    const leave = traffic.enter(path);
    if (quirks.has("unsorted-shifting")) await after(SHIFTING_MS);
    const crowded = leave();

    const denied = refuse(request, { path: target, query }, path);
    const write = isWrite && denied === undefined ? service.note(record.method, path, sent) : undefined;
    const rule =
      denied === undefined ? faults.take(path, request.url?.slice(target.length) ?? "") : undefined;
    const asked: ServiceRequest = {
      place,
      path,
      address: origin + target,
      query,
      crowded,
      repeatPage: rule?.answer === "repeat-page",
      contentType: request.headers["content-type"],
      write,
    };
    const right = denied ?? (takesEffect(rule, isWrite) ? service.answer(asked) : emptyAnswer(200));
    const { answer, manner } = spoil(right, rule?.answer);
    const heldBack = isWrite ? writeLatencyMs : latencyMs;
    if (heldBack > 0) await after(heldBack);
    const accepted = gzip && !isWrite && /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
    record.status = deliver(response, answer, manner, accepted || quirks.has("gzip-always"));
    if (write !== undefined) write.status = record.status;
  }

  return {
    url: origin + addresses.rostering,
    gradebookUrl: origin + addresses.gradebook,
    tokenUrl: origin + addresses.token,
    requests,
    get inFlightPeak() {
      return inFlightPeak;
    },
    get tokenRequests() {
      return tokenRequests;
    },
    get gradebook() {
      const control = service.gradebook?.control;
      if (control === undefined) throw new Error("this SIS was started without the option gradebook");
      return control;
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
