/** From a file to a configuration that can be relied on, or to every reason why not. */
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type AppliedProfile, applyProfile } from "./applied-profile.ts";
import { configDigest } from "./digest.ts";
import { type ConfigDocument, type FormProblem, readDocument, STILL_TO_FILL_IN } from "./document.ts";
import { Failure } from "./failure.ts";
import { firstOfEach } from "./first-of-each.ts";
import { type Problem, showPath, valueAt } from "./problem.ts";
import type { Config } from "./schema.ts";
import { createScrubber, type Scrubber } from "./scrub.ts";
import { readSecrets, secretsIn, secretsWrittenIn } from "./secret-values.ts";
import { settle } from "./settled.ts";
import { validate } from "./validation.ts";

/** The parts of a configuration that have secrets. */
export type SecretSection = "source" | "delivery" | "grades" | "notify";

export interface LoadOptions {
  /** Where `{ env: NAME }` secrets are looked up. */
  env: NodeJS.ProcessEnv;
  /** The sections whose secrets are read; all when left out. Of the others a secret stays unread. */
  sections?: readonly SecretSection[];
}

export interface LoadedConfig {
  /** With defaults, and with every path absolute. */
  config: Config;
  /** Absolute. */
  file: string;
  /** The folder that relative paths were read from. */
  folder: string;
  /** `sha256:…` of what the file means; see configDigest. */
  digest: string;
  /** Knows every secret that was read. */
  scrubber: Scrubber;
  /** What of `config` the profile of the SIS has set. */
  profile: AppliedProfile;
}

/**
 * Reads a configuration file.
 *
 * @throws Failure usage.config with every problem of the file, one a line: `file:line:column: key: what is wrong`
 */
export async function loadConfig(file: string, options: LoadOptions): Promise<LoadedConfig> {
  const absolute = resolve(file);
  const folder = dirname(absolute);
  const document = readDocument(await readText(file));
  if (document.tree === undefined) throw refusal(file, document.problems);

  const isRead = (section: unknown): boolean =>
    options.sections === undefined || options.sections.some((wanted) => wanted === section);

  const { tree, ask, ...profile } = applyProfile(document.tree);
  const { config, problems } = validate(tree);
  const unwanted = problems.filter(({ at }) => at === "key").map(({ path }) => showPath(path));
  const found = withoutRepeats([
    ...document.problems.filter((problem) => !isToFillInVain(problem, unwanted)),
    ...problems.map((problem) => placed(withAdvice(problem, tree, ask(problem.path)), document)),
  ]);
  const digest = config === undefined ? "" : configDigest(config);
  const secrets = config === undefined ? secretsWrittenIn(document.tree) : secretsIn(config);
  for (const { secret } of secrets) secret.anchor(folder);
  const toRead = secrets.filter(
    ({ path }) => isRead(path[0]) && !found.some(({ key }) => key === showPath(path)),
  );
  const scrubber = createScrubber();
  const unread = await readSecrets(toRead, options.env, scrubber);
  found.push(...unread.map((problem) => placed(problem, document)));
  if (config === undefined || found.length > 0) throw refusal(file, found);

  if (isRead("source")) registerPairs(config.source, scrubber);
  return { config: settle(config, folder), file: absolute, folder, digest, scrubber, profile };
}

async function readText(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw new Failure(
      "usage.config",
      isMissing ? `there is no configuration file ${file}` : `the configuration file ${file} cannot be read`,
      {
        hint: isMissing
          ? "Name the file with --config FILE, or have `rosterbridge init --profile NAME --out FILE` write one."
          : "Name a file with --config FILE that this account may read.",
        cause,
      },
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Failure("usage.config", `the configuration file ${file} is not UTF-8 text`, {
      hint: "Save it as UTF-8: names with accents would reach Canvas garbled otherwise.",
      cause,
    });
  }
}

function placed({ path, at, message }: Problem, document: ConfigDocument): FormProblem {
  return { place: document.placeOf(path, at), key: showPath(path), message };
}

/** Of what is not there, where to find it. */
function withAdvice(problem: Problem, tree: unknown, advice: string | undefined): Problem {
  const isMissing = advice !== undefined && valueAt(tree, problem.path) === undefined;
  return isMissing ? { ...problem, message: `${problem.message}. ${advice}` } : problem;
}

/** What the form of a value says of it comes first; that the schema does not like it either is no news. */
function withoutRepeats(problems: readonly FormProblem[]): FormProblem[] {
  return firstOfEach(problems, ({ place, key }) => `${place.line}:${place.column}:${key}`);
}

/** Whoever takes another kind than `init` had in mind is told to take a key away, and so not to fill it in. */
function isToFillInVain({ key, message }: FormProblem, unwanted: readonly string[]): boolean {
  return message === STILL_TO_FILL_IN && unwanted.some((one) => key === one || key.startsWith(`${one}.`));
}

function refusal(file: string, problems: readonly FormProblem[]): Failure {
  const lines = problems
    .toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
    .map(({ place, key, message }) =>
      [`${file}:${place.line}:${place.column}`, key, message].filter((part) => part !== "").join(": "),
    );
  const count = lines.length === 1 ? "1 problem" : `${lines.length} problems`;
  return new Failure("usage.config", [`${count} in the configuration file`, ...lines].join("\n"), {
    hint: "Mend them and run again; docs/configuration.md explains every key.",
  });
}

/** What goes over the wire as Basic credentials is a secret of its own. */
function registerPairs(source: Config["source"], scrubber: Scrubber): void {
  if (source.kind !== "oneroster-rest" || source.auth.kind === "bearer") return;
  const { key, secret } = source.auth;
  scrubber.addPair(typeof key === "string" ? key : key.reveal(), secret.reveal());
}
