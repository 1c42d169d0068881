/** What of the configuration grades need, and what to write where it is not there. */
import { Failure } from "../../config/failure.ts";
import type { Config, RestSourceConfig } from "../../config/schema.ts";
import { gradesRefusal } from "../../config/source-warnings.ts";
import type { GradesConfig } from "../../mappers/gradebook-body.ts";

export interface GradesSetup {
  rules: GradesConfig;
  sis: RestSourceConfig;
}

/** @throws Failure usage.no-grades, usage.no-gradebook */
export function gradesSetup({ source, grades }: Config, file: string): GradesSetup {
  const refusal = gradesRefusal({ source });
  if (refusal !== undefined) {
    throw new Failure("usage.no-gradebook", refusal, {
      hint: "Nothing was touched. If the SIS itself speaks OneRoster REST, a config of its own for it can send grades there.",
    });
  }
  if (source.kind !== "oneroster-rest") throw new Error(`grades with ${source.kind} were not refused`);
  if (grades === undefined) {
    throw new Failure(
      "usage.no-grades",
      `${file} has no \`grades\` section, so there are no grades to pass back.`,
      {
        hint: "Add one that says where grades come from, such as\ngrades:\n  source:\n    kind: canvas-api\n    url: https://oakdale.instructure.com\n    token: { env: CANVAS_TOKEN }\ndocs/configuration.md explains the rest.",
      },
    );
  }
  return { rules: grades, sis: source };
}
