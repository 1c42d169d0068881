/** What the guards say of a night, as lines: every limit that it is over, and what that looks like. */
import type { GuardEntry } from "./manifest.ts";

/** A district with hundreds of schools may be over as many limits; the first ones tell the story. */
const MOST = 20;

interface Words {
  violations: readonly GuardEntry["violations"][number][];
  causes: readonly string[];
}

export function guardLines({ violations, causes }: Words, most = MOST): string[] {
  const more = violations.length - most;
  return [
    ...violations.slice(0, most).map(({ message }) => `  ✗ ${message}`),
    ...(more > 0
      ? [`  … and ${more.toLocaleString("en")} more; \`rosterbridge show --json\` has them all`]
      : []),
    ...causes.map((cause) => `  ? ${cause}`),
  ];
}
