/** What the file leaves to be worked out: where its relative paths lead, and limits that bound each other. */
import { resolve } from "node:path";
import type { Config } from "./schema.ts";

/** The configuration with every path absolute, read from the folder that the file is in. Secrets excepted. */
export function settle(config: Config, folder: string): Config {
  const { source, delivery, grades } = config;
  return {
    ...config,
    state: resolve(folder, config.state),
    source:
      source.kind === "oneroster-csv"
        ? { ...source, path: resolve(folder, source.path) }
        : // Whoever lowers concurrency alone means all requests, pages included.
          { ...source, pageConcurrency: Math.min(source.pageConcurrency, source.concurrency) },
    delivery:
      delivery.kind === "directory" ? { ...delivery, path: resolve(folder, delivery.path) } : delivery,
    grades: grades && { ...grades, source: settleGradeSource(grades.source, folder) },
  };
}

type GradeSource = NonNullable<Config["grades"]>["source"];

function settleGradeSource(source: GradeSource, folder: string): GradeSource {
  if (source.kind === "canvas-api") return source;
  return typeof source.path === "string" ? { ...source, path: resolve(folder, source.path) } : source;
}
