/**
 * The ways in which real SISs depart from the standard. Each was met in the field; none changes what the
 * district means: with any of them the very same roster must come out.
 */

interface QuirkNote {
  about: string;
  /** Only a SIS with this kind of auth can have it. */
  auth?: "oauth2";
  /** Only this service gets round it. */
  service?: "per-school";
}

export const QUIRKS = {
  "clamp-page": { about: "Gives fewer records than `limit`, though more follow." },
  "ragged-pages": { about: "Page lengths vary, though more follow." },
  "no-total": { about: "No X-Total-Count." },
  "zero-total": { about: "X-Total-Count is 0, though records come." },
  "no-link": { about: "No Link header." },
  "link-last-is-current": { about: "The last page's `next` is that page itself." },
  "link-other-host": { about: "Links name an internal host." },
  "link-without-brackets": { about: "Links without < >." },
  "unsorted-shifting": {
    about: "Ignores sort, and pages that are asked for at the same time repeat and skip records.",
  },
  "sort-400": { about: "400 for any `sort`." },
  "sort-ignored": { about: "Ignores `sort` in silence." },
  "filter-400": { about: "400 for any `filter`." },
  "filter-empty": { about: "200 with an empty list for any `filter`." },
  "filter-ignored": { about: "Ignores `filter` in silence." },
  "own-wrapper-keys": { about: "Wraps in the endpoint's own name: schools, students, teachers, terms …" },
  "string-booleans": { about: 'Booleans are "true" and "false".' },
  "odd-booleans": { about: 'Booleans are true, "True", "TRUE", 1 … from record to record.' },
  "scalar-arrays": { about: "An empty array is null or missing, an array of one is its element." },
  "null-members": { about: "Optional members that have no value are null, not missing." },
  "odd-metadata": { about: "metadata is null, text, a list, or holds nested members." },
  "empty-parent": { about: "A missing parent is {}, empty text, null, or a ref without an id." },
  "odd-hrefs": { about: "href is relative, starts with ~/ or undefined/, is null or missing." },
  "enum-case": { about: "Enumerations in any case, with spaces around: Active, SCHEDULED, Student." },
  "inactive-status": { about: "1.0's `inactive` for `tobedeleted`." },
  "dates-with-time": { about: "Days carry a time, with and without a zone." },
  "day-first-dates": { about: "Days are d/MM/yyyy." },
  "spaced-ids": { about: "White space around ids, in records and, otherwise, in refs." },
  "numeric-ids": { about: "Ids that are numbers are sent as numbers." },
  "duplicate-records": {
    about: "Some records come twice, once stale with an older dateLastModified; the total counts them once.",
  },
  "token-redirect": { about: "The token endpoint answers 307.", auth: "oauth2" },
  "token-dies-early": { about: "A token is refused long before it expires.", auth: "oauth2" },
  "rate-limited": { about: "Every 8th request gets 429, as text/html, with Retry-After." },
  "bad-row-fails-collection": {
    about: "One bad row makes all of /enrollments a 500; schools one by one work.",
    service: "per-school",
  },
  "needs-cookie": { about: "A token counts only with the cookie that came with it.", auth: "oauth2" },
  "teachers-in-students": { about: "/students lists teachers too." },
  "gzip-always": { about: "Compresses whether it is accepted or not." },
} as const satisfies Record<string, QuirkNote>;

export type Quirk = keyof typeof QUIRKS;
