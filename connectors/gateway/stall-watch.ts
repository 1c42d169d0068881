/** Makes sure that whatever is asked over a connection ends: answered, cut, or given up. */
import type { Client, SFTPWrapper } from "ssh2";
import type { Failure } from "../../config/failure.ts";
import { within } from "./deadline.ts";

export type Done<T> = (error: Error | null | undefined, value: T) => void;

export interface StallWatch {
  /** Begins a request; rejects with its error, or with the Failure that ended the connection. */
  over<T>(begin: (done: Done<T>) => void): Promise<T>;
  /** The channel whose end is the connection's end too. */
  follow(channel: SFTPWrapper): void;
  /** Says goodbye, and after `graceMs` hangs up. Requests that still wait are rejected. */
  close(graceMs: number): Promise<void>;
}

/**
 * @param stallMs how long the other end may owe answers without giving any, in milliseconds
 * @param asFailure the Failure for what the other end did, such as "closed the connection"
 */
export function watchOver(
  client: Client,
  stallMs: number,
  asFailure: (did: string, cause?: unknown) => Failure,
): StallWatch {
  let owed = 0;
  let timer: NodeJS.Timeout | undefined;
  const { promise: lost, reject: lose } = Promise.withResolvers<never>();
  lost.catch(() => undefined);

  const { promise: closed, resolve: hasClosed } = Promise.withResolvers<undefined>();
  client.once("close", () => {
    clearTimeout(timer);
    hasClosed(undefined);
    lose(asFailure("closed the connection"));
  });
  client.on("error", (error) => {
    lose(asFailure(`broke the connection: ${error.message}`, error));
  });

  const rearm = () => {
    clearTimeout(timer);
    if (owed === 0) return;
    timer = setTimeout(() => {
      lose(asFailure(`gave no answer for ${stallMs / 1000} seconds`));
      client.destroy();
    }, stallMs);
  };

  return {
    over<T>(begin: (done: Done<T>) => void) {
      owed += 1;
      rearm();
      const answer = new Promise<T>((resolve, reject) => {
        begin((error, value) => {
          if (error == null) resolve(value);
          else reject(error);
        });
      });
      return Promise.race([answer, lost]).finally(() => {
        owed -= 1;
        rearm();
      });
    },
    follow(channel) {
      channel.on("error", (error: Error) => {
        lose(asFailure(`broke the connection: ${error.message}`, error));
      });
      channel.on("close", () => {
        lose(asFailure("closed the connection"));
      });
    },
    async close(graceMs) {
      lose(asFailure("was left"));
      client.end();
      await within(graceMs, closed);
      client.destroy();
    },
  };
}
