/** The fingerprint of what a configuration means, however its file is written. */
import { createHash } from "node:crypto";
import type { Config } from "./schema.ts";

/**
 * `sha256:` and 64 hex digits over the configuration with its defaults, keys in order. Layout, comments and the
 * order of keys do not change it; secrets count by where they are kept, never by what they are.
 */
export function configDigest(config: Config): string {
  return `sha256:${createHash("sha256").update(canonicalJson(config)).digest("hex")}`;
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
