import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Secret } from "../../../config/secret.ts";
import type { NotifyConfig } from "../../../connectors/notify/ports.ts";
import { notifyAll, type NotifyLimits } from "../../../jobs/run/notify-all.ts";
import { endRun } from "../../../jobs/run/run.ts";
import { ports, secret } from "../../connectors/notify/notices.ts";
import { SECRET_PATH, startReceiver } from "../../connectors/notify/receiver.ts";
import { startSmtp } from "../../connectors/notify/smtp-server.ts";
import { type BegunRun, beginRun } from "./begun-run.ts";

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "notify-"));
});
afterEach(() => {
  rmSync(state, { recursive: true, force: true });
});

const institution = { id: "oakdale", name: "Oakdale Unified", timezone: "America/Los_Angeles" };
const limits: NotifyLimits = { ...ports(), overall: 10_000 };

function ended(
  status: "ok" | "failed" | "held" | "partial" | "paused",
  scrub?: (text: string) => string,
): BegunRun {
  const begun = beginRun(state, { at: "2026-11-21T02:00:03Z", ...(scrub !== undefined && { scrub }) });
  endRun(begun.run, status, status === "failed" ? 5 : 0);
  return begun;
}

function webhook(url: string | Secret, on: NotifyConfig["on"] = ["failed"]): NotifyConfig {
  return { kind: "webhook", on, url, format: "json" };
}

function mail(port: number): NotifyConfig {
  return {
    kind: "email",
    on: ["failed"],
    host: "127.0.0.1",
    port,
    secure: false,
    username: "bridge",
    password: secret("p4ssw0rd-of-mail"),
    from: "bridge@oakdale.example",
    to: "pat@oakdale.example",
  };
}

describe("notifyAll", () => {
  it("tells everybody who wants to know of a failed night, by mail and webhook", async () => {
    const [receiver, server] = [await startReceiver(), await startSmtp()];
    const { run, logged } = ended("failed");
    await notifyAll({ institution, notify: [mail(server.port), webhook(receiver.url)] }, run, limits);
    expect(server.mails[0]?.headers["subject"]).toBe(
      "[rosterbridge] Oakdale Unified: roster night FAILED (internal)",
    );
    expect(JSON.parse(receiver.posts[0]!.body)).toMatchObject({
      run: run.id,
      status: "failed",
      folder: run.folder,
    });
    expect(
      logged()
        .map(({ level, msg }) => `${level} ${msg}`)
        .sort(),
    ).toEqual(["30 notify: notify[0], a mail, was told", "30 notify: notify[1], a webhook (json), was told"]);
  });

  it.for(["ok", "failed", "held", "partial"] as const)(
    "tells %s to those whose `on` has it alone",
    async (status) => {
      const [wanted, unwanted] = [await startReceiver(), await startReceiver()];
      const others = (["ok", "failed", "held", "partial"] as const).filter((other) => other !== status);
      const notify = [webhook(unwanted.url, others), webhook(wanted.url, [status])];
      await notifyAll({ institution, notify }, ended(status).run, limits);
      expect([wanted.posts.length, unwanted.posts.length]).toEqual([1, 0]);
    },
  );

  it("tells nobody of a pause or a dry run, nor anything when nobody is named", async () => {
    const receiver = await startReceiver();
    const notify = [webhook(receiver.url, ["ok", "failed", "held", "partial"])];
    const { run, logged } = ended("paused");
    await notifyAll({ institution, notify }, run, limits);
    run.manifest.status = "ok";
    await notifyAll({ institution, notify: [] }, run, limits);
    run.manifest.dryRun = true;
    await notifyAll({ institution, notify }, run, limits);
    expect(receiver.posts).toEqual([]);
    expect(logged()).toEqual([]);
  });

  it("warns of each that could not be told, and tells the others", async () => {
    const gone = await startReceiver({ status: 404 });
    const there = await startReceiver();
    const server = await startSmtp({ refuse: { "MAIL FROM": "550 who is bridge@oakdale.example?" } });
    const { run, logged } = ended("failed");
    const notify = [webhook(gone.url), webhook(there.url), mail(server.port)];
    await notifyAll({ institution, notify }, run, limits);
    expect(there.posts).toHaveLength(1);
    expect(
      logged()
        .map(({ level, msg }) => `${level} ${msg}`)
        .sort(),
    ).toEqual([
      "30 notify: notify[1], a webhook (json), was told",
      "40 notify: notify[0], a webhook (json), was not told: it answered 404: there is no such webhook any more. The run itself is not touched by that.",
      "40 notify: notify[2], a mail, was not told: the mail server refused the sender or every recipient (550). The run itself is not touched by that.",
    ]);
  });

  it("gives up whoever hangs, after the time that it has for all", async () => {
    const silent = await startReceiver("silent");
    const server = await startSmtp({ silentAt: "greeting" });
    const { run, logged } = ended("failed");
    const notify = [webhook(silent.url), mail(server.port)];
    await notifyAll({ institution, notify }, run, { ...limits, overall: 60 });
    expect(logged().map(({ level }) => level)).toEqual([40, 40]);
  });

  it("ends a wait that a webhook asked for when the time is up", async () => {
    const busy = await startReceiver({ status: 429, headers: { "retry-after": "9" } });
    const { run, logged } = ended("failed");
    const sleep: NotifyLimits["sleep"] = (_, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          reject(new Error("called off"));
        });
      });
    await notifyAll({ institution, notify: [webhook(busy.url)] }, run, { ...limits, sleep, overall: 60 });
    expect(logged()).toHaveLength(1);
    expect(busy.posts).toHaveLength(1);
  });

  it("does not throw when a secret was never read", async () => {
    const { run, logged } = ended("failed");
    await notifyAll({ institution, notify: [webhook(new Secret({ env: "HOOK" }))] }, run, limits);
    expect(logged()[0]?.msg).toBe(
      "notify: notify[0], a webhook (json), was not told: an unforeseen fault (Error). The run itself is not touched by that.",
    );
  });

  it("writes neither URL nor password nor address into the log, however it ends", async () => {
    const answers = [200, 301, 404].map((status) => ({ status, headers: { location: SECRET_PATH } }));
    const receivers = [
      ...(await Promise.all(answers.map((answer) => startReceiver(answer)))),
      await startReceiver("hang up"),
    ];
    const server = await startSmtp({ login: { user: "bridge", password: "other", mechanism: "PLAIN" } });
    const { run, logged } = ended("failed");
    const notify = [
      ...receivers.map(({ url }) => webhook(url)),
      webhook(secret(`hooks.example${SECRET_PATH}`)),
      webhook(`http://127.0.0.1:1${SECRET_PATH}`),
      mail(server.port),
    ];
    await notifyAll({ institution, notify }, run, limits);
    const log = readFileSync(join(run.folder, "log.ndjson"), "utf8");
    expect(logged()).toHaveLength(notify.length);
    for (const secret of ["pr1vate", "127.0.0.1", "p4ssw0rd", "@oakdale", "hooks.example"])
      expect(log).not.toContain(secret);
  });

  it("takes secrets out of what it tells", async () => {
    const receiver = await startReceiver();
    const { run } = ended("failed", (text) => text.replaceAll("s3cret", "[secret]"));
    run.manifest.errors.push({ stage: null, code: "source.odd", message: "key s3cret", hint: "not s3cret" });
    run.manifest.delivery = { kind: "directory", target: "/incoming/s3cret.zip", verified: true };
    const message = "S s3cret High";
    const violations = [{ rule: "moved" as const, file: null, account_id: null, message }];
    run.manifest.guard = { violations, causes: ["s3cret"], accepted: null };
    await notifyAll({ institution, notify: [webhook(receiver.url)] }, run, limits);
    expect(receiver.posts[0]?.body).toContain("key [secret]");
    expect(receiver.posts[0]?.body).toContain("S [secret] High");
    expect(receiver.posts[0]?.body).not.toContain("s3cret");
  });
});
