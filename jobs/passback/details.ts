/** What else Canvas says of a submission: kept for templates that ask for it, as it is half of a district's snapshot. */
import { Failure } from "../../config/failure.ts";
import type { SectionGrades } from "../../connectors/canvas/records.ts";
import type { GradesConfig } from "../../mappers/gradebook-body.ts";
import type { Run } from "../run/run.ts";

type Rules = Pick<GradesConfig, "result">;

/** Whether a template of results speaks of the submission. */
export function needsDetails({ result: { values, metadata } }: Rules): boolean {
  const templates = [...Object.values(values), ...Object.values(metadata)];
  return templates.some((template) => typeof template === "string" && /\{\s*submission\./.test(template));
}

/** Takes them away in place. */
export function dropDetails({ assignments }: SectionGrades): void {
  for (const { submissions } of assignments) for (const submission of submissions) delete submission.more;
}

/** @throws Failure usage.snapshot when the config has come to need what was not kept */
export function demandDetails({ manifest }: Run, rules: Rules): void {
  if (manifest.grades?.withoutDetails !== true || !needsDetails(rules)) return;
  throw new Failure(
    "usage.snapshot",
    `The config of results speaks of submissions now, and run ${manifest.run} has not kept what Canvas said of them. Nothing was sent.`,
    { hint: `\`rosterbridge rerun ${manifest.run} --from snapshot\` asks Canvas again.` },
  );
}
