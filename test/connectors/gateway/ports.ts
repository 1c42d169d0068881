/** Ports that wait for nothing and keep what was logged; secrets that are known already. */
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { Failure } from "../../../config/failure.ts";
import { Secret } from "../../../config/secret.ts";
import type { GatewayPorts } from "../../../connectors/gateway/gateway.ts";

export interface RecordedPorts extends GatewayPorts {
  /** Events in their order. */
  logged: string[];
  /** Milliseconds that were to be waited. */
  slept: number[];
}

export function recordedPorts(): RecordedPorts {
  const logged: string[] = [];
  const slept: number[] = [];
  return {
    logged,
    slept,
    log: (event) => logged.push(event),
    sleep: async (milliseconds) => slept.push(milliseconds),
    random: Math.random,
  };
}

export function secret(value: string, place = "DELIVERY_SECRET"): Secret {
  const known = new Secret({ env: place });
  known.resolve(value);
  return known;
}

/** Bytes that no compression and no luck makes equal. */
export async function writeRandom(file: string, bytes: number): Promise<Buffer> {
  const content = randomBytes(bytes);
  await writeFile(file, content);
  return content;
}

/** What a promise rejects with; fails the test when it resolves. */
export async function rejectionOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error("it was expected to fail, and did not");
}

export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  const error = await rejectionOf(promise);
  if (error instanceof Failure) return error;
  throw error;
}
