/** A notification as plain JSON, for programs: a shape that stays, to which members may be added. */
import type { Notification, RunFacts } from "./notification.ts";

export interface JsonBody extends RunFacts {
  event: "run-ended";
  version: 1;
  subject: string;
  text: string;
}

export function jsonBody({ subject, text, facts }: Notification): JsonBody {
  return { event: "run-ended", version: 1, subject, text, ...facts };
}
