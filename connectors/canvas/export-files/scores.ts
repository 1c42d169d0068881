/** Numbers as exports write them, and what may stand in their place. */

/**
 * A number of a Gradebook export: at most two decimals after the point or comma of the exporter's language, and no
 * thousands separators. So `1,234` is none: it may be a spreadsheet's 1234.
 *
 * @returns undefined where the text is anything else
 */
export function readScore(text: string): number | undefined {
  return /^-?\d+(?:[.,]\d{1,2})?$/.test(text) ? Number(text.replace(",", ".")) : undefined;
}

/**
 * A number of an account report: as many decimals as the calculation gave, after a point; after a comma only where a
 * spreadsheet has saved it, and never three, which may be thousands.
 *
 * @returns undefined where the text is anything else
 */
export function readTotal(text: string): number | undefined {
  if (/^-?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?$/i.test(text)) return Number(text);
  return /^-?\d+,(?:\d{1,2}|\d{4,})$/.test(text) ? Number(text.replace(",", ".")) : undefined;
}

/** What a cell that should be a number holds, in words that tell nothing of the student. */
export function kindOf(text: string): string {
  if (/^-?[\d.,\s]+%$/.test(text)) return "a percentage";
  if (/^#[A-Z/0]+[!?]?$/.test(text)) return "a spreadsheet's error";
  if (/^\d{1,4}([./-])\d{1,2}\1\d{1,4}$/.test(text)) return "a date";
  if (/^-?\d[\d.,'\s]*$/.test(text)) return "a number that can be read in two ways";
  return "text";
}
