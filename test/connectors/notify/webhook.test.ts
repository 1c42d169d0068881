import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { connectNotifier } from "../../../connectors/notify/notify.ts";
import type { NotifyConfig, NotifyPorts } from "../../../connectors/notify/ports.ts";
import { FACTS, notice, ports, secret } from "./notices.ts";
import { SECRET_PATH, startReceiver } from "./receiver.ts";

type WebhookConfig = Extract<NotifyConfig, { kind: "webhook" }>;

function webhook(url: WebhookConfig["url"], format: WebhookConfig["format"] = "json"): WebhookConfig {
  return { kind: "webhook", on: ["failed"], url, format };
}

const tell = (url: WebhookConfig["url"], with_: NotifyPorts = ports()) =>
  connectNotifier(webhook(url), with_).send(notice());

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a notification with a webhook", () => {
  it("posts JSON of a shape that programs may rely on", async () => {
    const receiver = await startReceiver();
    expect(await tell(receiver.url)).toEqual({ ok: true });
    expect(receiver.posts).toHaveLength(1);
    const { method, path, headers, body } = receiver.posts[0]!;
    expect([method, path, headers["content-type"]]).toEqual(["POST", SECRET_PATH, "application/json"]);
    expect(JSON.parse(body)).toEqual({
      event: "run-ended",
      version: 1,
      subject: "[rosterbridge] Oakdale Unified: roster night FAILED (delivery)",
      text: "The gateway is full.\n\nCanvas stays as it was.\n\nTo take it up again: rosterbridge rerun",
      ...FACTS,
    });
  });

  it("posts to a URL that is kept as a secret", async () => {
    const receiver = await startReceiver();
    expect(await tell(secret(receiver.url))).toEqual({ ok: true });
  });

  it.for(["slack", "teams"] as const)("posts the shape that %s takes", async (format) => {
    const receiver = await startReceiver({ status: 202 });
    expect(await connectNotifier(webhook(receiver.url, format), ports()).send(notice())).toEqual({
      ok: true,
    });
    const [only] = { slack: "blocks", teams: "attachments" }[format].split(",");
    expect(JSON.parse(receiver.posts[0]!.body)).toHaveProperty(only!);
  });

  it("takes a good status for an answer, however long the receiver keeps talking", async () => {
    const receiver = await startReceiver("chatter");
    expect(await tell(receiver.url)).toEqual({ ok: true });
  });

  it("goes through the proxy that the environment names, and around it where that says so", async () => {
    const asked: string[] = [];
    const proxy = createServer().on("connect", (request, socket) => {
      asked.push(request.url ?? "");
      socket.end("HTTP/1.1 503 Service Unavailable\r\n\r\n");
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    for (const name of ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"]) vi.stubEnv(name, address);
    for (const name of ["no_proxy", "NO_PROXY"]) vi.stubEnv(name, "127.0.0.1");

    expect(await tell("https://hooks.invalid/T0001")).toEqual({
      ok: false,
      why: "the proxy refuses to connect to its host, in all 3 tries",
    });
    expect(asked).toEqual(Array<string>(3).fill("hooks.invalid:443"));
    const receiver = await startReceiver();
    expect(await tell(receiver.url)).toEqual({ ok: true });
    expect(asked).toHaveLength(3);
  });
});

describe("a webhook that does not take it", () => {
  it.for([{ status: 429 }, { status: 500 }, { status: 503 }, "hang up"] as const)(
    "is tried again after %o",
    async (reaction) => {
      const receiver = await startReceiver(reaction, reaction);
      const recorded = ports();
      expect(await tell(receiver.url, recorded)).toEqual({ ok: true });
      expect(receiver.posts).toHaveLength(3);
      expect(recorded.slept).toEqual([250, 500]);
    },
  );

  it("is given up after two retries", async () => {
    const receiver = await startReceiver({ status: 500 }, { status: 502 }, { status: 503 });
    expect(await tell(receiver.url)).toEqual({ ok: false, why: "it answered 503, in all 3 tries" });
    expect(receiver.posts).toHaveLength(3);
  });

  it.for([
    ["2", 2000],
    ["Sat, 21 Nov 2026 02:00:07 GMT", 7000],
    ["10", 10_000],
  ] as const)("is waited for as long as it asks: Retry-After %s", async ([after, milliseconds]) => {
    const receiver = await startReceiver({ status: 429, headers: { "retry-after": after } });
    const recorded = ports();
    expect(await tell(receiver.url, recorded)).toEqual({ ok: true });
    expect(recorded.slept).toEqual([milliseconds]);
  });

  it("is not asked too early when it wants a longer wait than a night can give", async () => {
    const receiver = await startReceiver({ status: 429, headers: { "retry-after": "11" } });
    const recorded = ports();
    expect(await tell(receiver.url, recorded)).toEqual({
      ok: false,
      why: "it answered 429 and asks to wait",
    });
    expect(recorded.slept).toEqual([]);
  });

  it.for([
    [301, "it answered 301"],
    [400, "it answered 400"],
    [403, "it answered 403: its url is not, or no longer, valid"],
    [404, "it answered 404: there is no such webhook any more"],
    [410, "it answered 410: there is no such webhook any more"],
  ] as const)("is not asked twice after %i", async ([status, why]) => {
    const receiver = await startReceiver({ status, headers: { location: "/elsewhere" } });
    expect(await tell(receiver.url)).toEqual({ ok: false, why });
    expect(receiver.posts).toHaveLength(1);
  });

  it("may have taken it when it falls silent, and is not told twice", async () => {
    const receiver = await startReceiver("silent");
    expect(await tell(receiver.url, ports({ timeout: 60 }))).toEqual({
      ok: false,
      why: "its host did not answer in time",
    });
    expect(receiver.posts).toHaveLength(1);
  });

  it("is let go at once when it is called off: while it is silent, and while it is waited for", async () => {
    const silent = await startReceiver("silent");
    const told = tell(silent.url, ports({ signal: AbortSignal.timeout(50) }));
    expect(await told).toEqual({ ok: false, why: "its host did not answer in time" });

    const busy = await startReceiver({ status: 503 });
    const sleep = () => Promise.reject(new Error("called off"));
    expect(await tell(busy.url, ports({ sleep }))).toEqual({ ok: false, why: "it answered 503" });
    expect(busy.posts).toHaveLength(1);
  });

  it.for(["not a url", "mailto:pat@oakdale.example", "file:///etc/passwd"])(
    "is not looked for at %j, which is not said either",
    async (url) => {
      expect(await tell(secret(url))).toEqual({
        ok: false,
        why: "its url does not begin with https:// (or http://)",
      });
    },
  );

  it("says that nobody is there, without the URL", async () => {
    expect(await tell(`http://127.0.0.1:1${SECRET_PATH}`)).toEqual({
      ok: false,
      why: "its host refuses connections, in all 3 tries",
    });
  });
});
