/** Words that several kinds of rejects end with. */

/** Of a record that was rejected and whose row was delivered before. */
export const STAYS = "; its row of the last delivered night stays";
