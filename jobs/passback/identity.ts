/** The sourcedIds that we give, and the short digests by which two versions of a record are told apart. */
import { createHash, hash, randomUUID } from "node:crypto";

/** Namespace of all our derived ids (RFC 9562 §5.5): a fixed random UUID, which must never change. */
const NAMESPACE = Buffer.from("8b0f6c1e5d0a4f6f9a3c2b7e41d95a70", "hex");

/** 22 characters: 128 bits, as base64, which Node writes in two thirds of the time of base64url. */
export function digestText(text: string): string {
  return hash("sha256", text, "base64").slice(0, 22);
}

/**
 * A new sourcedId: random, or the same again for the same names.
 * @param names institution, class, assignment, and of a result the student
 */
export function newSourcedId(kind: "uuid4" | "uuid5", names: readonly string[]): string {
  return kind === "uuid4" ? randomUUID() : uuid5(JSON.stringify(names));
}

function uuid5(name: string): string {
  const bytes = createHash("sha1").update(NAMESPACE).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
