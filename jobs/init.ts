/** `rosterbridge init`: a configuration for one SIS, with what only its owner can say left to fill in. */
import { writeFile } from "node:fs/promises";
import { EXIT_CODES, Failure, type ExitCode } from "../config/failure.ts";
import { FILL_IN } from "../config/document.ts";
import { nearest } from "../config/nearest.ts";
import { PROFILE_NAMES, readProfile } from "../config/profiles.ts";
import { startingFile } from "../config/starting-file.ts";
import type { Call } from "./main.ts";

export interface InitOptions {
  profile: string | undefined;
  /** undefined: the file goes to stdout. */
  out: string | undefined;
}

/** @throws Failure usage.profile, usage.out: nothing was written */
export async function init(call: Call, { profile, out }: InitOptions): Promise<ExitCode> {
  const { stdout } = call.terminal;
  const name = chosen(profile);
  const text = startingFile(name, readProfile(name));
  if (out === undefined) {
    stdout.write(text);
    return EXIT_CODES.ok;
  }
  await writeFile(out, text, { flag: "wx" }).catch((cause: unknown) => {
    throw notWritten(out, cause);
  });
  if (!call.options.quiet) stdout.write(nextSteps(out, text));
  return EXIT_CODES.ok;
}

function chosen(profile: string | undefined): string {
  const known = PROFILE_NAMES.find((name) => name === profile);
  if (known !== undefined) return known;
  const near = profile === undefined ? undefined : nearest(profile, [...PROFILE_NAMES]);
  const list = PROFILE_NAMES.map((name) => `${name} (${readProfile(name).title})`).join(", ");
  const hint = `There are ${list}. A SIS that is not among them is generic.`;
  throw new Failure(
    "usage.profile",
    profile === undefined
      ? "Say which SIS the config is for: rosterbridge init --profile NAME."
      : `There is no profile of this name${near === undefined ? "." : `; did you mean ${near}?`}`,
    { hint },
  );
}

function notWritten(file: string, cause: unknown): Failure {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return code === "EEXIST"
    ? new Failure("usage.out", `${file} is there already, and is left as it is.`, {
        hint: "Name another file with --out, or move that one away.",
        cause,
      })
    : new Failure("usage.out", `${file} cannot be written${code === "" ? "" : ` (${code})`}.`, {
        hint: "Name a file with --out in a folder that is there and that you may write to.",
        cause,
      });
}

function nextSteps(file: string, text: string): string {
  const lines = text.split("\n");
  const open = lines.flatMap((line, index) =>
    !/^ *#/.test(line) && line.includes(FILL_IN) ? [index + 1] : [],
  );
  const secrets = lines.filter((line) => !/^ *#/.test(line)).flatMap((line) => SECRET.exec(line)?.[1] ?? []);
  return `${file} is written. Next:
  1. Fill in what has ${FILL_IN}: lines ${open.join(", ")}.
  2. Put the secrets where it says: ${secrets.join(", ")}.
  3. rosterbridge check --config ${file}
`;
}

/** A secret's place, as a config names it. */
const SECRET = /: \{ ((?:env|file): \S+) \}/;
