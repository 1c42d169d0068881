/** The halves of a long term, as Canvas's grading periods. */
import { instant } from "./clock.ts";
import type { NextId } from "./ids.ts";
import type { GradingPeriod, Term } from "./records.ts";

const DAY = 86_400_000;
const LONG = 60 * DAY;

/** Two, one after the other without a gap; none for a term that is short or open. */
export function periodsOf(term: Term, nextId: NextId): GradingPeriod[] {
  if (term.start_at === null || term.end_at === null) return [];
  const start = Date.parse(term.start_at);
  const end = Date.parse(term.end_at);
  if (end - start < LONG) return [];
  const middle = start + Math.round((end - start) / 2 / DAY) * DAY;
  return [
    {
      id: nextId("period"),
      title: "Grading Period 1",
      start_date: instant(start),
      end_date: instant(middle - 1000),
    },
    { id: nextId("period"), title: "Grading Period 2", start_date: instant(middle), end_date: instant(end) },
  ];
}
