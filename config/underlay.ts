/** Laying defaults under what somebody wrote. */
import { isMapping, type Mapping } from "./mapping.ts";
import { type Path, showPath } from "./problem.ts";

/** Told of every default: whether it counts, or something else is written. */
export interface Outcome {
  key: string;
  value: unknown;
  counts: boolean;
}

/**
 * What is written, and where nothing is, the defaults; mapping by mapping, lists and plain values as a whole. A
 * default of null stands for nothing. Where both name a `kind` and it is not the same, none of that mapping's
 * defaults count: they are of another thing.
 */
export function layUnder(
  defaults: Mapping,
  written: Mapping,
  tell: (outcome: Outcome) => void = () => undefined,
  path: Path = [],
): Mapping {
  if (isOtherKind(defaults, written)) {
    tell({ key: showPath([...path, "kind"]), value: defaults["kind"], counts: false });
    return written;
  }
  const added = Object.entries(defaults).flatMap(([name, value]): [string, unknown][] => {
    const here = [...path, name];
    const isWritten = Object.hasOwn(written, name);
    const own = written[name];
    if (isMapping(value) && (!isWritten || isMapping(own))) {
      const merged = layUnder(value, isMapping(own) ? own : {}, tell, here);
      return isWritten || Object.keys(merged).length > 0 ? [[name, merged]] : [];
    }
    if (value === null) return [];
    if (!isSame(own, value)) tell({ key: showPath(here), value, counts: !isWritten });
    return isWritten ? [] : [[name, value]];
  });
  return { ...written, ...Object.fromEntries(added) };
}

/** The version 1.1 is the same in quotes and without. */
function isSame(own: unknown, value: unknown): boolean {
  return typeof own === "number" ? String(own) === value : JSON.stringify(own) === JSON.stringify(value);
}

function isOtherKind(defaults: Mapping, written: Mapping): boolean {
  const [ours, theirs] = [defaults["kind"], written["kind"]];
  return ours != null && theirs !== undefined && ours !== theirs;
}
