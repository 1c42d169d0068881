/** One class to the SIS: its line items, then its results. */
import type { ClassPlan } from "./plan.ts";
import { postLineItems } from "./post-line-items.ts";
import { postResults } from "./post-results.ts";
import type { PostPorts } from "./posting.ts";
import type { Row } from "./rows.ts";

/** @throws Failure source.… when the SIS as a whole is of no use; what was confirmed until then is in the ledger */
export async function postClass(plan: ClassPlan, ports: PostPorts): Promise<Row[]> {
  const known = ports.ledger.ofClass(plan.classId);
  const { rows, placed } = await postLineItems(plan, known, ports);
  return [...rows, ...(await postResults(plan, placed, known, ports))];
}
