import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import ssh2, { type Session } from "ssh2";
import { afterEach, describe, expect, it } from "vitest";
import { fingerprint } from "../../../connectors/gateway/host-key.ts";
import { openSession } from "../../../connectors/gateway/sftp-session.ts";
import { ed25519Pair } from "../../../jobs/demo/gateway/keys.ts";
import { failureOf, secret } from "./ports.ts";

const LIMITS = { readyMs: 5_000, stallMs: 5_000, graceMs: 500, attempts: 1 };

let stop = (): void => undefined;
afterEach(() => {
  stop();
});

describe("an SSH server", () => {
  it("that asks for the password in a dialogue gets it there; one without SFTP is told apart", async () => {
    const asked: string[] = [];
    const config = await serve((session) => {
      session.on("sftp", (_, reject) => {
        reject();
      });
    }, asked);
    const failure = await failureOf(openSession(config, LIMITS));

    expect(asked).toEqual(["password", "keyboard-interactive: correct"]);
    expect(failure).toMatchObject({ code: "delivery.refused", exitCode: 5 });
    expect(failure.message).toContain("open SFTP for this account");
  });

  it("that closes the channel and keeps the connection has interrupted us", async () => {
    const config = await serve((session) => {
      session.on("sftp", (accept) => {
        const sftp = accept();
        sftp.on("STAT", () => {
          sftp.end();
        });
      });
    });
    const session = await openSession(config, LIMITS);
    const failure = await failureOf(session.stat("/incoming"));
    await session.close();

    expect(failure).toMatchObject({ code: "delivery.interrupted" });
  });

  it("that answers nothing while it owes an answer is left", async () => {
    const config = await serve((session) => {
      session.on("sftp", (accept) => {
        accept().on("STAT", () => undefined);
      });
    });
    const asking = openSession(config, { ...LIMITS, stallMs: 300 }).then((session) =>
      session.stat("/incoming"),
    );
    const failure = await failureOf(asking);

    expect(failure).toMatchObject({ code: "delivery.interrupted" });
    expect(failure.message).toContain("gave no answer for 0.3 seconds");
  });
});

/** A server that knows one password, which it only takes in a dialogue. */
async function serve(onSession: (session: Session) => void, asked: string[] = []) {
  const hostKeys = ed25519Pair();
  const sockets: Socket[] = [];
  const ssh = new ssh2.Server({ hostKeys: [hostKeys.private] }, (client) => {
    client.on("error", () => undefined);
    client.on("session", (accept) => {
      onSession(accept());
    });
    client.on("authentication", (attempt) => {
      if (attempt.method !== "keyboard-interactive") {
        asked.push(attempt.method);
        attempt.reject(["keyboard-interactive"]);
        return;
      }
      attempt.prompt([{ prompt: "Password:", echo: false }], ([given]) => {
        asked.push(`keyboard-interactive: ${given === "tops3cret" ? "correct" : "wrong"}`);
        attempt.accept();
      });
    });
  });
  const tcp: Server = createServer((socket) => {
    sockets.push(socket);
    ssh.injectSocket(socket);
  }).listen(0, "127.0.0.1");
  await once(tcp, "listening");
  stop = () => {
    tcp.close();
    for (const socket of sockets) socket.destroy();
  };
  const key = ssh2.utils.parseKey(hostKeys.public);
  if (key instanceof Error) throw key;
  return {
    kind: "sftp",
    host: "127.0.0.1",
    port: (tcp.address() as { port: number }).port,
    username: "oakdale",
    password: secret("tops3cret"),
    hostKey: fingerprint(key.getPublicSSH()),
    path: "/incoming",
  } as const;
}
