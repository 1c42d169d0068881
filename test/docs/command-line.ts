import { main } from "../../jobs/main.ts";

/** What the program says of itself when it is asked. */
export interface CommandLine {
  /** Options by command; those of every call under "". */
  options: Map<string, string[]>;
  /** Commands that are there only to say that they are not there yet. */
  unbuilt: string[];
}

export async function commandLine(): Promise<CommandLine> {
  const help = await answer("--help");
  const entries = (help.split("\nCommands:\n")[1] ?? "").split(/^ {2}(?=[a-z])/m).slice(1);
  const commands = entries.map(nameOf);
  const options = new Map([["", optionsIn(help)]]);
  for (const command of commands) options.set(command, optionsIn(await answer(command, "--help")));
  const unbuilt = entries.filter((entry) => /not in this\s+version yet/.test(entry)).map(nameOf);
  return { options, unbuilt };
}

function nameOf(entry: string): string {
  return /^[a-z]+/.exec(entry)?.[0] ?? "";
}

function optionsIn(help: string): string[] {
  return [...help.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option ?? "");
}

async function answer(...argv: string[]): Promise<string> {
  let text = "";
  const write = (piece: string) => {
    text += piece;
  };
  await main(argv, { env: {}, stdout: { write }, stderr: { write } });
  return text;
}
