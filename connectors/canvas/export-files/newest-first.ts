/** Which of several exports of the same thing is the newest. */

export interface Dated {
  name: string;
  modified: Date;
}

/**
 * By the stamps that Canvas puts into the names of its files, where all of them have one; otherwise by when the files
 * were written, because the two cannot be compared. The names decide where nothing else does.
 *
 * @param stampOf a text that sorts as time goes, undefined where the name has none
 */
export function newestFirst<T extends Dated>(
  files: readonly T[],
  stampOf: (name: string) => string | undefined,
): T[] {
  const stamps = new Map(files.map((file) => [file, stampOf(file.name)]));
  const areStamped = files.every((file) => stamps.get(file) !== undefined);
  const stamp = (file: T) => (areStamped ? (stamps.get(file) ?? "") : "");
  return files.toSorted(
    (a, b) =>
      compare(stamp(b), stamp(a)) || b.modified.getTime() - a.modified.getTime() || compare(b.name, a.name),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
