/** What went wrong where there is no run to log it: words for people, or one JSON log line for a pipe. */
import type { Failure } from "../config/failure.ts";
import type { Terminal } from "./main.ts";
import type { LogFormat } from "./run/log.ts";

/** pino's level of errors, as in the lines of a run's log. */
const ERROR_LEVEL = 50;

export function defaultFormat(terminal: Terminal): LogFormat {
  return terminal.stderr.isTTY === true ? "pretty" : "json";
}

/** @param argv the command line, which may be one that cannot be understood, and may ask for a format all the same */
export function complainer(argv: readonly string[], terminal: Terminal): (failure: Failure) => void {
  const format =
    /(?:^|\n)--log-format[=\n](pretty|json)(?:\n|$)/.exec(argv.join("\n"))?.[1] ?? defaultFormat(terminal);
  return ({ code, message, hint }) => {
    if (format === "json") {
      const entry = { level: ERROR_LEVEL, time: new Date().toISOString(), code, hint, msg: message };
      terminal.stderr.write(`${JSON.stringify(entry)}\n`);
    } else {
      terminal.stderr.write(`rosterbridge: ${message}${hint === "" ? "" : `\n→ ${hint}`}\n`);
    }
  };
}
