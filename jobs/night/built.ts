/** What a config may say and this version cannot do yet: said before anything is touched. */
import { Failure } from "../../config/failure.ts";
import type { Config, SourceConfig } from "../../config/schema.ts";

/** @throws Failure usage.not-built */
export function rosterSource({ source, delivery }: Config): SourceConfig {
  if (delivery.kind === "canvas-api")
    throw notBuilt("delivery.kind canvas-api", "Use kind: sftp or directory.");
  return source;
}

export function notBuilt(what: string, instead: string): Failure {
  return new Failure(
    "usage.not-built",
    `${what} is not in this version of rosterbridge yet. Nothing was touched.`,
    {
      hint: instead,
    },
  );
}
