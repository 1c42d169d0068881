/** A small mail server that takes nothing for granted: order of commands, line ends, dots, passwords (RFC 5321, 4954). */
import { createServer, type AddressInfo, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { onTestFinished } from "vitest";
import { selfSigned } from "./certificate.ts";

export interface SmtpOptions {
  /** Who may send; nobody needs to sign in when left out. */
  login?: { user: string; password: string; mechanism: "PLAIN" | "LOGIN" };
  /** Offers STARTTLS, or speaks TLS from the first byte, with a certificate of its own making. */
  tls?: "offered" | "implicit";
  /** An answer in place of the usual one, by the beginning of the command: `RCPT TO:<pat@`, `DATA`. */
  refuse?: Record<string, string>;
  /** Falls silent there: before the greeting, or when the command comes. */
  silentAt?: "greeting" | "EHLO" | "DATA";
}

export interface Mail {
  from: string;
  to: string[];
  /** Header fields by lower-case name, unfolded. */
  headers: Record<string, string>;
  body: string;
  /** Whether it came over TLS. */
  encrypted: boolean;
}

export interface SmtpServer {
  port: number;
  mails: Mail[];
  /** As they came. */
  lines: string[];
}

export async function startSmtp(options: SmtpOptions = {}): Promise<SmtpServer> {
  const mails: Mail[] = [];
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const secrets = options.tls === undefined ? undefined : selfSigned();
  const secured = (socket: Socket) => new TLSSocket(socket, { isServer: true, ...secrets });
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    const session = { options, mails, lines, secured };
    converse(options.tls === "implicit" ? secured(socket) : socket, session, true);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, mails, lines };
}

interface Session {
  options: SmtpOptions;
  mails: Mail[];
  lines: string[];
  secured: (socket: Socket) => TLSSocket;
}

function converse(socket: Socket, session: Session, greets: boolean): void {
  const { options, mails, lines } = session;
  const encrypted = socket instanceof TLSSocket;
  const say = (line: string) => socket.write(`${line}\r\n`);
  let greeted = false;
  let trusted = options.login === undefined;
  let envelope: { from: string; to: string[] } | undefined;
  let data: string[] | undefined;
  let expected: ((line: string) => void) | undefined;
  let user = "";

  function signIn(name: string, password: string): void {
    trusted = name === options.login?.user && password === options.login.password;
    say(trusted ? "235 welcome" : `535 ${name} is not known here, nor is ${password}`);
  }

  function command(line: string): void {
    const refusal = Object.entries(options.refuse ?? {}).find(([start]) => line.startsWith(start));
    if (options.silentAt !== undefined && line.startsWith(options.silentAt)) return;
    if (refusal !== undefined) say(refusal[1]);
    else if (/^EHLO \S+$/.test(line)) {
      greeted = true;
      say("250-mail.example.org");
      if (options.tls === "offered" && !encrypted) say("250-STARTTLS");
      if (options.login !== undefined) say(`250-AUTH ${options.login.mechanism}`);
      say("250 8BITMIME");
    } else if (line === "QUIT") {
      say("221 bye");
      socket.end();
    } else if (!greeted) say("503 say EHLO first");
    else if (line === "STARTTLS" && options.tls === "offered" && !encrypted) {
      say("220 go on");
      socket.removeAllListeners("data");
      converse(session.secured(socket), session, false);
    } else if (/^AUTH PLAIN \S+$/.test(line) && options.login?.mechanism === "PLAIN") {
      const [, name = "", password = ""] = decoded(line.slice("AUTH PLAIN ".length)).split("\0");
      signIn(name, password);
    } else if (line === "AUTH LOGIN" && options.login?.mechanism === "LOGIN") {
      say("334 VXNlcm5hbWU6");
      expected = (name) => {
        user = decoded(name);
        say("334 UGFzc3dvcmQ6");
        expected = (password) => {
          signIn(user, decoded(password));
        };
      };
    } else if (!trusted) say("530 sign in first");
    else if (/^MAIL FROM:<[^>]*>/.test(line) && envelope === undefined) {
      envelope = { from: addressIn(line), to: [] };
      say("250 ok");
    } else if (/^RCPT TO:<[^>]+>/.test(line) && envelope !== undefined) {
      envelope.to.push(addressIn(line));
      say("250 ok");
    } else if (line === "DATA" && envelope !== undefined && envelope.to.length > 0) {
      data = [];
      say("354 begin");
    } else say(`500 ${line} is out of order`);
  }

  function take(line: string): void {
    if (data !== undefined) {
      if (line !== ".") {
        data.push(line.replace(/^\./, ""));
        return;
      }
      mails.push({ ...envelope!, ...parsed(data), encrypted });
      data = undefined;
      envelope = undefined;
      say("250 taken");
      return;
    }
    lines.push(line);
    if (expected === undefined) {
      command(line);
      return;
    }
    const answer = expected;
    expected = undefined;
    answer(line);
  }

  let rest = "";
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => {
    rest += chunk.toString("latin1");
    if (/(^|[^\r])\n/.test(rest)) {
      say("500 lines end in CR and LF");
      socket.end();
    }
    for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      take(line);
    }
  });
  if (greets && options.silentAt !== "greeting") say("220 mail.example.org");
}

function addressIn(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? "";
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}

/** Header fields, and the text as its reader sees it. */
function parsed(lines: string[]): Pick<Mail, "headers" | "body"> {
  const blank = lines.indexOf("");
  const fields = lines
    .slice(0, blank)
    .join("\n")
    .replaceAll(/\n[ \t]+/g, " ")
    .split("\n");
  const headers = Object.fromEntries(
    fields.map((field) => {
      const colon = field.indexOf(":");
      return [field.slice(0, colon).toLowerCase(), encodedWords(field.slice(colon + 1).trim())];
    }),
  );
  const text = lines.slice(blank + 1).join("\n");
  switch (headers["content-transfer-encoding"]) {
    case "quoted-printable":
      return { headers, body: unquoted(text.replaceAll("=\n", "")) };
    case "base64":
      return { headers, body: decoded(text) };
    default:
      return { headers, body: text };
  }
}

/** RFC 2047. */
function encodedWords(text: string): string {
  return text
    .replaceAll(/\?=\s+=\?/g, "?==?")
    .replaceAll(/=\?UTF-8\?([QB])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toUpperCase() === "B" ? decoded(word) : unquoted(word.replaceAll("_", " ")),
    );
}

function unquoted(text: string): string {
  const bytes = text.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}
