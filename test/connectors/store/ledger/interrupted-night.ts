/** A night that is killed between intent and confirmation: says when it has come so far, and waits to be killed. */
import { openLedger } from "../../../../connectors/store/ledger.ts";
import { lineItem, result } from "./entries.ts";

const [file = "", upTo = ""] = process.argv.slice(2);
const ledger = openLedger(file);
ledger.intend([lineItem({ intended: "li-1" })], [result({ intended: "r-1" })]);
ledger.confirm([lineItem({ confirmed: "li-1" })], [result({ confirmed: "r-1" })]);
ledger.intend(
  [lineItem({ intended: "li-2" })],
  [result({ intended: "r-2" }), result({ student: "s2", intended: "r-3" })],
);
if (upTo === "confirmed") ledger.confirm([lineItem({ confirmed: "li-2" })], [result({ confirmed: "r-2" })]);
process.stdout.write("there\n");
setInterval(() => undefined, 1000);
