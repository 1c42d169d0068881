/** What a plan says of dates that open or close something, also where no guard minds. */
import type { CrossedRows, DateMoves, Direction } from "../../connectors/store/roster/compared.ts";
import { sumWords, termWords, VERBS } from "../night/date-words.ts";

export function dateLines({ terms, rows }: DateMoves, timezone: string): string[] {
  const byTerms = terms.map((term) => {
    const own = rows.filter(({ by, term_id }) => by === "terms" && term_id === term.term_id);
    return line(termWords(term, timezone), own, term.direction);
  });
  const others = Map.groupBy(
    rows.filter(({ by }) => by !== "terms"),
    ({ by, direction }) => `${by} ${direction}`,
  );
  const byOthers = [...others.values()].flatMap((own) =>
    own.slice(0, 1).map(({ by, direction }) => line(`dates of ${by}`, own, direction)),
  );
  return [...byTerms, ...byOthers];
}

function line(what: string, rows: readonly CrossedRows[], direction: Direction): string {
  return `${what}: ${rows.length === 0 ? "nothing" : sumWords(rows)} would ${VERBS[direction]}`;
}
