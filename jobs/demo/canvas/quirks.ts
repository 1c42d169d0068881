/** Ways in which one real Canvas differs from another. None changes what the work means. */
export const QUIRKS = {
  "sis-ids-hidden": "The token's user may not read SIS ids of people: `sis_user_id` is not there.",
  "no-rights": "The token's user may not view grades: 403, in Canvas's words, wherever grades are.",
  "numbered-pages": "Submissions come in numbered pages, as in older Canvases, not by bookmark.",
  "zoned-dates": "Dates carry the offset of a time zone instead of Z.",
} as const;

export type CanvasQuirk = keyof typeof QUIRKS;
