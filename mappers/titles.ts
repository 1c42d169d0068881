/** Titles that fit into the SIS's columns, no two of which become one. */

const SHORTEST_MARK = 4;

interface Named {
  /** Never changes. */
  id: string;
  name: string;
}

/**
 * The title of each assignment of a class, by id, at most `max` characters (code points) long; null: no limit.
 *
 * A name that fits is never changed. One that does not is cut between characters as people see them, and ends in `~`
 * and the last digits of its id: `Unit 3 Lesson 4 Independe~8231`. The mark is always there, not only where two
 * names would meet, so that no title changes when assignments come and go; only a name that fits and is just that
 * title, or the same digits after the same words, makes the mark longer. Titles are told apart without case.
 */
export function titlesOf(assignments: readonly Named[], max: number | null): Map<string, string> {
  const titles = new Map<string, string>();
  const taken = new Set<string>();
  const tooLong: Named[] = [];
  for (const assignment of assignments) {
    if (max !== null && lengthOf(assignment.name) > max) tooLong.push(assignment);
    else {
      titles.set(assignment.id, assignment.name);
      taken.add(folded(assignment.name));
    }
  }
  if (max === null) return titles;
  for (const { id, name } of tooLong.sort(olderFirst)) {
    for (const mark of marksOf(id, max)) {
      const title = `${cut(name, max - lengthOf(mark))}${mark}`;
      if (taken.has(folded(title))) continue;
      titles.set(id, title);
      taken.add(folded(title));
      break;
    }
  }
  return titles;
}

/** Ever longer ends of the id, then counting on without end. */
function* marksOf(id: string, max: number): Generator<string> {
  const characters = Array.from(id);
  const longest = Math.min(characters.length, max - 1);
  for (let length = Math.min(SHORTEST_MARK, longest); length <= longest; length += 1) {
    yield `~${characters.slice(-length).join("")}`;
  }
  for (let count = 1; ; count += 1) yield `~${count}`;
}

const characters = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The longest beginning of whole characters, as people see them, that has at most `room` code points. */
function cut(name: string, room: number): string {
  let kept = "";
  let left = room;
  for (const { segment } of characters.segment(name)) {
    left -= lengthOf(segment);
    if (left < 0) break;
    kept += segment;
  }
  return kept.trimEnd();
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}

function folded(title: string): string {
  return title.normalize("NFKC").trim().toLowerCase();
}

/** Canvas's ids are numbers that grow: what is newer gives way. */
function olderFirst(a: Named, b: Named): number {
  return a.id.length - b.id.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
