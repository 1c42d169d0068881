/** Which request gets which of the faults that a sandbox has been told of. */

export interface FaultTarget {
  /** A string must equal the request's path; a RegExp is tried on path and query; default: any. */
  path?: RegExp | string;
  /** How many matching requests get it; default 1, Infinity for all. */
  times?: number;
  /** How many matching requests are answered rightly before; default 0. */
  after?: number;
}

export interface FaultRules<R extends FaultTarget> {
  add(rule: R): void;
  /** The rule that this request falls under, if any; counts it. */
  take(path: string, query: string): R | undefined;
}

export function listFaultRules<R extends FaultTarget>(): FaultRules<R> {
  const rules: { rule: R; toPass: number; left: number }[] = [];
  return {
    add(rule) {
      rules.push({ rule, toPass: rule.after ?? 0, left: rule.times ?? 1 });
    },
    take(path, query) {
      const found = rules.find(
        (each) => each.left > 0 && matches(each.rule, path, query) && each.toPass-- <= 0,
      );
      if (found === undefined) return undefined;
      found.left--;
      return found.rule;
    },
  };
}

function matches({ path: wanted }: FaultTarget, path: string, query: string): boolean {
  if (wanted === undefined) return true;
  // A RegExp with the flag g or y would remember where it stopped and skip every second request.
  return typeof wanted === "string"
    ? wanted === path
    : new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, "")).test(path + query);
}
