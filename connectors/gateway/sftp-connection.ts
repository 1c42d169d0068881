/** An SSH connection to the gateway whose host key is pinned. */
import ssh2, { type Client, type ConnectConfig, type ServerHostKeyAlgorithm } from "ssh2";
import { Failure } from "../../config/failure.ts";
import type { SftpConfig } from "../../config/schema.ts";
import { fingerprint, HOST_KEY_KINDS, isPinned, strangeHostKey } from "./host-key.ts";
import { unauthorized, unreachable } from "./sftp-faults.ts";

/**
 * Signs in.
 *
 * @param readyMs how long connecting and signing in may take, in milliseconds
 * @throws {Failure} `delivery.unreachable`, `delivery.host-key`, `delivery.unauthorized`,
 *   `delivery.private-key`; with the signal's reason when that comes first
 */
export async function signIn(config: SftpConfig, readyMs: number, signal?: AbortSignal): Promise<Client> {
  const credentials = credentialsOf(config);
  const seen: string[] = [];

  // Without a wish for a kind of key first: where the pinned key is the one that is shown, that is all.
  for (const serverHostKey of [undefined, ...HOST_KEY_KINDS]) {
    const strangers = seen.length;
    try {
      return await dial({ ...credentials, readyTimeout: readyMs }, serverHostKey, signal, (key) => {
        const shown = fingerprint(key);
        if (isPinned(shown, config.hostKey)) return true;
        seen.push(shown);
        return false;
      });
    } catch (error) {
      signal?.throwIfAborted();
      const isStranger = seen.length > strangers;
      const lacksKind = strangers > 0 && !isStranger && levelOf(error) === "handshake";
      if (isStranger || lacksKind) continue;
      if (levelOf(error) === "client-authentication") throw unauthorized(config, error);
      throw unreachable(config, error, readyMs);
    }
  }
  throw strangeHostKey(`${config.host}:${config.port}`, [...new Set(seen)], config.hostKey);
}

function dial(
  config: ConnectConfig,
  serverHostKey: ServerHostKeyAlgorithm[] | undefined,
  signal: AbortSignal | undefined,
  hostVerifier: (key: Buffer) => boolean,
): Promise<Client> {
  const client = new ssh2.Client();
  const giveUp = () => client.destroy();
  return new Promise<Client>((resolve, reject) => {
    signal?.throwIfAborted();
    signal?.addEventListener("abort", giveUp);
    client.once("ready", () => {
      resolve(client);
    });
    // Stays for good: an error event without a listener would end the process.
    client.on("error", reject);
    client.once("close", () => {
      reject(new Error("the connection was closed"));
    });
    client.on("keyboard-interactive", (_name, _instructions, _language, prompts, answer) => {
      answer(prompts.map(() => config.password ?? ""));
    });
    client.connect({ ...config, hostVerifier, ...(serverHostKey && { algorithms: { serverHostKey } }) });
  })
    .catch((error: unknown) => {
      client.destroy();
      throw error;
    })
    .finally(() => {
      signal?.removeEventListener("abort", giveUp);
    });
}

function credentialsOf(config: SftpConfig): ConnectConfig {
  const { host, port, username, privateKey, password } = config;
  if (privateKey !== undefined) requireUsable(config);
  return {
    host,
    port,
    username,
    ...(privateKey && { privateKey: privateKey.reveal() }),
    ...(config.passphrase && { passphrase: config.passphrase.reveal() }),
    // Some servers ask for the password in a dialogue of one question only.
    ...(password && { password: password.reveal(), tryKeyboard: true }),
    authHandler: [
      ...(privateKey ? (["publickey"] as const) : []),
      ...(password ? (["password", "keyboard-interactive"] as const) : []),
    ],
  };
}

function requireUsable({ privateKey, passphrase }: SftpConfig): void {
  if (privateKey === undefined) return;
  const key = ssh2.utils.parseKey(privateKey.reveal(), passphrase?.reveal());
  const why = key instanceof Error ? key.message : key.isPrivateKey() ? "" : "it is a public key";
  if (why === "") return;
  throw new Failure(
    "delivery.private-key",
    `The private key in ${privateKey.where()} cannot be used: ${why}`,
    {
      hint: "delivery.privateKey is an OpenSSH or PEM private key; a locked one also needs delivery.passphrase.",
    },
  );
}

function levelOf(error: unknown): unknown {
  return error instanceof Error && "level" in error ? error.level : undefined;
}
