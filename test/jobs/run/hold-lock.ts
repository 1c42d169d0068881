/** Takes a lock, says so, and keeps it until it is killed. */
import { takeLock } from "../../../jobs/run/lock.ts";

const [state = "", institution = "", run = ""] = process.argv.slice(2);
const lock = takeLock(state, institution, "roster", () => new Date("2026-11-21T02:00:03Z"));
lock.holder(run);
process.stdout.write("held\n");
setInterval(() => undefined, 60_000);
