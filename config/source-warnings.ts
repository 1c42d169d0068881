/** What a person should know of a configuration that is valid all the same: of its SIS, of its addresses, of its grades. */
import { gradeWarnings } from "./grade-warnings.ts";
import { gradesUnsupported, readProfile } from "./profiles.ts";
import type { Config, RestSourceConfig } from "./schema.ts";
import { holds } from "./when.ts";

export interface SourceWarning {
  message: string;
  /** What to do. */
  hint: string;
}

/** @param job what is about to run, for what matters to it; left out: everything */
export function sourceWarnings(config: Config, job?: "roster" | "grades"): SourceWarning[] {
  const { source } = config;
  const { warnings } = readProfile(source.profile);
  const ofSis = warnings
    .filter(({ when, log }) => holds(when, config) && (job === undefined || log.includes(job)))
    .map((warning) => ({ message: warning.says, hint: warning.do }));
  if (source.kind !== "oneroster-rest") return ofSis;
  const { grades } = config;
  const ofGrades =
    grades === undefined || job === "roster" ? [] : [...gradebookWarnings(source), ...gradeWarnings(grades)];
  return [...versionWarnings(source), ...ofGrades, ...ofSis];
}

/** Why this configuration can have no grade passback, in a sentence; undefined where it can. */
export function gradesRefusal({ source }: Pick<Config, "source">): string | undefined {
  const unsupported = gradesUnsupported(readProfile(source.profile));
  if (unsupported !== undefined || source.kind === "oneroster-rest") return unsupported;
  return `Grades go to the SIS over OneRoster REST, and source.kind is ${source.kind}.`;
}

/** The paths of OneRoster 1.1 end in /v1p1 and those of 1.2 in /v1p2; a SIS behind a proxy may have its own. */
function versionWarnings({ url, gradebookUrl, version }: RestSourceConfig): SourceWarning[] {
  const addresses = { url, gradebookUrl };
  return Object.entries(addresses).flatMap(([key, address]) => {
    const [path, minor] = /\/v1p([12])(?=\/|$)/i.exec(address ?? "") ?? [];
    if (path === undefined || version === `1.${minor ?? ""}`) return [];
    return [
      {
        message: `source.${key} has ${path} in it, the path of OneRoster 1.${minor ?? ""}, and source.version is ${version}.`,
        hint: `Set source.version to what the SIS answers at that address (most likely "1.${minor ?? ""}"), or source.${key} to its address of OneRoster ${version}.`,
      },
    ];
  });
}

/** OneRoster 1.2 has rosters and grades under different roots (rostering and gradebook REST bindings). */
function gradebookWarnings({ url, gradebookUrl, version }: RestSourceConfig): SourceWarning[] {
  const elsewhere = url.replace(/\/rostering(?=\/)/i, "/gradebook");
  if (version !== "1.2" || gradebookUrl !== null || elsewhere === url) return [];
  return [
    {
      message:
        "source.url is the root of rosters (/rostering/), and line items would be sought there as well, as source.gradebookUrl is not set.",
      hint: `Set source.gradebookUrl to the root of the gradebook, most likely ${elsewhere}.`,
    },
  ];
}
