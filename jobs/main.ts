/** The command line: what can be asked for, in which words, and how each call ends. */
import { readFileSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { EXIT_CODES, Failure, type ExitCode } from "../config/failure.ts";
import { complainer, defaultFormat } from "./complaint.ts";
import { asFailure } from "./run/unforeseen.ts";

/** What a command touches of the process it runs in. */
export interface Terminal {
  env: NodeJS.ProcessEnv;
  stdout: { write(text: string): unknown; isTTY?: boolean };
  stderr: { write(text: string): unknown; isTTY?: boolean; columns?: number };
}

export interface CommonOptions {
  config: string;
  logFormat: "pretty" | "json";
  quiet: boolean;
}

export interface Call {
  terminal: Terminal;
  options: CommonOptions;
}

/** Runs one command line. Never throws: every error has been told on stderr when the exit code comes back. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT_CODES.ok;
  const complain = complainer(argv, terminal);
  let refusal = "";
  const program = commandLine(terminal, {
    done: (result) => {
      code = result;
    },
    refuse: (text) => {
      refusal += text;
    },
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT_CODES.ok;
    const failure = error instanceof CommanderError ? misunderstood(refusal) : asFailure(error, ".");
    complain(failure);
    return failure.exitCode;
  }
}

/** @param words commander's: an error, or all of the help where there is no command */
function misunderstood(words: string): Failure {
  const [, error] = /^error: (.*)/s.exec(words.trim()) ?? [];
  return new Failure("usage.command-line", error ?? `No command was given.\n\n${words.trim()}`);
}

type Flags = Record<string, unknown>;
type Action = (call: Call, flags: Flags, args: string[]) => Promise<ExitCode>;

interface Outcomes {
  done: (code: ExitCode) => void;
  /** A command line that cannot be understood; may come in pieces. */
  refuse: (text: string) => void;
}

function commandLine(terminal: Terminal, { done, refuse }: Outcomes): Command {
  const program = withCommonOptions(new Command("rosterbridge"))
    .description("The nightly bridge from a school district's SIS (OneRoster) to Canvas.")
    .version(version(), "--version")
    .helpOption("--help", "what can be asked for")
    .helpCommand(false)
    .addHelpText("after", EXIT_CODE_HELP)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: refuse,
    });

  const command = (words: string, about: string, action: Action) => {
    const made = withCommonOptions(program.command(words).description(about)).helpOption(
      "--help",
      "about this command",
    );
    made.action(async (...given: unknown[]) => {
      const flags: Flags = { ...program.opts<Flags>(), ...made.opts<Flags>() };
      done(await action({ terminal, options: commonOptions(flags, terminal) }, flags, textArguments(given)));
    });
    return made;
  };

  command("roster", "the nightly run: extract, map, check, package, deliver", async (call, flags) => {
    const { roster } = await import("./nightly.ts");
    return roster(call, { dryRun: flags["dryRun"] === true, acceptChanges: flags["acceptChanges"] === true });
  })
    .option("--dry-run", "everything up to the package; nothing is delivered")
    .option("--accept-changes", "deliver although a guard would hold the night");

  command("plan", "what tonight would change in Canvas; delivers nothing", async (call, flags) => {
    const { plan } = await import("./plan.ts");
    return plan(call, { json: flags["json"] === true });
  }).option("--json", "as JSON, on stdout");

  command("grades", "the grade passback run: graded work of Canvas to the SIS", async (call, flags) => {
    const { grades } = await import("./grades.ts");
    const courses = Array.isArray(flags["course"]) ? flags["course"].map(String) : [];
    return grades(call, { dryRun: flags["dryRun"] === true, courses, remaster: flags["remaster"] === true });
  })
    .option("--dry-run", "says what would be sent; nothing is")
    .option(
      "--course <sis-id>",
      "only this course, by its course_id; may be given more than once",
      (course: string, before: string[] | undefined) => [...(before ?? []), course],
    )
    .option("--remaster", "sends everything again, whatever the ledger says");

  command(
    "rerun [run]",
    "the last run that did not succeed, or RUN, again from where it stopped",
    async (call, flags, [run]) => {
      const { rerun } = await import("./rerun.ts");
      const from = typeof flags["from"] === "string" ? flags["from"] : undefined;
      return rerun(call, { run, from, acceptChanges: flags["acceptChanges"] === true });
    },
  )
    .option(
      "--from <stage>",
      "begin with this stage: extract, map, check, package, deliver; of grades snapshot, match, post",
    )
    .option("--accept-changes", "deliver a run that a guard has held");

  command("runs", "what ran, and how it ended", async (call, flags) => {
    const { runs } = await import("./runs.ts");
    return runs(call, { json: flags["json"] === true, limit: wholeNumber(flags["limit"], "--limit") });
  })
    .option("--json", "as JSON, on stdout")
    .option("--limit <n>", "how many, the newest first", "20");

  command("show <run>", "one run: stages, counts, rejects, errors, files", async (call, flags, [run]) => {
    const { show } = await import("./show.ts");
    return show(call, { run: run ?? "", json: flags["json"] === true });
  }).option("--json", "as JSON, on stdout");

  command(
    "check",
    "config, credentials, SIS, Canvas, gateway: what works and how to mend what does not",
    async (call, flags) => {
      const { check } = await import("./check.ts");
      return check(call, { json: flags["json"] === true });
    },
  ).option("--json", "as JSON, on stdout");

  command("init", "writes a config for a SIS, with comments, to fill in", async (call, flags) => {
    const { init } = await import("./init.ts");
    const text = (flag: string) => (typeof flags[flag] === "string" ? flags[flag] : undefined);
    return init(call, { profile: text("profile"), out: text("out") });
  })
    .option("--profile <name>", "which SIS; without it, says which there are")
    .option("--out <file>", "where to; without it, to stdout");

  command(
    "evaluate",
    "before a switch: the ids of this configuration against those that Canvas has",
    async (call, flags) => {
      const { evaluate } = await import("./evaluate.ts");
      return evaluate(call, { canvas: String(flags["canvas"]), json: flags["json"] === true });
    },
  )
    .requiredOption("--canvas <path>", "Canvas's provisioning or SIS export report: a folder, a zip or a CSV")
    .option("--json", "as JSON, on stdout");

  command("schema", "prints the JSON Schema of the config file", async (call) => {
    const { configJsonSchema } = await import("../config/json-schema.ts");
    call.terminal.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
    return EXIT_CODES.ok;
  });

  command(
    "demo",
    "all of it on this machine: a sandbox SIS, Canvas and gateway, two nights of rosters and one of grades",
    async (call, flags) => {
      const { demo } = await import("./demo.ts");
      return demo(call, { keep: typeof flags["keep"] === "string" ? flags["keep"] : undefined });
    },
  ).option("--keep <dir>", "keep the files in this folder");

  return program;
}

const EXIT_CODE_HELP = `
Exit codes: 0 ok, 1 a defect of rosterbridge (or a full disk), 2 command line or config, 3 the SIS, or for grades
Canvas, 4 held by a guard, 5 delivery, 6 grades done in part, 7 another run is under way; 130 and 143 after Ctrl-C
and SIGTERM.`;

function withCommonOptions(command: Command): Command {
  return command
    .option("--config <file>", "the config file (default: ./rosterbridge.yaml)")
    .addOption(
      new Option("--log-format <format>", "default: pretty on a terminal, json otherwise").choices([
        "pretty",
        "json",
      ]),
    )
    .option("--quiet", "only errors");
}

function commonOptions(flags: Flags, terminal: Terminal): CommonOptions {
  const format = flags["logFormat"];
  return {
    config: typeof flags["config"] === "string" ? flags["config"] : "rosterbridge.yaml",
    logFormat: format === "pretty" || format === "json" ? format : defaultFormat(terminal),
    quiet: flags["quiet"] === true,
  };
}

function textArguments(given: unknown[]): string[] {
  return given.filter((value) => typeof value === "string");
}

function wholeNumber(value: unknown, option: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) {
    throw new Failure("usage.option", `${option} must be a whole number of at least 1.`);
  }
  return number;
}

/** From package.json, one folder up as source and two in the compiled package. */
export function version(): string {
  for (const place of ["../package.json", "../../package.json"]) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(place, import.meta.url), "utf8")) as Record<
        string,
        string
      >;
      if (name === "rosterbridge" && version !== undefined) return version;
    } catch {
      continue;
    }
  }
  return "unknown";
}
