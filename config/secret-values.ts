/** Reads the values that a configuration keeps elsewhere, and has them scrubbed from every output. */
import { readFile } from "node:fs/promises";
import { isHeaderValue, NO_HEADER_VALUE } from "./header-value.ts";
import type { Path, Problem } from "./problem.ts";
import { isSecret, nodesAt } from "./schema-map.ts";
import type { Scrubber } from "./scrub.ts";
import { Secret, type SecretPlace } from "./secret.ts";

export interface SecretKey {
  path: Path;
  secret: Secret;
}

/** Every secret of a configuration and its key. */
export function secretsIn(config: unknown, path: Path = []): SecretKey[] {
  if (config instanceof Secret) return [{ path, secret: config }];
  return childrenOf(config, path).flatMap(([child, below]) => secretsIn(child, below));
}

/** The secrets that a file names although the rest of it is not valid, so that all its mistakes are told at once. */
export function secretsWrittenIn(tree: unknown, value: unknown = tree, path: Path = []): SecretKey[] {
  const place = asPlace(value);
  if (place !== undefined && nodesAt(path, tree).some(isSecret)) return [{ path, secret: new Secret(place) }];
  return childrenOf(value, path).flatMap(([child, below]) => secretsWrittenIn(tree, child, below));
}

/**
 * Reads each secret, whose files must be absolute by now, and registers it with the scrubber.
 *
 * @returns a problem for each that is not there, cannot be read or is empty
 */
export async function readSecrets(
  secrets: readonly SecretKey[],
  env: NodeJS.ProcessEnv,
  scrubber: Scrubber,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { path, secret } of secrets) {
    const { value, fault } = await valueOf(secret.place, env);
    if (value === "" || value === undefined) {
      problems.push({ path, at: "value", message: `${secret.where()} ${fault ?? "is empty"}` });
      continue;
    }
    scrubber.add(value);
    if (isOfHeader(path) && !isHeaderValue(value)) {
      problems.push({ path, at: "value", message: `${secret.where()} ${NO_HEADER_VALUE}` });
      continue;
    }
    secret.resolve(value);
  }
  return problems;
}

/** Whether the SIS gets it as it is in a header; keys and passwords are encoded first. */
function isOfHeader(path: Path): boolean {
  return path[0] === "source" && (path.at(-1) === "token" || path.at(-2) === "headers");
}

async function valueOf(
  place: SecretPlace,
  env: NodeJS.ProcessEnv,
): Promise<{ value?: string | undefined; fault?: string }> {
  if ("env" in place) {
    const value = env[place.env];
    return value === undefined ? { fault: "is not set" } : { value };
  }
  try {
    // Editors and `echo` end a file with a newline that is no part of the secret.
    return { value: (await readFile(place.file, "utf8")).replace(/\r?\n$/, "") };
  } catch (error) {
    return {
      fault: `cannot be read (${error instanceof Error && "code" in error ? String(error.code) : "unknown"})`,
    };
  }
}

function childrenOf(value: unknown, path: Path): [child: unknown, path: Path][] {
  if (Array.isArray(value)) return value.map((item: unknown, index) => [item, [...path, index]]);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).map(([key, child]) => [child, [...path, key]]);
}

function asPlace(value: unknown): SecretPlace | undefined {
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 1) return undefined;
  if ("env" in value && typeof value.env === "string") return { env: value.env };
  return "file" in value && typeof value.file === "string" ? { file: value.file } : undefined;
}
