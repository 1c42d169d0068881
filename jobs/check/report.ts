/** The findings of a check as a person reads them, and as a program does. */
import { EXIT_CODES, type ExitCode } from "../../config/failure.ts";
import { type Finding, SECTIONS, type SectionName } from "./finding.ts";

const STATUS_WIDTH = 5;
const NAME_WIDTH = 27;

/** What stands over a part of the report; nothing while it goes on. */
export function heading(section: SectionName, before: SectionName | undefined): string {
  if (section === before) return "";
  return `${before === undefined ? "" : "\n"}${SECTIONS[section]}\n\n`;
}

/**
 * `ok   orgs                       8 records, 42 ms`, and under what is not: what to do.
 * @param told hints that were given already; each is given once
 */
export function findingLines({ status, name, ms, message, hint }: Finding, told: Set<string>): string {
  const time = timeWords(ms, status);
  const [first = "", ...more] = `${message}${time}`.split("\n").map(onOneLine);
  const lines = [`${status.padEnd(STATUS_WIDTH)}${name.padEnd(NAME_WIDTH - 1)} ${first}`];
  lines.push(...more.map((line) => `${" ".repeat(STATUS_WIDTH + NAME_WIDTH)}${line}`));
  if (hint !== "" && !told.has(hint)) lines.push(`${" ".repeat(STATUS_WIDTH)}→ ${onOneLine(hint)}`);
  told.add(hint);
  return lines.map((line) => `${line}\n`).join("");
}

export function verdict(findings: readonly Finding[]): string {
  const bad = findings.filter(({ status }) => status === "fail").length;
  return bad === 0 ? "Ready for a night." : `Not ready: ${bad} of ${findings.length} checks failed.`;
}

/** Of what failed, the code of what comes first in a night. */
export function exitCodeOf(findings: readonly Finding[]): ExitCode {
  const areas = findings.filter(({ status }) => status === "fail").map(({ area }) => area);
  const first = (["usage", "source", "delivery"] as const).find((area) => areas.includes(area));
  return EXIT_CODES[first ?? "ok"];
}

export function asJson(findings: readonly Finding[]): string {
  const checks = findings.map(({ section, name, status, ms, message, hint, examples = [] }) => ({
    ...{ section, name, status, ms, message, hint, examples },
  }));
  return `${JSON.stringify({ checks, verdict: verdict(findings) }, null, 2)}\n`;
}

/** What a SIS says may hold anything; it must not paint on somebody's terminal. */
function onOneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}

function timeWords(ms: number | null, status: Finding["status"]): string {
  if (ms === null) return "";
  const time = ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
  // What went wrong is whole sentences, or ends in a path.
  return status === "fail" ? ` (${time})` : `, ${time}`;
}
