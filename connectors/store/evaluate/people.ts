/** Who is who: tonight's users and Canvas's. */
import type { Database } from "../database.ts";
import { type Evidence, matchBy, matchSameIds, settleRest } from "./matching.ts";

/** A marriage changes one name and a nickname the other; who shares neither is somebody else until a person has looked. */
export const NAMES_AGREE = "((n.first <> '' AND n.first = c.first) OR (n.last <> '' AND n.last = c.last))";

/** Of one id: neither name, nor login, nor address is the same, and both have a name. */
const ANOTHER_PERSON = `(NOT ${NAMES_AGREE} AND n.login <> c.login AND (n.email = '' OR n.email <> c.email)
  AND n.first || n.last <> '' AND c.first || c.last <> '')`;

/** Districts give the login of somebody who has left to somebody else: a login alone joins nobody. */
const BEYOND_DOUBT: readonly Evidence[] = [
  { how: "login", night: "n.login", canvas: "c.login", agrees: NAMES_AGREE },
  { how: "integration id", night: "n.integration", canvas: "c.integration", agrees: NAMES_AGREE },
  // Families share an address, and then a family name as well.
  {
    how: "email",
    night:
      "if(n.email <> '' AND n.first <> '' AND n.last <> '', concat_ws('|', n.email, n.first, n.last), '')",
    canvas:
      "if(c.email <> '' AND c.first <> '' AND c.last <> '', concat_ws('|', c.email, c.first, c.last), '')",
  },
];

const NAME: Evidence = {
  how: "name",
  night: "if(n.first <> '' AND n.last <> '', n.first || '|' || n.last, '')",
  canvas: "if(c.first <> '' AND c.last <> '', c.first || '|' || c.last, '')",
};

export async function matchUsers(database: Database): Promise<void> {
  await matchSameIds(database, "users", ANOTHER_PERSON);
  await matchBy(database, "users", BEYOND_DOUBT, "other-id");
  await matchBy(database, "users", [NAME], "perhaps");
  await settleRest(database, "users");
}
