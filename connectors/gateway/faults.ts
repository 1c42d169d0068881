/** What can be wrong with the folder at the other end, the same words for every kind of gateway. */
import { Failure } from "../../config/failure.ts";

const THEN = "Then `rosterbridge rerun`: the package is kept and nothing is asked of the SIS again.";

export function noFolder(folder: string, cause?: unknown): Failure {
  return new Failure("delivery.no-folder", `The folder ${folder} does not exist at the gateway.`, {
    hint: `Create it there, or correct delivery.path. ${THEN}`,
    cause,
  });
}

export function readOnly(folder: string, cause?: unknown): Failure {
  return new Failure("delivery.read-only", `The gateway does not let us write into ${folder}.`, {
    hint: `Ask whoever runs the gateway for the right to create, rename and remove files there. ${THEN}`,
    cause,
  });
}

/** @param measure what is known of the room there, as a sentence, or nothing */
export function full(folder: string, measure: string, cause?: unknown): Failure {
  const message = `The gateway has no room left for the package in ${folder}.`;
  return new Failure("delivery.full", measure === "" ? message : `${message} ${measure}`, {
    hint: `Free some space there, or have the quota raised. ${THEN}`,
    cause,
  });
}

/** The name is taken and what has it must not, or cannot, be replaced. */
export function nameTaken(target: string, why: string): Failure {
  return new Failure("delivery.name-taken", `Another file has the name ${target} at the gateway. ${why}`, {
    hint: `Put {run} into delivery.fileName, so that every night has its own name, or remove the file. ${THEN}`,
  });
}

/** What arrived is not what was sent. */
export function incomplete(target: string, sentBytes: number, arrivedBytes: number): Failure {
  return new Failure(
    "delivery.incomplete",
    `Of ${target} not all arrived at the gateway: ${sentBytes} bytes sent, ${arrivedBytes} there. It was removed again.`,
    { hint: `Look for a full disk, a quota or a limit on the size of files at the gateway. ${THEN}` },
  );
}

/** Any other refusal, in the gateway's own words. */
export function refused(doing: string, words: string, cause?: unknown): Failure {
  return new Failure("delivery.refused", `The gateway refused to ${doing}: ${words}`, {
    hint: `Show these words to whoever runs the gateway. ${THEN}`,
    cause,
  });
}
