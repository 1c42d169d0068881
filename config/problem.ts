/** One thing that is wrong with a configuration, and the key that it is about. */

export type Path = readonly PropertyKey[];

export interface Problem {
  path: Path;
  /** What an editor should jump to: the key itself, or what is written for it. */
  at: "key" | "value";
  /** What is wrong, in words; never repeats what is written, which may be a secret in the wrong place. */
  message: string;
}

/** `source.schools[0]`, as people write it. */
export function showPath(path: Path): string {
  return path.reduce<string>((shown, step) => {
    if (typeof step === "number") return `${shown}[${step}]`;
    return shown === "" ? String(step) : `${shown}.${String(step)}`;
  }, "");
}

/** What a tree of plain values holds at a path; undefined where it ends before. */
export function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, step)
        ? (value as Record<PropertyKey, unknown>)[step]
        : undefined,
    tree,
  );
}
