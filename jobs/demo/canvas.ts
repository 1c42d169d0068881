/** A Canvas on loopback: the API that grades are read from, and the same work as the files that Canvas exports. */
import { timingSafeEqual, createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as after } from "node:timers/promises";
import { rateLimited, tokenRefused, unauthenticated } from "./canvas/answers.ts";
import type { ApiCall } from "./canvas/api/call.ts";
import { answerTo } from "./canvas/api/routes.ts";
import { withStringIds, withZonedDates } from "./canvas/api/rewriting.ts";
import { makeCoursework } from "./canvas/coursework.ts";
import { spoil } from "./canvas/faults.ts";
import { writeCanvasData } from "./canvas/files/canvas-data.ts";
import { writeGradeExport } from "./canvas/files/grade-export.ts";
import { writeGradebookExports } from "./canvas/files/gradebook-export.ts";
import type {
  CanvasFaultRule,
  CanvasRequest,
  SandboxCanvas,
  SandboxCanvasOptions,
} from "./canvas/options.ts";
import { openThrottle } from "./canvas/throttle.ts";
import { listFaultRules } from "./fault-rules.ts";
import { type Answer, htmlAnswer } from "./sis/answers.ts";
import { deliver } from "./sis/delivery.ts";

export type { Coursework } from "./canvas/coursework.ts";
export type {
  CanvasFault,
  CanvasFaultRule,
  CanvasRequest,
  RateLimit,
  SandboxCanvas,
  SandboxCanvasOptions,
} from "./canvas/options.ts";
export { type CanvasQuirk, QUIRKS } from "./canvas/quirks.ts";

const REQUESTS_KEPT = 100_000;
const CANVAS_MAX_PAGE = 100;
/** What Apache, in front of Canvas, takes as a request line. */
const MAX_TARGET = 8190;
/** Roughly what real requests cost: seconds of CPU and database. */
const BASE_COST = 0.04;
const COST_A_KILOBYTE = 0.003;

/**
 * Starts it, with a semester of invented work in the courses of the roster.
 *
 * @throws Error when the roster refers to what it does not hold, or the port is taken
 */
export async function startSandboxCanvas(options: SandboxCanvasOptions): Promise<SandboxCanvas> {
  const { seed = 1, assignmentsPerCourse = 5, oddities = true, latencyMs = 0, sisExport = true } = options;
  const rules = { roster: options.roster, seed, assignmentsPerCourse, oddities };
  const { coursework, state } = makeCoursework({
    ...rules,
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  const quirks = new Set(options.quirks);
  const throttle = openThrottle(options.rateLimit);
  const faults = listFaultRules<CanvasFaultRule>();
  const requests: CanvasRequest[] = [];
  let inFlight = 0;
  let inFlightPeak = 0;

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = "", search = ""] = (request.url ?? "").split(/\?(.*)/s, 2);
    const query = new URLSearchParams(search);
    const record = { method: request.method ?? "", path, query: plain(query), status: 0 };
    requests.push(record);
    if (requests.length > REQUESTS_KEPT) requests.shift();
    inFlightPeak = Math.max(inFlightPeak, ++inFlight);
    response.once("close", () => inFlight--);
    const ticket = throttle.enter();
    let cost = 0;
    response.once("close", () => {
      ticket.settle(cost);
    });

    const denied = ticket.allowed ? whyDenied(request) : rateLimited(options.rateLimit?.status ?? 403);
    const fault =
      denied === undefined ? faults.take(path, search === "" ? "" : `?${search}`)?.answer : undefined;
    const right = denied ?? serve(request, path, query);
    const { answer, manner, delayMs } = spoil(right, fault);
    if (latencyMs + delayMs > 0) await after(latencyMs + delayMs);
    if (denied === undefined) cost = BASE_COST + (answer.body.length / 1024) * COST_A_KILOBYTE;
    const told = answer.headers["x-rate-limit-remaining"] === undefined ? ticket.tell(cost) : {};
    record.status = deliver(response, { ...answer, headers: { ...told, ...answer.headers } }, manner, false);
  }

  function whyDenied(request: IncomingMessage): Answer | undefined {
    if ((request.url ?? "").length > MAX_TARGET) return htmlAnswer(414, "Request-URI Too Long");
    const { authorization } = request.headers;
    if (authorization === undefined) return unauthenticated();
    const given = /^Bearer (\S+)$/i.exec(authorization)?.[1];
    return given !== undefined && sameText(given, options.token) ? undefined : tokenRefused("Invalid");
  }

  function serve(request: IncomingMessage, path: string, query: URLSearchParams): Answer {
    const maxPageSize = Math.min(options.pageSize ?? CANVAS_MAX_PAGE, CANVAS_MAX_PAGE);
    const call: ApiCall = { origin, query, state, sisExport, maxPageSize, quirks };
    const answer = answerTo(call, request.method ?? "", path);
    const dated = quirks.has("zoned-dates") ? withZonedDates(answer) : answer;
    const wantsText = /canvas-string-ids/.test(request.headers.accept ?? "");
    return wantsText ? withStringIds(dated) : dated;
  }

  return {
    url: origin,
    token: options.token,
    coursework,
    requests,
    get inFlightPeak() {
      return inFlightPeak;
    },
    failNext: (rule) => {
      faults.add(rule);
    },
    writeGradebookExports: (folder, wanted = {}) => writeGradebookExports(state, folder, wanted),
    writeGradeExport: (folder, wanted = {}) => writeGradeExport(state, folder, wanted),
    writeCanvasData: (folder, wanted = {}) => writeCanvasData(state, folder, wanted),
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

function plain(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name).join(",")]));
}

/** Hashed first: the comparison must not tell how much of a guess is right, nor how long the token is. */
function sameText(one: string, other: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}
