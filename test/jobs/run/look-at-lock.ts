/** Looks who has a lock, over and over, until it is killed. */
import { lockHolder } from "../../../jobs/run/lock.ts";

const [state = "", institution = ""] = process.argv.slice(2);
for (let look = 0; ; look++) {
  lockHolder(state, institution, "roster");
  if (look === 10) process.stdout.write("looking\n");
}
