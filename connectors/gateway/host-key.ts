/** A gateway is known by its host key alone: whoever shows another one gets nothing from us. */
import { createHash } from "node:crypto";
import type { ServerHostKeyAlgorithm } from "ssh2";
import { Failure } from "../../config/failure.ts";

/** As `ssh-keygen -lf` prints it: `SHA256:` and 43 characters, without padding. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

export function isPinned(seen: string, pinned: string | string[]): boolean {
  return [pinned].flat().some((known) => known.replace(/=+$/, "") === seen);
}

/**
 * A server has a key of each of these kinds, or of some, and shows the kind that it is asked for. The pinned
 * one may be any of them, and a fingerprint does not say which.
 */
export const HOST_KEY_KINDS: ServerHostKeyAlgorithm[][] = [
  ["ssh-ed25519"],
  ["ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"],
  ["rsa-sha2-512", "rsa-sha2-256"],
];

export function strangeHostKey(place: string, seen: string[], pinned: string | string[]): Failure {
  return new Failure(
    "delivery.host-key",
    `${place} shows another host key than delivery.hostKey: seen ${list(seen)}, expected ${list([pinned].flat())}. ` +
      "Nothing was sent.",
    {
      hint:
        "Do not simply take over what was seen: somebody may be between us and the gateway. Ask whoever runs it, " +
        "by another way than this connection, whether its key was changed; only then correct delivery.hostKey.",
    },
  );
}

function list(fingerprints: string[]): string {
  return fingerprints.join(" and ");
}
