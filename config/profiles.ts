/** The SISs that rosterbridge knows by name: one file each in profiles/, which says how that one differs. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { Failure } from "./failure.ts";
import { When } from "./when.ts";

const sentence = z.string().trim().min(1);
/** Part of a configuration; null for what only the administrator can say. */
const tree = z.record(z.string(), z.unknown());

const Warning = z.strictObject({
  when: When.default({}),
  /** Jobs that log it; `check` shows it in any case. */
  log: z.array(z.enum(["roster", "grades"])).default([]),
  says: sentence,
  do: sentence,
});

const Unsupported = z.strictObject({ unsupported: sentence });

export const Profile = z.strictObject({
  title: sentence,
  about: sentence,
  source: tree.default({}),
  /** For a configuration that has a `grades` section. */
  grades: z.union([Unsupported, tree]).default({}),
  /** Over the two above, where what is configured is so; later ones over earlier ones. */
  variants: z
    .array(z.strictObject({ when: When, source: tree.default({}), grades: tree.default({}) }))
    .default([]),
  /** Key → what the administrator is to write there, and where it is found. */
  ask: z.record(z.string(), sentence).default({}),
  warnings: z.array(Warning).default([]),
});

export type Profile = z.output<typeof Profile>;

const DEFAULT_PROFILE = "generic";
const FOLDER = profileFolder();

/** `generic`, which every configuration has that names none, and the others by alphabet. */
export const PROFILE_NAMES: readonly [string, ...string[]] = [
  DEFAULT_PROFILE,
  ...readdirSync(FOLDER)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length))
    .filter((name) => name !== DEFAULT_PROFILE)
    .sort(),
];

const known = new Map<string, Profile>();

/** @param name one of PROFILE_NAMES */
export function readProfile(name: string): Profile {
  const profile = known.get(name) ?? Profile.parse(parse(readFileSync(profileFile(name), "utf8")));
  known.set(name, profile);
  return profile;
}

/** Where a profile is written. */
export function profileFile(name: string): string {
  return join(FOLDER, `${name}.yaml`);
}

/** Why this SIS takes no grades, in a sentence; undefined where it does. */
export function gradesUnsupported({ grades }: Profile): string | undefined {
  const refusal = Unsupported.safeParse(grades);
  return refusal.success ? refusal.data.unsupported : undefined;
}

/** Beside this file as source; beside the compiled one of a package at its root. */
function profileFolder(): string {
  const places = ["profiles", "../../config/profiles"].map((place) => join(import.meta.dirname, place));
  const folder = places.find((place) => existsSync(join(place, `${DEFAULT_PROFILE}.yaml`)));
  if (folder !== undefined) return folder;
  throw new Failure(
    "internal.installation",
    `The folder config/profiles of rosterbridge is not there (${places.join(", ")}).`,
    { hint: "Install rosterbridge again." },
  );
}
