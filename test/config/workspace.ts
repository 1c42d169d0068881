import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Failure } from "../../config/failure.ts";
import { loadConfig, type LoadOptions } from "../../config/load.ts";

/** Runs a test in a folder of its own that holds the given files, and removes it again. */
export async function inFolder<T>(
  files: Record<string, string | Uint8Array>,
  run: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "rosterbridge-config-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Loads a file's text as a configuration, with the secrets of the valid one set. */
export function load(yaml: string | Uint8Array, options: Partial<LoadOptions> = {}) {
  return inFolder({ "rosterbridge.yaml": yaml }, (folder) =>
    loadConfig(join(folder, "rosterbridge.yaml"), { env: ENV, ...options }),
  );
}

/** The failure that loading ends with; its message without the folder. */
export async function refusal(
  yaml: string | Uint8Array,
  options: Partial<LoadOptions> = {},
): Promise<Failure> {
  return inFolder({ "rosterbridge.yaml": yaml }, async (folder) => {
    const file = join(folder, "rosterbridge.yaml");
    try {
      await loadConfig(file, { env: ENV, ...options });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return new Failure("usage.config", error.message.replaceAll(`${folder}/`, ""), { hint: error.hint });
    }
    throw new Error("the configuration was accepted");
  });
}

/** The problems alone, a line each, without the name of the file. */
export async function problems(
  yaml: string | Uint8Array,
  options: Partial<LoadOptions> = {},
): Promise<string[]> {
  const [, ...lines] = (await refusal(yaml, options)).message.split("\n");
  return lines.map((line) => line.replace(/^rosterbridge\.yaml:/, ""));
}

export const ENV = { ONEROSTER_KEY: "oakdale-key", ONEROSTER_SECRET: "correct horse battery" };

export const VALID = `institution: { id: oakdale, name: Oakdale Unified, timezone: America/Los_Angeles }
source:
  kind: oneroster-rest
  url: https://sis.example.org/ims/oneroster/v1p1
  auth:
    kind: oauth1
    key: { env: ONEROSTER_KEY }
    secret: { env: ONEROSTER_SECRET }
delivery:
  kind: directory
  path: ./outgoing
`;

/** The valid file with more lines under `source:`, which begin on line 9. */
export function withSource(...lines: string[]): string {
  return VALID.replace("delivery:", `${lines.map((line) => `  ${line}\n`).join("")}delivery:`);
}

/** The valid file with another delivery, whose keys begin on line 10. */
export function withDelivery(...lines: string[]): string {
  return VALID.replace(/delivery:[^]*/, `delivery:\n${lines.map((line) => `  ${line}\n`).join("")}`);
}
