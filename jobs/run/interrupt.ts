/** Ctrl-C and SIGTERM as an AbortSignal, whose reason is the Failure that the run ends with. */
import { Failure } from "../../config/failure.ts";

export interface Interrupts {
  signal: AbortSignal;
  /** Back to the process's own behaviour. */
  release(): void;
}

/** The first signal ends the run cleanly; a second one of the same kind kills the process as usual. */
export function onInterrupt(): Interrupts {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    release();
    const code = signal === "SIGTERM" ? "terminated.signal" : "interrupted.signal";
    controller.abort(
      new Failure(
        code,
        `Stopped by ${signal}. Nothing more is sent; what was done is kept in the run folder.`,
        {
          hint: "`rosterbridge rerun` takes it up again.",
        },
      ),
    );
  };
  const release = () => {
    process.removeListener("SIGINT", stop);
    process.removeListener("SIGTERM", stop);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return { signal: controller.signal, release };
}
