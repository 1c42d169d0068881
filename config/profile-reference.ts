/** What docs/configuration.md says of the profiles. */
import { stringify } from "yaml";
import { isMapping, type Mapping } from "./mapping.ts";
import { markdownTable } from "./markdown-table.ts";
import { gradesUnsupported, type Profile, PROFILE_NAMES, readProfile } from "./profiles.ts";
import type { When } from "./when.ts";

/** A heading and what follows it. */
export function profileReference(): string[] {
  return [
    "## What profiles set",
    "A profile lies under the config: it counts where the config says nothing else, and `rosterbridge check` shows it. " +
      "Of `grades` only what there is such a section for. [vendors.md](vendors.md) says what else is known of each.",
    markdownTable(["Profile", "Key", "Value", "When"], PROFILE_NAMES.flatMap(rowsOf)),
  ];
}

function rowsOf(name: string): string[][] {
  const profile = readProfile(name);
  const rows = [profile, ...profile.variants].flatMap((part) => {
    const when = "when" in part ? whenWords(part.when) : "";
    return settingsOf(part).map(([key, value]) => [key, valueWords(value), when]);
  });
  const none = gradesUnsupported(profile) === undefined ? [] : [["`grades`", "not supported", ""]];
  const cells = [...rows, ...none];
  return (cells.length === 0 ? [["", "nothing", ""]] : cells).map((row) => [`\`${name}\``, ...row]);
}

function settingsOf({ source, grades }: Pick<Profile, "source" | "grades">): [string, unknown][] {
  const shaped = isMapping(grades) && !("unsupported" in grades) ? grades : {};
  return leaves({ source, grades: shaped }, []).map(([key, value]) => [`\`${key}\``, value]);
}

function leaves(mapping: Mapping, path: readonly string[]): [string, unknown][] {
  return Object.entries(mapping).flatMap(([name, value]) => {
    const here = [...path, name];
    return isMapping(value) ? leaves(value, here) : [[here.join("."), value] as [string, unknown]];
  });
}

function valueWords(value: unknown): string {
  if (value === null) return "yours to say";
  return `\`${stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim()}\``;
}

function whenWords(when: When): string {
  return Object.entries(when)
    .map(([key, words]) => `\`${key}\` is ${words.map((word) => `\`${word}\``).join(" or ")}`)
    .join(", ");
}
