/** The configuration as JSON Schema: for editors, for `rosterbridge schema`, and for our own words about it. */
import { z } from "zod";
import { Config } from "./schema.ts";

export type SchemaNode = z.core.JSONSchema.JSONSchema;

/** JSON Schema (draft 2020-12) of rosterbridge.yaml as people write it, before defaults are applied. */
export function configJsonSchema(): SchemaNode {
  const { $schema, ...rest } = z.toJSONSchema(Config, { io: "input" }) as SchemaNode;
  return {
    ...($schema === undefined ? {} : { $schema }),
    title: "rosterbridge configuration",
    description: "One institution: where its rosters come from, how they become Canvas files, where they go.",
    ...rest,
  };
}
