/** `npm run docs`: writes docs/configuration.md and config/schema.json from the schema. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { configJsonSchema } from "./json-schema.ts";
import { configurationReference } from "./reference.ts";
import { schemaText } from "./schema-text.ts";

const root = join(import.meta.dirname, "..");
const example = await readFile(join(root, "config/examples/oakdale.yaml"), "utf8");
await writeFile(join(root, "docs/configuration.md"), configurationReference(example));
await writeFile(join(root, "config/schema.json"), schemaText(configJsonSchema()));
