import { main } from "../../jobs/main.ts";

/** What the program says of itself when it is asked. */
export interface CommandLine {
  /** Options by command; those of every call under "". */
  options: Map<string, string[]>;
}

export async function commandLine(): Promise<CommandLine> {
  const help = await answer("--help");
  const commands = [...(help.split("\nCommands:\n")[1] ?? "").matchAll(/^ {2}([a-z]+)\b/gm)].map(
    ([, name]) => name ?? "",
  );
  const options = new Map([["", optionsIn(help)]]);
  for (const command of commands) options.set(command, optionsIn(await answer(command, "--help")));
  return { options };
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
