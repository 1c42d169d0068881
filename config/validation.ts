/** Holds what is written against the schema, and against the rules that concern several keys. */
import { choicesOf } from "./expectation.ts";
import { firstOfEach } from "./first-of-each.ts";
import { nearest } from "./nearest.ts";
import { type Path, type Problem, showPath, valueAt } from "./problem.ts";
import { brokenRules } from "./rules.ts";
import { Config } from "./schema.ts";
import { kindOf, nodesAt } from "./schema-map.ts";
import { type Issue, problemsOf } from "./wording.ts";

export type Validated = { config: Config; problems: [] } | { config: undefined; problems: Problem[] };

/**
 * @param tree the file as plain values
 * @returns the configuration, or every problem at once, one for a key
 */
export function validate(tree: unknown): Validated {
  const parsed = Config.safeParse(tree);
  const problems = [
    ...(parsed.success ? [] : schemaProblems(parsed.error.issues, tree)),
    ...brokenRules(tree),
  ];
  if (parsed.success && problems.length === 0) return { config: parsed.data, problems: [] };

  return { config: undefined, problems: firstOfEach(problems, ({ path }) => showPath(path)) };
}

/**
 * A `kind` that is wrong or missing hides every other mistake of its mapping, so the rest is looked at
 * again with the kind that was most likely meant.
 */
function schemaProblems(issues: readonly Issue[], tree: unknown): Problem[] {
  const guesses = issues.filter(isUnknownKind).flatMap((issue) => {
    const kind = likelyKind(issue.path, tree);
    return kind === undefined ? [] : [{ issue, kind }];
  });
  if (guesses.length === 0) return problemsOf(issues, tree);

  const supposed = structuredClone(tree);
  for (const { issue, kind } of guesses) {
    const mapping = valueAt(supposed, issue.path.slice(0, -1));
    Object.assign(mapping as object, { kind });
  }
  const again = Config.safeParse(supposed);
  return [
    ...problemsOf(
      guesses.map((guess) => guess.issue),
      tree,
    ),
    ...(again.success ? [] : schemaProblems(again.error.issues, supposed)),
  ];
}

function isUnknownKind(issue: Issue): boolean {
  return issue.code === "invalid_union" && "discriminator" in issue && issue.path.at(-1) === "kind";
}

/** The valid kind nearest to what is written, else the only one that knows most of the keys beside it. */
function likelyKind(path: Path, tree: unknown): string | undefined {
  const written = valueAt(tree, path);
  const near =
    typeof written === "string" ? nearest(written, nodesAt(path, tree).flatMap(choicesOf)) : undefined;
  if (near !== undefined) return near;

  const keys = Object.keys(valueAt(tree, path.slice(0, -1)) as object);
  const known = nodesAt(path.slice(0, -1), tree)
    .map((node) => ({
      kind: kindOf(node),
      keys: keys.filter((key) => Object.hasOwn(node.properties ?? {}, key)).length,
    }))
    .sort((a, b) => b.keys - a.keys);
  return known[0] !== undefined && known[0].keys > (known[1]?.keys ?? 0) ? known[0].kind : undefined;
}
