/** One line of `rosterbridge check`. */
import type { ExitName, Failure } from "../../config/failure.ts";

export interface Finding {
  /** What it is about, and which exit code it has when it fails. */
  area: Extract<ExitName, "usage" | "source" | "delivery">;
  name: string;
  status: "ok" | "warn" | "fail";
  /** How long it took, in milliseconds; null where nothing was waited for. */
  ms: number | null;
  message: string;
  /** What to do; empty when all is well. */
  hint: string;
}

/** Something of this machine or of the config. */
export function found(
  name: string,
  message: string,
  doubt?: { status: "warn" | "fail"; hint: string },
): Finding {
  return { area: "usage", name, ms: null, message, status: doubt?.status ?? "ok", hint: doubt?.hint ?? "" };
}

export function failed(name: string, { message, hint }: Pick<Failure, "message" | "hint">): Finding {
  return found(name, message, { status: "fail", hint });
}
