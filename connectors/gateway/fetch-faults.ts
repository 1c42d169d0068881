/** Why files cannot be picked up, in the words of somebody who waits for grades. */
import { Failure } from "../../config/failure.ts";
import type { SftpConfig } from "../../config/schema.ts";
import { statusOf } from "./sftp-faults.ts";

const WHERE = "grades.source.path";
const THEN = "Then `rosterbridge rerun`.";

export function noCredentials(): Failure {
  return new Failure("usage.no-credentials", `${WHERE} has neither privateKey nor password.`, {
    hint: `Set ${WHERE}.privateKey or ${WHERE}.password, as { env: NAME } or { file: PATH }.`,
  });
}

export function stillWritten(name: string, why: string): Failure {
  return new Failure("source.still-written", `${name} is not complete at the gateway: ${why}.`, {
    hint: "It is probably still being written: run the job again later, or at another time of the day.",
  });
}

export function tooLarge(name: string, bytes: number): Failure {
  return new Failure(
    "source.too-large",
    `${name} at the gateway has ${bytes} bytes, more than any report has.`,
    {
      hint: `Remove it there, or correct ${WHERE}. ${THEN}`,
    },
  );
}

export function refusedToRead(path: string, cause: unknown): Failure {
  return new Failure("source.refused", `The gateway does not let us read ${path}: ${words(cause)}`, {
    hint: `Ask whoever runs the gateway for the right to read files there. ${THEN}`,
    cause,
  });
}

/** An error of the listing of a folder; a lost connection stays what it is. */
export function noSuchFolder(folder: string, cause: unknown): unknown {
  if (statusOf(cause) === undefined) return cause;
  return new Failure(
    "source.no-folder",
    `The folder ${folder} cannot be read at the gateway: ${words(cause)}`,
    {
      hint: `Create it there, have the right to read it, or correct ${WHERE}.path. ${THEN}`,
      cause,
    },
  );
}

const HINTS: Record<string, string> = {
  "host-key":
    "Do not simply take over what was seen: somebody may be between us and the gateway. Ask whoever runs it, by " +
    `another way than this connection, whether its key was changed; only then correct ${WHERE}.hostKey.`,
  unreachable:
    `Check ${WHERE}.host and .port, the firewall on the way, and whether the gateway's allow-list has this machine's ` +
    `address. ${THEN}`,
  unauthorized: `Check ${WHERE}.username, and whether the gateway knows this key or password. ${THEN}`,
  "private-key": `${WHERE}.privateKey is an OpenSSH or PEM private key; a locked one also needs ${WHERE}.passphrase.`,
};

/**
 * Signing in and talking to the server is the same for what is brought and what is fetched, and its Failures speak of a
 * delivery. Here they become the source's: exit code 3, and the keys of the config that belong to it.
 */
export function asSourceFailure(failure: Failure, { host }: SftpConfig): Failure {
  if (failure.exit !== "delivery") return failure;
  const what = failure.code.slice("delivery.".length);
  const message = failure.message
    .split(host)
    .map((part) =>
      part.replaceAll("delivery.", `${WHERE}.`).replace("Nothing was sent.", "Nothing was fetched."),
    )
    .join(host);
  return new Failure(`source.${what}`, message, { hint: HINTS[what] ?? THEN, cause: failure });
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
