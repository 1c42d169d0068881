/**
 * Values as providers really send them, made plain: ids as numbers, arrays that are null or one value,
 * references without a usable href, booleans as text. Each gives undefined for what it cannot read.
 */

/** Trimmed text; numbers as text. Undefined for nothing, blanks and numbers too long to be read exactly. */
export function idText(value: unknown): string | undefined {
  if (typeof value === "string") return value.trim() || undefined;
  if (typeof value !== "number") return undefined;
  // JSON.parse rounds longer numbers: two different ids would become one.
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : String(value);
}

/** The id of a reference: its sourcedId alone, for `href` is not to be believed; or an id sent bare. */
export function refText(value: unknown): string | undefined {
  return typeof value === "object" && value !== null
    ? idText((value as { sourcedId?: unknown }).sourcedId)
    : idText(value);
}

/** The parent of an org or session: optional, and malformed at many providers, which means none. */
export function parentText(value: unknown): string | undefined {
  return typeof value === "object" ? refText(value) : undefined;
}

/** An array without its null members; a single value is an array of one, null or missing is none. */
export function listOf(value: unknown): unknown[] {
  if (value == null || value === "") return [];
  return Array.isArray(value) ? value.filter((member) => member != null) : [value];
}

/** Ids of an array of references, in the order sent, without repeats. */
export function refTexts(value: unknown): string[] {
  const ids = listOf(value)
    .map(refText)
    .filter((id) => id !== undefined);
  return ids.length > 1 ? [...new Set(ids)] : ids;
}

/** true, "True", "TRUE", 1, "1" and their opposites. */
export function flag(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  const word =
    typeof value === "string" || typeof value === "number" ? String(value).trim().toLowerCase() : "";
  if (word === "true" || word === "1") return true;
  if (word === "false" || word === "0") return false;
  return undefined;
}

/** The members of a metadata object that are text or numbers, as text. */
export function metadataTexts(value: unknown): Record<string, string> {
  const texts: Record<string, string> = {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) return texts;
  for (const [name, member] of Object.entries(value)) {
    const text = idText(member);
    if (text !== undefined) texts[name] = text;
  }
  return texts;
}
