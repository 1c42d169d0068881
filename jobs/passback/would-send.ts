/** What a dry run would send: the plan of a class, less what the SIS holds already. */
import type { Gradebook, SisResult } from "../../connectors/oneroster/gradebook.ts";
import type { GradebookContext, GradesConfig } from "../../mappers/gradebook-body.ts";
import { resultBody } from "../../mappers/results.ts";
import { AMBIGUOUS_RESULT, ofOneClass } from "./class-refusals.ts";
import { type ClassPlan, type LineItemStep, lineItemSubject, type ResultStep } from "./plan.ts";
import { findResult, indexResults, mustGiveWay } from "./result-decisions.ts";
import { row, type Row } from "./rows.ts";
import { holds } from "./same.ts";

export interface WouldSendPorts {
  rules: GradesConfig;
  context: GradebookContext;
  gradebook: Pick<Gradebook, "resultsOfClass">;
  remaster: boolean;
}

export async function wouldSend(
  { classId, lineItems, results }: ClassPlan,
  ports: WouldSendPorts,
): Promise<Row[]> {
  const steps = new Map(lineItems.map((step) => [step.assignment, step]));
  const existing = results.some(({ look }) => look)
    ? await ofOneClass(classId, () => ports.gradebook.resultsOfClass(classId))
    : { value: [] as SisResult[] };
  const index = indexResults("why" in existing ? [] : existing.value);

  function resultRows(step: ResultStep, { title, sourcedId: lineItem }: LineItemStep): Row[] {
    const { assignment, student, score, sourcedId } = step;
    const subject = { record: "result", assignment, title, student, score, sourcedId } as const;
    if (!step.look || lineItem === null) return [row(subject, "would-send")];
    if ("why" in existing) return [row(subject, "skipped", existing.why)];
    const found = findResult(index, lineItem, student, sourcedId);
    if (found.kind === "ambiguous") return [row(subject, "skipped", AMBIGUOUS_RESULT)];
    const isForNothing = step.action === "remove" || step.takesBack === true;
    if (found.kind === "absent" && isForNothing) return [];
    const isSame =
      found.kind === "found" &&
      step.action === "put" &&
      !ports.remaster &&
      holds(
        found.result.body,
        resultBody(step.body, lineItem, ports.rules, ports.context),
        ports.context.timezone,
      );
    const stays = isSame || (found.kind === "found" && mustGiveWay(step, found.result));
    return [row(subject, stays ? "unchanged" : "would-send")];
  }

  return [
    ...lineItems
      .filter(({ action }) => action !== "keep")
      .map((step) => row(lineItemSubject(step), step.action === "record" ? "unchanged" : "would-send")),
    ...results.flatMap((step) => {
      const lineItem = steps.get(step.assignment);
      return lineItem === undefined ? [] : resultRows(step, lineItem);
    }),
  ];
}
