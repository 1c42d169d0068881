/** The last stage of a night: a package goes to a place outside, and appears there whole or not at all. */
import { Failure } from "../../config/failure.ts";
import type { DeliveryConfig } from "../../config/schema.ts";

export interface Delivered {
  kind: "sftp" | "directory";
  /** Where it is now, as the gateway names it: `/incoming/oakdale-20261121T020003Z-roster.zip`. */
  target: string;
  bytes: number;
  /** A delivery that could not be verified is a Failure, never a Delivered. */
  verified: true;
}

export interface PutOptions {
  /** Ends the delivery at once; what was begun is removed and the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Bytes that have arrived so far; begins again at 0 when an attempt is repeated. */
  onProgress?: (bytes: number) => void;
  arrival?: Arrival;
}

/** Told when it can no longer be said that the package is not there, for whoever must know after a kill. */
export interface Arrival {
  /**
   * Right before the step that may make the package visible, or when it is found there; until `put` resolves nobody
   * knows. What it throws ends the delivery before that step.
   */
  begins(): void;
  /** The gateway has refused that step: this delivery has brought nothing. */
  isRefused(): void;
}

export interface Gateway {
  /**
   * Delivers a local file under a name. Delivering the same bytes under the same name again is no error:
   * what is already there is compared and left alone.
   *
   * @throws {Failure} `delivery.*`: nothing new ends in the given name, and the local file is as it was
   */
  put(file: string, name: string, options?: PutOptions): Promise<Delivered>;
}

export interface GatewayPorts {
  log: (event: string, details?: Record<string, unknown>) => void;
  sleep: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;
  /** A number from 0 up to 1, as Math.random gives. */
  random: () => number;
}

/** The gateway that the configuration names, and no other's code; nothing is connected before the first `put`. */
export async function connectGateway(config: DeliveryConfig, ports: GatewayPorts): Promise<Gateway> {
  switch (config.kind) {
    case "sftp":
      return (await import("./sftp.ts")).connectSftp(config, ports);
    case "directory":
      return (await import("./directory.ts")).connectDirectory(config, ports);
    case "canvas-api":
      throw new Failure("usage.not-built", "delivery.kind is canvas-api, which this version does not have.", {
        hint: "This version delivers by sftp or to a directory: set delivery.kind to one of them.",
      });
  }
}
