/** `compared.json` of a run: tonight against the last delivered night, for whoever shows or judges it later. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Compared } from "../../connectors/store/roster/compared.ts";
import { replaceFile } from "../run/files.ts";

export function keepCompared(runFolder: string, compared: Compared): void {
  replaceFile(comparedFile(runFolder), `${JSON.stringify(compared, null, 2)}\n`);
}

/** Undefined before the run's stage check has ended. @throws SyntaxError when it is no JSON */
export function readCompared(runFolder: string): Compared | undefined {
  const file = comparedFile(runFolder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Compared) : undefined;
}

function comparedFile(runFolder: string): string {
  return join(runFolder, "compared.json");
}
