/** Between package and gateway: a night that is over a guard's limit waits for a person. */
import { hostname, userInfo } from "node:os";
import { Failure } from "../../config/failure.ts";
import type { Run } from "../run/run.ts";
import { holdMessage } from "./guard.ts";

/** Records who has let the night through, when and by which command; without violations there is nothing to accept. */
export function accept(run: Run, how: string): void {
  const { guard } = run.manifest;
  if (guard === null || guard.violations.length === 0) return;
  guard.accepted = { by: `${userName()}@${hostname()}`, at: run.now().toISOString(), how };
  run.save();
  run.log.warn(
    { guard },
    `guard: accepted by ${guard.accepted.by}: ${guard.violations.length} limits exceeded`,
  );
}

/** @throws Failure held.guard */
export function holdUnlessAccepted(run: Run): void {
  const { guard } = run.manifest;
  if (guard === null || guard.violations.length === 0 || guard.accepted !== null) return;
  const { message, hint } = holdMessage(run.id, guard.violations, guard.causes);
  throw new Failure("held.guard", message, { hint });
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // An account without an entry in the user database, as in some containers.
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}
