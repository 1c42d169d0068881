/** Delivery over SFTP: the Canvas CSV Gateway, or any other server. */
import { posix } from "node:path";
import { Failure } from "../../config/failure.ts";
import type { DeliveryConfig } from "../../config/schema.ts";
import { unlessAborted, within } from "./deadline.ts";
import type { Gateway, GatewayPorts } from "./gateway.ts";
import { wrapParcel } from "./parcel.ts";
import { deliver, type Delivery, tidyUp } from "./sftp-delivery.ts";
import { isPassing } from "./sftp-faults.ts";
import { openSession, type SftpLimits } from "./sftp-session.ts";

export type SftpDeliveryConfig = Extract<DeliveryConfig, { kind: "sftp" }>;

const LIMITS: SftpLimits = { readyMs: 30_000, stallMs: 60_000, graceMs: 5_000, attempts: 3 };

/** Fills the 2 MiB that a server usually lets us send ahead, which is what keeps a distant one busy. */
const WRITES_IN_FLIGHT = 16;

const FIRST_WAIT_MS = 2_000;

/**
 * A package travels under a temporary name, has its size checked, and gets its name by a rename. A connection
 * that breaks is tried again; what it left behind is removed, and a parcel that arrived all the same is
 * recognised by its bytes.
 */
export function connectSftp(
  config: SftpDeliveryConfig,
  ports: GatewayPorts,
  limits: Partial<SftpLimits> = {},
): Gateway {
  if (config.privateKey === undefined && config.password === undefined) {
    throw new Failure("usage.no-credentials", "delivery has neither privateKey nor password.", {
      hint: "Set delivery.privateKey or delivery.password, as { env: NAME } or { file: PATH }.",
    });
  }
  const bounds = { ...LIMITS, ...limits };
  return {
    async put(file, name, options = {}) {
      const target = posix.join(config.path, name);
      const delivery: Delivery = {
        ...options,
        parcel: await wrapParcel(file, name),
        folder: config.path,
        target,
        mode: config.mode,
        ports,
        concurrency: WRITES_IN_FLIGHT,
        begun: undefined,
        isRenameAsked: false,
      };
      await persist(config, bounds, delivery);
      return { kind: "sftp", target, bytes: delivery.parcel.bytes, verified: true };
    },
  };
}

async function persist(config: SftpDeliveryConfig, limits: SftpLimits, delivery: Delivery): Promise<void> {
  const { ports, signal, target } = delivery;
  for (let attempt = 1; ; attempt++) {
    try {
      await tryOnce(config, limits, delivery);
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      if (!isPassing(error) || attempt === limits.attempts) {
        await sweep(config, limits, delivery);
        throw error;
      }
      // Some servers hang up, or mix things up, when more than one write is under way.
      if (attempt === limits.attempts - 1 && delivery.begun !== undefined) delivery.concurrency = 1;
      const milliseconds = Math.round(FIRST_WAIT_MS * 4 ** (attempt - 1) * (0.5 + ports.random()));
      ports.log("delivery.retry", { target, attempt, code: error.code, reason: error.message, milliseconds });
      await ports.sleep(milliseconds, signal);
    }
  }
}

async function tryOnce(config: SftpDeliveryConfig, limits: SftpLimits, delivery: Delivery): Promise<void> {
  const session = await openSession(config, limits, delivery.signal);
  const work = deliver(session, delivery);
  try {
    await unlessAborted(work, delivery.signal);
  } catch (error) {
    const settled = work.catch(() => undefined);
    await within(
      limits.graceMs,
      settled.then(() => tidyUp(session, delivery)),
    );
    throw error;
  } finally {
    await session.close();
  }
}

/** The connection broke for the last time, and with it went the chance to remove what it had begun. */
async function sweep(config: SftpDeliveryConfig, limits: SftpLimits, delivery: Delivery): Promise<void> {
  if (delivery.begun === undefined) return;
  const { graceMs } = limits;
  try {
    const session = await openSession(
      config,
      { ...limits, readyMs: graceMs, stallMs: graceMs },
      delivery.signal,
    );
    await within(graceMs, tidyUp(session, delivery));
    await session.close();
  } catch {
    delivery.ports.log("delivery.left-over", { file: delivery.begun });
  }
}
