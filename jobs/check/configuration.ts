/** What the config says: whether it can be read, its secrets are there, and this version can do what it asks for. */
import { Failure } from "../../config/failure.ts";
import { loadConfig, type LoadedConfig, type SecretSection } from "../../config/load.ts";
import { connectOneRoster, REAL_PORTS } from "../../connectors/oneroster/source.ts";
import { rosterSource } from "../night/built.ts";
import { failed, found, type Finding } from "./finding.ts";
import { profileFindings } from "./profile.ts";

export interface Configuration {
  findings: Finding[];
  /** With the secrets of the sections that are sound; undefined where the file cannot be used at all. */
  loaded: LoadedConfig | undefined;
  /** What can be tried out. */
  sound: ReadonlySet<SecretSection>;
}

const SECTIONS: readonly SecretSection[] = ["source", "delivery", "grades", "notify"];
/** Without these there is no night. */
const NEEDED: readonly SecretSection[] = ["source", "delivery"];

export async function checkConfiguration(file: string, env: NodeJS.ProcessEnv): Promise<Configuration> {
  const plain = await outcomeOf(() => loadConfig(file, { env, sections: [] }));
  if (plain.failure !== undefined) {
    return { findings: [failed("config", plain.failure)], loaded: undefined, sound: new Set() };
  }
  const { config } = plain.value;
  const findings = [found("config", plain.value.file), ...profileFindings(plain.value)];
  const sound = new Set(SECTIONS);

  for (const section of SECTIONS) {
    const { failure } = await outcomeOf(() => loadConfig(file, { env, sections: [section] }));
    if (failure === undefined) continue;
    sound.delete(section);
    const status = NEEDED.includes(section) ? "fail" : "warn";
    findings.push({ ...failed("secrets", failure), status });
  }
  if (sound.size === SECTIONS.length) findings.push(found("secrets", "all are there"));

  const { source } = config;
  const notBuilt = await outcomeOf(() => rosterSource(config));
  const notReadable = await outcomeOf(() => {
    if (source.kind === "oneroster-rest") connectOneRoster(source, { ...REAL_PORTS, log: () => undefined });
  });
  if (notReadable.failure !== undefined) sound.delete("source");
  const refused = [notBuilt.failure, notReadable.failure].filter((failure) => failure !== undefined);
  findings.push(...refused.map((failure) => failed("settings", failure)));
  if (refused.length === 0) findings.push(found("settings", "this version does all that they ask for"));

  const loaded = await loadConfig(file, { env, sections: [...sound] });
  return { findings, loaded, sound };
}

type Outcome<T> = { value: T; failure?: undefined } | { failure: Failure };

async function outcomeOf<T>(work: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof Failure) return { failure: error };
    throw error;
  }
}
