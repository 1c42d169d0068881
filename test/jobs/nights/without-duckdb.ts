/** Given to a process with --import: DuckDB is not there, as after an installation that left out its part for the system. */
import { registerHooks } from "node:module";

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith("@duckdb/")) throw new Error(`${specifier} is not installed`);
    return next(specifier, context);
  },
});
