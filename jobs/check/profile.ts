/** What the profile of the SIS makes of a config, and what is to be known of that SIS. */
import type { ProfileSetting } from "../../config/applied-profile.ts";
import type { LoadedConfig } from "../../config/load.ts";
import { gradesRefusal, sourceWarnings } from "../../config/source-warnings.ts";
import { found, type Finding } from "./finding.ts";

export function profileFindings({ config, profile }: LoadedConfig): Finding[] {
  const { name, title, set, overridden } = profile;
  const lines = [
    `${name} (${title})${set.length + overridden.length === 0 ? " sets nothing that the config does not say" : ""}`,
    ...settingLines("sets", set),
    ...settingLines("would set, but the config says otherwise:", overridden),
  ];
  const refusal = config.grades === undefined ? undefined : gradesRefusal(config);
  return [
    found("profile", lines.join("\n")),
    ...(refusal === undefined ? [] : [noGrades(refusal)]),
    ...sourceWarnings(config).map(({ message, hint }) => found(name, message, { status: "warn", hint })),
  ];
}

/** A night of rosters is none the worse for it. */
function noGrades(refusal: string): Finding {
  return found("grades", refusal, {
    status: "warn",
    hint: "The grades command refuses with this sentence. Take the grades section out of the config.",
  });
}

function settingLines(words: string, settings: readonly ProfileSetting[]): string[] {
  return settings.map(({ key, value }) => `${words} ${key}: ${value}`);
}
