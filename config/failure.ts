/**
 * The one error of the program. Every expected fault, wherever it happens, is a Failure: it says what
 * happened, what it means for tomorrow morning and what to do, and it decides the exit code.
 */

/** How a run can end; the numbers are promised to cron and monitors. */
export const EXIT_CODES = {
  ok: 0,
  internal: 1,
  usage: 2,
  source: 3,
  held: 4,
  delivery: 5,
  partial: 6,
  busy: 7,
  /** Stopped by Ctrl-C or SIGTERM: 128 and the signal's number, as shells and supervisors expect. */
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitName = keyof typeof EXIT_CODES;
export type ExitCode = (typeof EXIT_CODES)[ExitName];

export interface FailureDetails {
  /** What a person should do now, in one or two sentences. */
  hint?: string;
  cause?: unknown;
}

export class Failure extends Error {
  override readonly name = "Failure";
  readonly exit: ExitName;
  /** Stable and short, for monitors and the manifest: `source.unauthorized`, `delivery.host-key`. */
  readonly code: string;
  readonly hint: string;

  /**
   * @param code `<exit name>.<what>`; the part before the dot decides the exit code
   * @param message what happened, to which record, endpoint or file; never names, emails or secrets
   */
  constructor(code: `${ExitName}.${string}`, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.exit = code.slice(0, code.indexOf(".")) as ExitName;
    this.hint = details.hint ?? "";
  }

  get exitCode(): ExitCode {
    return EXIT_CODES[this.exit];
  }
}
