/** A plan as a person wants to read it before saying yes: the numbers, what stands out, the first rows, the verdict. */
import { join } from "node:path";
import type { Compared, MovedColumn } from "../../connectors/store/roster/compared.ts";
import type { RosterFile } from "../../connectors/store/roster/settle.ts";
import { isExtra, policyOf } from "../../connectors/store/roster/extra-files.ts";
import { guardLines } from "../run/guard-lines.ts";
import { count, fateOf, fileChanges, grouped, schoolWithId } from "../night/wording.ts";
import { dateLines } from "./dates.ts";
import { inColumns, shortened } from "./columns.ts";
import { type PlanFacts, type ToldChange, withoutNames } from "./facts.ts";
import { schoolLines } from "./schools.ts";

/** Ids, columns and counts; never a name, a login or an address of a person. */
export function planText(facts: PlanFacts): string {
  const sections = [
    heading(facts),
    facts.compared.baseline === undefined ? sizes(facts.compared) : differences(facts.compared),
    removals(facts),
    titled("There both nights, and suspended", suspended(facts)),
    titled(
      "Dates that move across today",
      shortened(dateLines(facts.compared.dates, facts.timezone), (some) => [...some]),
    ),
    titled("Schools that stand out", schoolLines(facts.compared)),
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

/** Counted among the changed ones, and told apart: to Canvas they are as good as gone. */
function suspended({ compared }: PlanFacts): string[] {
  const { suspended = 0 } = compared.files.users;
  return suspended === 0
    ? []
    : [
        `${count(suspended, "users")} of those that changed: sent as suspended, as enabledUser is false tonight`,
      ];
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

/** Ids come from the SIS as well. */
function onOneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}
