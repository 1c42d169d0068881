import { describe, expect, it } from "vitest";
import { connectNotifier } from "../../../connectors/notify/notify.ts";
import type { NotifyConfig } from "../../../connectors/notify/ports.ts";
import { notice, ports, secret } from "./notices.ts";
import { startSmtp } from "./smtp-server.ts";

type MailConfig = Extract<NotifyConfig, { kind: "email" }>;

const PASSWORD = "pass/wörd of the mail=";

function mail(port: number, changes: Partial<MailConfig> = {}): MailConfig {
  return {
    kind: "email",
    on: ["failed"],
    host: "127.0.0.1",
    port,
    secure: false,
    from: "Rosterbridge <bridge@oakdale.example>",
    to: ["pat@oakdale.example", "sam@oakdale.example"],
    ...changes,
  };
}

const withPassword = { username: "bridge", password: secret(PASSWORD) };
const login = { user: "bridge", password: PASSWORD } as const;

describe("a notification by mail", () => {
  it("reaches everybody it is for, with subject, text, run and folder", async () => {
    const server = await startSmtp();
    expect(await connectNotifier(mail(server.port), ports()).send(notice())).toEqual({ ok: true });
    expect(server.mails).toHaveLength(1);
    const { from, to, headers, body } = server.mails[0]!;
    expect(from).toBe("bridge@oakdale.example");
    expect(to).toEqual(["pat@oakdale.example", "sam@oakdale.example"]);
    expect(headers).toMatchObject({
      subject: "[rosterbridge] Oakdale Unified: roster night FAILED (delivery)",
      from: "Rosterbridge <bridge@oakdale.example>",
      to: "pat@oakdale.example, sam@oakdale.example",
      "auto-submitted": "auto-generated",
      "content-type": "text/plain; charset=utf-8",
    });
    expect(body).toBe(
      [
        "The gateway is full.",
        "",
        "Canvas stays as it was.",
        "",
        "To take it up again: rosterbridge rerun",
        "",
        "20261121T020003Z-roster: 2026-11-21T02:00:03.000Z to 2026-11-21T02:04:08.500Z, exit code 5",
        "bridge: /var/lib/rosterbridge/runs/20261121T020003Z-roster",
      ].join("\n"),
    );
  });

  it("keeps accents, and lines that are or begin with a dot", async () => {
    const server = await startSmtp();
    const text = "Escuela Niños Héroes: 12 of 655\n.\n..and a line\n.hidden\nend";
    const message = notice({ subject: "Oakdale Ünified – roster night ok", text });
    await connectNotifier(mail(server.port, { to: "pat@oakdale.example" }), ports()).send(message);
    expect(server.mails[0]?.headers["subject"]).toBe("Oakdale Ünified – roster night ok");
    expect(server.mails[0]?.body).toContain(`${text}\n\n20261121`);
  });

  it.for(["PLAIN", "LOGIN"] as const)("signs in by %s where the server wants it", async (mechanism) => {
    const server = await startSmtp({ login: { ...login, mechanism } });
    const notifier = connectNotifier(mail(server.port, withPassword), ports());
    expect(await notifier.send(notice())).toEqual({ ok: true });
    expect(server.mails).toHaveLength(1);
  });

  it("tells that it may not sign in, in words without the server's, which repeat the password", async () => {
    const server = await startSmtp({ login: { ...login, password: "another", mechanism: "PLAIN" } });
    expect(await connectNotifier(mail(server.port, withPassword), ports()).send(notice())).toEqual({
      ok: false,
      why: "the mail server did not accept username and password (535)",
    });
  });

  it("takes STARTTLS where it is offered, before the password, on this machine from any certificate", async () => {
    const server = await startSmtp({ tls: "offered", login: { ...login, mechanism: "PLAIN" } });
    const notifier = connectNotifier(mail(server.port, withPassword), ports());
    expect(await notifier.send(notice())).toEqual({ ok: true });
    expect(server.mails[0]?.encrypted).toBe(true);
    const commands = server.lines.map((line) => line.split(" ")[0]);
    expect(commands.indexOf("STARTTLS")).toBeLessThan(commands.indexOf("AUTH"));
  });

  it("speaks TLS from the first byte when `secure` says so", async () => {
    const server = await startSmtp({ tls: "implicit" });
    const notifier = connectNotifier(mail(server.port, { secure: true }), ports());
    expect(await notifier.send(notice())).toEqual({ ok: true });
    expect(server.mails[0]?.encrypted).toBe(true);
  });

  // 0.0.0.0 is this machine, without being one of the names by which that is known.
  it("gives no password to a server elsewhere that offers no TLS", async () => {
    const server = await startSmtp({ login: { ...login, mechanism: "PLAIN" } });
    const config = mail(server.port, { ...withPassword, host: "0.0.0.0" });
    expect(await connectNotifier(config, ports()).send(notice())).toEqual({
      ok: false,
      why: "the mail server offers no TLS, or none that can be trusted, so nothing was sent (530)",
    });
    expect(server.lines.filter((line) => line.startsWith("AUTH"))).toEqual([]);
  });

  it.for(["offered", "implicit"] as const)(
    "trusts no certificate of its own making elsewhere, with TLS %s",
    async (tls) => {
      const server = await startSmtp({ tls });
      const config = mail(server.port, { host: "0.0.0.0", secure: tls === "implicit" });
      const told = await connectNotifier(config, ports()).send(notice());
      expect(told).toMatchObject({ ok: false, why: expect.stringMatching(/trusted/) as string });
      expect(server.mails).toEqual([]);
    },
  );

  it("sends without a password to a relay elsewhere that has no TLS", async () => {
    const server = await startSmtp();
    const notifier = connectNotifier(mail(server.port, { host: "0.0.0.0" }), ports());
    expect(await notifier.send(notice())).toEqual({ ok: true });
  });

  it("reaches the others when one recipient is refused, and says how many were not", async () => {
    const server = await startSmtp({ refuse: { "RCPT TO:<pat@": "550 no pat@oakdale.example here" } });
    expect(await connectNotifier(mail(server.port), ports()).send(notice())).toEqual({
      ok: false,
      why: "the mail server refused 1 of the recipients",
    });
    expect(server.mails[0]?.to).toEqual(["sam@oakdale.example"]);
  });

  it.for([
    ["MAIL FROM", "the mail server refused the sender or every recipient (550)"],
    ["RCPT TO", "the mail server refused the sender or every recipient (550)"],
    ["DATA", "the mail server refused the sender or every recipient (550)"],
    ["EHLO", "what answers there is no mail server, or is out of order (550)"],
  ])("names no address when %s is refused", async ([command = "", why]) => {
    const refuse = { [command]: "550 pat@oakdale.example is not welcome", HELO: "550 nor here" };
    const server = await startSmtp({ refuse });
    expect(await connectNotifier(mail(server.port), ports()).send(notice())).toEqual({ ok: false, why });
  });

  it.for(["greeting", "EHLO", "DATA"] as const)(
    "gives up a server that falls silent at %s",
    async (silentAt) => {
      const server = await startSmtp({ silentAt });
      const told = await connectNotifier(mail(server.port), ports({ timeout: 80 })).send(notice());
      expect(told).toEqual({ ok: false, why: "the mail server did not answer in time" });
    },
  );

  it("ends at once when it is called off", async () => {
    const server = await startSmtp({ silentAt: "DATA" });
    const told = connectNotifier(mail(server.port), ports({ signal: AbortSignal.timeout(50) })).send(
      notice(),
    );
    expect(await told).toEqual({ ok: false, why: "the mail server took too long" });
  });

  it("says that nobody is there", async () => {
    expect(await connectNotifier(mail(1), ports()).send(notice())).toEqual({
      ok: false,
      why: "the mail server refuses connections",
    });
  });
});
