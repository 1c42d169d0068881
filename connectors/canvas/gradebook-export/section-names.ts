/** The `Section` cell of a Gradebook export: names of sections, joined to a sentence as the exporter's language does. */

/** Before the last name of a sentence, in the languages of Canvas. */
const CONJUNCTIONS = [
  ...[
    "and",
    "und",
    "et",
    "y",
    "e",
    "i",
    "a",
    "en",
    "och",
    "og",
    "ja",
    "és",
    "ve",
    "va",
    "dan",
    "và",
    "או",
    "ו",
  ],
  ...["и", "та", "і", "և", "και", "و", "ac", "in", "si", "și", "şi", "ak", "agus", "eta", "и", "және", "และ"],
];

const SPACED = CONJUNCTIONS.map((word) => ` ${word} `);
/** Written without spaces. */
const UNSPACED = ["、", "和", "與", "と", "및", " 및 ", "，", "; ", ", "];
const JOINTS = [...SPACED, ...UNSPACED];

/**
 * Whether a name is one of those in the cell. A name inside of a longer one is not: `Algebra` is not in
 * `Algebra II and Study Hall`.
 */
export function namesSection(cell: string, name: string): boolean {
  if (name === "") return false;
  if (cell === name) return true;
  for (let at = cell.indexOf(name); at >= 0; at = cell.indexOf(name, at + 1)) {
    const before = cell.slice(0, at);
    const after = cell.slice(at + name.length);
    const begins = before === "" || JOINTS.some((joint) => before.endsWith(joint));
    const ends = after === "" || JOINTS.some((joint) => after.startsWith(joint));
    if (begins && ends) return true;
  }
  return false;
}
