/** A notification with a webhook: one POST, tried again while that may help. */
import { EnvHttpProxyAgent, request } from "undici";
import { jsonBody } from "./json-body.ts";
import type { Notification } from "./notification.ts";
import type { NotifyConfig, NotifyPorts, Told } from "./ports.ts";
import { slackBody } from "./slack-body.ts";
import { teamsBody } from "./teams-body.ts";
import { faultOf, type Posted, whyNot } from "./webhook-faults.ts";
import { retryWait } from "./webhook-retry.ts";

type WebhookConfig = Extract<NotifyConfig, { kind: "webhook" }>;

const BODIES = { json: jsonBody, slack: slackBody, teams: teamsBody };

/** Proxies come from the environment: HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in either case. */
export async function postWebhook(
  config: WebhookConfig,
  message: Notification,
  ports: NotifyPorts,
): Promise<Told> {
  const url = URL.parse(typeof config.url === "string" ? config.url : config.url.reveal());
  if (url === null || !/^https?:$/.test(url.protocol))
    return { ok: false, why: "its url does not begin with https:// (or http://)" };

  const body = JSON.stringify(BODIES[config.format](message));
  const agent = new EnvHttpProxyAgent({ connectTimeout: ports.timeout });
  try {
    for (let made = 1; ; made++) {
      const posted = await post(url, body, agent, ports);
      if (posted.kind === "answer" && posted.status >= 200 && posted.status < 300) return { ok: true };
      const waitMs = retryWait(posted, { made, now: ports.now(), random: ports.random() });
      if (waitMs === undefined || !(await slept(waitMs, ports)))
        return { ok: false, why: whyNot(posted, made) };
    }
  } finally {
    void agent.destroy();
  }
}

async function post(
  url: URL,
  body: string,
  dispatcher: EnvHttpProxyAgent,
  { signal, timeout }: NotifyPorts,
): Promise<Posted> {
  try {
    const response = await request(url, {
      dispatcher,
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
    });
    // The status says it all; whoever answers and then keeps talking is not listened to.
    response.body.on("error", () => undefined).destroy();
    const [retryAfter] = [response.headers["retry-after"]].flat();
    return { kind: "answer", status: response.statusCode, retryAfter };
  } catch (error) {
    return faultOf(error);
  }
}

/** Whether the whole time was waited, rather than being called off. */
async function slept(milliseconds: number, { sleep, signal }: NotifyPorts): Promise<boolean> {
  try {
    await sleep(milliseconds, signal);
    return true;
  } catch {
    return false;
  }
}
