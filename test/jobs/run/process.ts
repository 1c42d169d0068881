/** Other processes of ours, for what only they can show: locks, kills, signals. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface Child {
  pid: number;
  /** Resolves when it has written a line with this text. */
  says(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Its exit code, or the signal that ended it, and all that it has written. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; output: string }>;
}

/** Starts a program beside this file. */
export function start(program: string, args: readonly string[]): Child {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [file, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const ended = once(child, "close").then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
    output,
  }));
  return {
    pid: child.pid ?? 0,
    async says(text) {
      while (!output.includes(`${text}\n`)) {
        const over = await Promise.race([once(child.stdout!, "data"), ended]);
        if ("output" in over && !output.includes(`${text}\n`))
          throw new Error(`never said ${text}: ${output}`);
      }
    },
    kill(signal) {
      child.kill(signal);
    },
    ended,
  };
}
