/** What the guards say of a night, as lines: every limit that it is over, and what that looks like. */
import type { Manifest, Violation } from "./manifest.ts";

/** A district with hundreds of schools may be over as many limits; the first ones tell the story. */
const MOST = 20;

interface Words {
  violations: readonly Violation[];
  causes: readonly string[];
}

export function guardLines({ violations, causes }: Words): string[] {
  const more = violations.length - MOST;
  return [
    ...violations.slice(0, MOST).map(({ message }) => `  ✗ ${message}`),
    ...(more > 0
      ? [`  … and ${more.toLocaleString("en")} more; \`rosterbridge show --json\` has them all`]
      : []),
    ...causes.map((cause) => `  ? ${cause}`),
  ];
}

/** The guards' part of a run's summary: nothing where there was nothing to hold the night for. */
export function guardSummary({ run, guard, dryRun }: Manifest, state: string): string[] {
  if (guard?.violations[0] === undefined) return [];
  const { accepted, violations } = guard;
  const lines = (title: string, next: string[] = []) => [
    `  guard     ${title}`,
    ...[...guardLines(guard), ...next].map((line) => `  ${line}`),
  ];
  const limits = violations.length === 1 ? "1 limit" : `${violations.length.toLocaleString("en")} limits`;
  if (accepted !== null)
    return lines(`over ${limits}, accepted by ${accepted.by} at ${accepted.at} (${accepted.how})`);
  if (dryRun)
    return lines(`would hold this night, over ${limits}`, [
      "  → Is this what Canvas should be told? Then: rosterbridge roster --accept-changes",
    ]);
  if (state !== "held") return lines(`over ${limits}`);
  return lines(`holds this night, over ${limits}`, [
    `  → Is this what Canvas should be told? Then: rosterbridge rerun ${run} --accept-changes`,
  ]);
}
