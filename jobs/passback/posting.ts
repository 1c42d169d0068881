/** What posting needs, and what the answer to one record means. */
import type { Gradebook, Sent } from "../../connectors/oneroster/gradebook.ts";
import type { Ledger } from "../../connectors/store/ledger.ts";
import type { GradebookContext, GradesConfig } from "../../mappers/gradebook-body.ts";
import { problem, type Outcome, type Why } from "./rows.ts";
import type { SendParcels } from "./sending.ts";

export interface PostPorts {
  rules: GradesConfig;
  context: GradebookContext;
  institution: string;
  ledger: Pick<Ledger, "ofClass" | "intend" | "confirm" | "unconfirm" | "forget">;
  gradebook: Pick<Gradebook, "lineItemsOfClass" | "resultsOfClass" | "remove">;
  send: SendParcels;
  /** The run was begun before: what the ledger has as intended is looked up, whatever the plan says. */
  resumed: boolean;
  /** What is found in the SIS as it should be is sent all the same. */
  remaster: boolean;
}

/** @param what `line item` or `result` */
export function outcomeOf(sent: Sent, what: string): { outcome: Outcome; why?: Why } {
  switch (sent.kind) {
    case "stored":
      return { outcome: "sent" };
    case "refused":
      return {
        outcome: "refused",
        why: problem(`the SIS refused the ${what} (${sent.status})`, sent.hint, sent.words),
      };
    case "unknown":
      return {
        outcome: "unknown",
        why: problem(
          `nobody knows whether the ${what} has arrived`,
          "Nothing needs to be done: the next run asks the SIS for it, and sends it again if it is not there.",
          sent.words,
        ),
      };
  }
}
