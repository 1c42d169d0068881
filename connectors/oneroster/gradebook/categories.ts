/** The SIS's grading categories, asked for in the way that it understands. */
import { Failure } from "../../../config/failure.ts";
import { matchesFilter, parseFilter } from "../filter.ts";
import type { SourcePorts } from "../ports.ts";
import { AnswerFailure } from "../source-failures.ts";
import { ofClass } from "./addresses.ts";
import { categoryOf, isGone, type Members, type SisCategory } from "./records.ts";

export type CategoryScope =
  | { kind: "all" }
  /** getCategoriesForClass of OneRoster 1.2. */
  | { kind: "class"; classId: string }
  /** @see parseFilter for what a filter looks like */
  | { kind: "filter"; filter: string };

export type ReadCategories = (scope: CategoryScope) => Promise<SisCategory[]>;

/**
 * Some SISs refuse a filter, and some answer every filter with nothing: until one has brought something, an
 * empty answer is held against all categories, which are then read once for all classes.
 * @param read gives a complete collection
 */
export function createCategories(
  read: (path: string, filter?: string) => Promise<Members[]>,
  ports: Pick<SourcePorts, "log">,
): ReadCategories {
  let everything: Promise<Members[]> | undefined;
  let understood = false;
  let refused = false;
  let told = false;

  async function filtered(text: string): Promise<Members[]> {
    const filter = parseFilter(text, "categories");
    const sent = refused ? undefined : await read("categories", text).catch(ifRefused);
    if (sent !== undefined && (sent.length > 0 || understood)) {
      understood = true;
      return sent.filter((category) => matchesFilter(filter, category, true));
    }
    refused ||= sent === undefined;
    everything ??= read("categories");
    const found = (await everything).filter((category) => matchesFilter(filter, category));
    if (!told && (sent === undefined || found.length > 0)) {
      told = true;
      const how = sent === undefined ? "does not apply the filter" : "answers with nothing to the filter";
      const message = `the SIS ${how} ${text}; all categories were read and filtered here`;
      ports.log({ level: "warn", endpoint: "categories", message });
    }
    return found;
  }

  async function bodiesOf(scope: CategoryScope): Promise<Members[]> {
    switch (scope.kind) {
      case "all":
        return read("categories");
      case "class":
        return read(ofClass(scope.classId, "categories"));
      case "filter":
        return filtered(scope.filter);
    }
  }

  return async (scope) => {
    const bodies = await bodiesOf(scope);
    return bodies.filter((body) => !isGone(body)).flatMap((body) => categoryOf(body) ?? []);
  };
}

/** A total that counts what the filter left out never fits: without the filter it may. */
function ifRefused(error: unknown): undefined {
  if (error instanceof AnswerFailure && error.status === 400) return undefined;
  if (error instanceof Failure && error.code === "source.incomplete") return undefined;
  throw error;
}
