/** Which gradebook the ledger is about: what one SIS has confirmed says nothing of another. */
import { Failure } from "../../config/failure.ts";
import type { Ledger } from "../../connectors/store/ledger.ts";

/**
 * A gradebook's address, as far as it tells one SIS from another: host and path, without scheme, query and OneRoster
 * version, for a SIS that is read over 1.2 from now on is the same.
 *
 * @param root URL of the gradebook's endpoints
 */
export function gradebookAddress(root: string): string {
  const { host, pathname } = new URL(root);
  const path = pathname
    .split("/")
    .filter((part) => part !== "" && !/^(v1p\d|gradebook|rostering)$/i.test(part));
  return [host, ...path].join("/");
}

/**
 * Grades that are sent anew, all of them, may go to the same SIS under another address; others would be taken for
 * sent there, in silence.
 *
 * @param sendsAll every course, whatever the ledger says
 * @throws Failure usage.other-gradebook
 */
export function refuseOtherGradebook(
  ledger: Pick<Ledger, "gradebook">,
  file: string,
  { address, sendsAll }: { address: string; sendsAll: boolean },
): void {
  const before = ledger.gradebook();
  if (before === undefined || before === address || sendsAll) return;
  throw new Failure(
    "usage.other-gradebook",
    `The ledger knows what the gradebook at ${before} has confirmed, and the configuration names the one at ${address}. Nothing was sent: what the one has confirmed, the other would never get.`,
    {
      hint: `Is it another SIS, such as the one in production after a trial? Move ${file} away, with its -wal and -shm: what the SIS has is then looked up there, and the rest is sent. Is it the same SIS under another address? Run once with --remaster, which sends everything again under the ids that it has.`,
    },
  );
}
