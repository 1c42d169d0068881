/** Requests to Canvas until they succeed or there is no point: within its rate limit, retried, explained. */
import pLimit from "p-limit";
import { createBudget } from "./budget.ts";
import { canvasWords, pageTitle } from "./error-words.ts";
import { type Answer, createExchange } from "./exchange.ts";
import { failureOf, requestWords } from "./failures.ts";
import type { CanvasApiConfig, CanvasApiOptions } from "./ports.ts";
import { retryWait, type Trouble } from "./retry.ts";

export interface CanvasClient {
  /**
   * @returns the JSON, and the Link header as it stands
   * @throws Failure source.…; CanvasRefusal when Canvas says no to this one request; the signal's reason
   */
  get: (url: URL, signal: AbortSignal) => Promise<{ json: unknown; link: string | null }>;
  close: () => Promise<void>;
}

const TIMEOUT_SECONDS = 120;

export function createCanvasClient(config: CanvasApiConfig, options: CanvasApiOptions): CanvasClient {
  const { ports, concurrency, timeoutSeconds = TIMEOUT_SECONDS } = options;
  const { scrub = (text: string) => text } = ports;
  const exchange = createExchange({ connections: concurrency, timeoutSeconds });
  const inFlight = pLimit(concurrency);
  const budget = createBudget(ports);

  function send(url: URL, signal: AbortSignal): Promise<Answer | Trouble> {
    const headers = {
      // Ids as text: those of Canvas can be larger than a JavaScript number holds.
      accept: "application/json+canvas-string-ids",
      authorization: `Bearer ${config.token.reveal()}`,
      "user-agent": "rosterbridge",
    };
    return inFlight(() => budget.spend(() => exchange.get(url, headers, signal), signal));
  }

  return {
    async get(url, signal) {
      for (let made = 1; ; made++) {
        signal.throwIfAborted();
        const sent = await send(url, signal);
        const reading = "kind" in sent ? sent : read(sent);
        if ("json" in reading) return reading;

        const wait = retryWait(reading, { made, now: ports.now(), random: ports.random() });
        if (wait === undefined) {
          const refused = reading.kind === "status" && "text" in sent;
          throw failureOf(url, reading, made, refused ? canvasWords(sent.text, scrub) : undefined);
        }
        tellRetry(url, reading, wait.ms);
        if (wait.askedFor) budget.hold(wait.ms);
        else if (reading.kind === "status" && reading.throttled) budget.isEmpty();
        else await ports.sleep(wait.ms, signal);
      }
    },
    close: () => exchange.close(),
  };

  function tellRetry(url: URL, trouble: Trouble, waitMs: number): void {
    const why = trouble.kind === "status" ? `answered ${trouble.status}` : trouble.detail;
    const message = `${requestWords(url)}: ${why}; trying again in ${(waitMs / 1000).toFixed(1)} s`;
    ports.log({ level: waitMs >= 5000 ? "warn" : "info", message });
  }
}

function read({ status, header, text }: Answer): { json: unknown; link: string | null } | Trouble {
  if (status < 200 || status > 299) {
    const throttled = status === 429 || (status === 403 && /rate limit exceeded/i.test(text));
    return { kind: "status", status, retryAfter: header("retry-after"), throttled };
  }
  try {
    return { json: JSON.parse(text), link: header("link") };
  } catch {
    return whyNotJson(text.trimStart());
  }
}

function whyNotJson(text: string): Trouble {
  if (text === "") return { kind: "body", detail: "an empty body" };
  if (/^[{[]/.test(text)) return { kind: "body", detail: "JSON that breaks off or is damaged" };
  if (!text.startsWith("<")) return { kind: "not-json", detail: "text that is not JSON" };
  const title = pageTitle(text);
  return {
    kind: "not-json",
    detail: `an HTML page instead of JSON${title === "" ? "" : ` (“${title}”)`}`,
  };
}
