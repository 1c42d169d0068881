/** A profile laid under a configuration. */
import { stringify } from "yaml";
import { isMapping, type Mapping } from "./mapping.ts";
import { nearest } from "./nearest.ts";
import { type Path, valueAt } from "./problem.ts";
import { gradesUnsupported, type Profile, PROFILE_NAMES, readProfile } from "./profiles.ts";
import { layUnder, type Outcome } from "./underlay.ts";
import { holds } from "./when.ts";

/** A key that a profile has a value for. */
export interface ProfileSetting {
  /** Dotted, such as `source.auth.kind`. */
  key: string;
  /** As YAML on one line. */
  value: string;
}

export interface AppliedProfile {
  name: string;
  title: string;
  /** What counts because the configuration says nothing else. */
  set: ProfileSetting[];
  /** What does not count, because the configuration says something else. */
  overridden: ProfileSetting[];
}

export interface ProfiledTree extends AppliedProfile {
  tree: unknown;
  /** For a key that the profile leaves to the administrator: what to write there. */
  ask: (path: Path) => string | undefined;
}

/** @param tree a configuration as it is written, which may be wrong in any way */
export function applyProfile(tree: unknown): ProfiledTree {
  const name = profileOf(tree);
  const profile = readProfile(name);
  const applied = { name, title: profile.title, set: [], overridden: [] };
  const ask = (path: Path) =>
    valueAt(profile, path) === null ? profile.ask[path.map(String).join(".")] : undefined;
  if (!isMapping(tree) || !isMapping(tree["source"])) return { ...applied, tree, ask };

  const outcomes: Outcome[] = [];
  const merged = layUnder(defaultsFor(profile, tree), tree, (outcome) => outcomes.push(outcome));
  const settings = (counts: boolean): ProfileSetting[] =>
    outcomes
      .filter((outcome) => outcome.counts === counts)
      .map(({ key, value }) => ({ key, value: inYaml(value) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  return { ...applied, tree: merged, ask, set: settings(true), overridden: settings(false) };
}

/** The profile that is named; one that is nearly named, so that only the name is told to be wrong. */
function profileOf(tree: unknown): string {
  const written = valueAt(tree, ["source", "profile"]);
  const [generic] = PROFILE_NAMES;
  if (typeof written !== "string") return generic;
  return PROFILE_NAMES.find((name) => name === written) ?? nearest(written, [...PROFILE_NAMES]) ?? generic;
}

/** Settings of `source`, and of `grades` where that is configured. */
function defaultsFor(profile: Profile, tree: unknown): Mapping {
  const takesGrades = gradesUnsupported(profile) === undefined && isMapping(valueAt(tree, ["grades"]));
  const part = ({ source, grades }: Pick<Profile, "source" | "grades">): Mapping =>
    takesGrades ? { source, grades } : { source };
  return profile.variants.reduce((defaults, variant) => {
    const config = isMapping(tree) ? layUnder(defaults, tree) : defaults;
    return holds(variant.when, config) ? layUnder(defaults, part(variant)) : defaults;
  }, part(profile));
}

function inYaml(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();
}
