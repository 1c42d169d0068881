/** A plan as a person wants to read it before saying yes: the numbers, what stands out, the first rows, the verdict. */
import { join } from "node:path";
import type { Compared, MovedColumn, SchoolChange } from "../../connectors/store/roster/compared.ts";
import type { RosterFile } from "../../connectors/store/roster/settle.ts";
import { isExtra, policyOf } from "../../connectors/store/roster/extra-files.ts";
import { guardLines } from "../run/guard-lines.ts";
import { count, fateOf, fileChanges, grouped, percentOf, schoolWithId } from "../night/wording.ts";
import { inColumns } from "./columns.ts";
import { type PlanFacts, type ToldChange, withoutNames } from "./facts.ts";

/** Lines of each list; what is more is counted. */
const MOST = 8;

/** Ids, columns and counts; never a name, a login or an address of a person. */
export function planText(facts: PlanFacts): string {
  const sections = [
    heading(facts),
    facts.compared.baseline === undefined ? sizes(facts.compared) : differences(facts.compared),
    removals(facts),
    titled("Schools that stand out", schools(facts.compared)),
    titled("Columns that stand out", columns(facts)),
    titled("New ids with the names of old ones", renamed(facts.compared)),
    firstRows(facts),
    verdict(facts),
    places(facts),
  ];
  const lines = sections.filter((section) => section.length > 0).map((section) => section.join("\n"));
  return `${lines.join("\n\n")}\n`;
}

function heading({ run, institution, compared, guard }: PlanFacts): string[] {
  const title = `What tonight would change in Canvas: ${institution}, ${run}. Nothing was sent.`;
  const { baseline } = compared;
  if (baseline !== undefined) {
    return [
      title,
      `Compared with the last delivered night, ${baseline.run}, delivered ${baseline.deliveredAt}.`,
    ];
  }
  return guard.violations.some(({ rule }) => rule === "baseline")
    ? [title, "The last delivered night cannot be compared with; this is all that would be sent."]
    : [
        title,
        "No night has been delivered yet, so there is no baseline: this is what the first one would create.",
      ];
}

function sizes({ files }: Compared): string[] {
  return inColumns(
    [["file", "rows"], ...fileChanges(files).map(([file, { rows }]) => [file, grouped(rows)])],
    [1],
  );
}

function differences({ files }: Compared): string[] {
  const title = ["file", "rows", "added", "changed", "removed", "unchanged"];
  const rows = fileChanges(files).map(([file, { rows, added, changed, removed, unchanged }]) => [
    file,
    ...[rows, added, changed, removed, unchanged].map(grouped),
  ]);
  return inColumns([title, ...rows], [1, 2, 3, 4, 5]);
}

function removals(facts: PlanFacts): string[] {
  const { compared, missing } = facts;
  const lines = fileChanges(compared.files)
    .filter(([, { removed }]) => removed > 0)
    .map(
      ([file, { removed }]) =>
        `${count(removed, file)}: ${nightly(file, facts)}${isExtra(file) ? "" : ` (roster.missing.${file}: ${missing[file]})`}`,
    );
  return titled("There last night, gone tonight", lines);
}

function nightly(file: RosterFile, facts: PlanFacts): string {
  const { missing, mode, repeatMissingNights: nights } = facts;
  if (policyOf(file, missing) === "keep" || mode === "diffing") return fate(file, facts);
  return `${fate(file, facts)} for ${nights === 1 ? "1 night" : `${nights} nights`}`;
}

/** Canvas deletes by itself what is not in a diffing package any more; every other row stays in it. */
function fate(file: RosterFile, { missing, mode }: PlanFacts): string {
  const isLeftOut = mode === "diffing" && policyOf(file, missing) === "delete";
  return isLeftOut ? "left out, which the diffing directory takes for deleted" : fateOf(file, missing).sent;
}

function schools({ schools }: Compared): string[] {
  const differing = schools.toSorted(
    (one, other) =>
      other.removed - one.removed || rest(other) - rest(one) || (keyOf(one) < keyOf(other) ? -1 : 1),
  );
  return shortened(differing, (some) =>
    inColumns(some.map((school) => [schoolWithId(school), school.file, schoolWords(school)])),
  );
}

function schoolWords({ last, added, changed, removed }: SchoolChange): string {
  return [
    removed > 0 ? `${grouped(removed)} of ${grouped(last)} removed (${percentOf(removed, last)})` : "",
    changed > 0 ? `${grouped(changed)} changed` : "",
    added > 0 ? `${grouped(added)} added` : "",
  ]
    .filter((words) => words !== "")
    .join(", ");
}

function rest({ added, changed }: SchoolChange): number {
  return added + changed;
}

function keyOf({ account_id, file }: SchoolChange): string {
  return JSON.stringify([account_id, file]);
}

function columns({ changes, compared }: PlanFacts): string[] {
  const most = (moved: MovedColumn) => moved.changed * 2 > moved.both;
  return [
    ...shortened(changes.columns, (some) =>
      inColumns(some.map(({ file, column, rows }) => [`${file}.${column}`, `${grouped(rows)} changed`])),
    ),
    ...shortened(
      compared.moved.filter(most).toSorted((one, other) => other.changed - one.changed),
      (some) =>
        some.map((moved) => {
          const { file, column, changed, both } = moved;
          return `${file}.${column}: ${grouped(changed)} of the ${grouped(both)} of ${schoolWithId(moved)}`;
        }),
    ),
  ];
}

function renamed({ renamed }: Compared): string[] {
  return renamed
    .filter(({ pairs }) => pairs > 0)
    .map(({ file, pairs, examples }) => {
      const shown = examples.slice(0, 3).map(({ before, after }) => `${before} is now ${after}`);
      return `${count(pairs, file)}${shown.length === 0 ? "" : `, such as ${shown.join(", ")}`}`;
    });
}

function firstRows(facts: PlanFacts): string[] {
  const { changes } = facts;
  if (changes.samples.length === 0) return [];
  const rows = changes.samples.map(withoutNames).map((change) => {
    const { file, key } = change;
    return [file, change.change, onOneLine(key), rowWords(change, facts)];
  });
  return titled(
    `The first of each kind, of ${grouped(changes.lines)} ${changes.lines === 1 ? "line" : "lines"} of changes.csv`,
    inColumns(rows),
  );
}

function rowWords({ file, change, column, before, after }: ToldChange, facts: PlanFacts): string {
  if (change === "removed" && file in facts.compared.files) return fate(file as RosterFile, facts);
  if (column === "" || change !== "changed") return "";
  if (before === null || after === null) return `${column} changed`;
  return onOneLine(`${column}: ${before === "" ? "blank" : before} → ${after === "" ? "blank" : after}`);
}

function verdict({ guard }: PlanFacts): string[] {
  if (guard.violations.length === 0)
    return ["No guard would hold this night: `rosterbridge roster` delivers it."];
  return [
    "This night would be HELD for a person (exit code 4):",
    ...guardLines(guard),
    "Is this what Canvas should be told? Then: rosterbridge roster --accept-changes",
  ];
}

function places({ folder, changesFile, rejected, compared }: PlanFacts): string[] {
  return [
    ...(rejected > 0
      ? [
          `${grouped(rejected)} unfit ${rejected === 1 ? "record was" : "records were"} left out, as rejects.csv says; what was delivered of them before stays.`,
        ]
      : []),
    ...inColumns([
      // Without a night before it nothing has changed, and changes.csv is empty.
      compared.baseline === undefined ? ["every row", join(folder, "canvas")] : ["every change", changesFile],
      ["all files", folder],
    ]),
  ];
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

function shortened<T>(all: readonly T[], lines: (some: readonly T[]) => string[]): string[] {
  if (all.length === 0) return [];
  const more = all.length - MOST;
  return [...lines(all.slice(0, MOST)), ...(more > 0 ? [`… and ${grouped(more)} more`] : [])];
}

/** Ids come from the SIS as well. */
function onOneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}
