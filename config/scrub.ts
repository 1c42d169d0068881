/** Takes secrets out of every text before somebody can see it, in whatever form the wire has given them. */

export interface Scrubber {
  /** Registers a secret value; values under 4 characters are left alone, as replacing them would garble any text. */
  add(secret: string): void;
  /** Registers a key and its secret as they travel together: `key:secret` in base64 (RFC 7617, RFC 6749 §2.3.1). */
  addPair(key: string, secret: string): void;
  /** The text with every registered value, in every encoding of it that is known, as `[secret]`. */
  scrub(text: string): string;
}

const MASK = "[secret]";
const SHORTEST = 4;
/** Lines of a private key are as telling as the whole; shorter ones are more likely to be words of its frame. */
const SHORTEST_LINE = 16;
/** Shorter pieces of base64 turn up in any text by chance. */
const SHORTEST_BASE64_PIECE = 8;

/** A scrubber that knows nothing yet. */
export function createScrubber(): Scrubber {
  // The mask counts as a secret itself, so that text which was scrubbed before stays as it is.
  const needles = new Set([MASK]);
  const patterns = new Map<string, RegExp>();
  return {
    add(secret) {
      if (secret.length < SHORTEST) return;
      // HTTP takes blanks off the ends of a header, so that is how it may come back.
      const bare = secret.trim();
      if (bare !== secret) this.add(bare);
      for (const form of formsOf(secret)) needles.add(form);
      if (isEscapable(secret)) patterns.set(secret, escapedPattern(secret));
      for (const line of secretLines(secret)) for (const form of textForms(line)) needles.add(form);
    },
    addPair(key, secret) {
      if (secret.length < SHORTEST) return;
      for (const encoded of [String, percentEncoded, formEncoded]) {
        for (const form of base64Forms(`${encoded(key)}:${encoded(secret)}`)) needles.add(form);
      }
    },
    scrub(text) {
      return mask(text, spansOf(text, needles, [...patterns.values()]));
    },
  };
}

function formsOf(secret: string): string[] {
  return [...textForms(secret), ...base64Forms(secret), ...base64Pieces(secret).flatMap(textForms)];
}

/** As it stands, in JSON, and percent-encoded: once, and as in the base string of OAuth 1.0a twice. */
function textForms(value: string): string[] {
  const strict = percentEncoded(value);
  const once = [encodeURIComponent(value.toWellFormed()), strict, formEncoded(value)];
  const twice = [strict, lowerHex(strict)].map(percentEncoded);
  return [value, JSON.stringify(value).slice(1, -1), ...once, ...once.map(lowerHex), ...twice];
}

/** Only letters and digits are never escaped; of several lines each is hidden by itself. */
function isEscapable(secret: string): boolean {
  return !/^[A-Za-z0-9]*$/.test(secret) && !secret.includes("\n");
}

/** The secret with any of its characters escaped as in JSON, which every language does differently, or as in HTML. */
function escapedPattern(secret: string): RegExp {
  return new RegExp(Array.from(secret).map(spellingsOf).join(""), "gu");
}

const ENTITIES: Record<string, string> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos" };

function spellingsOf(character: string): string {
  if (/[A-Za-z0-9]/.test(character)) return character;
  const point = character.codePointAt(0) ?? 0;
  const units = character
    .split("")
    .map((unit) => `\\\\u${anyCase(hex(unit.charCodeAt(0)).padStart(4, "0"))}`);
  const name = ENTITIES[character];
  const plain = `\\u{${hex(point)}}`;
  // The longest first: the plain character may be how another begins.
  const spellings = [
    ...(name === undefined ? [] : [`&${name};`]),
    `&#0*${point};`,
    `&#[xX]0*${anyCase(hex(point))};`,
    units.join(""),
    `\\\\${plain}`,
    plain,
  ];
  return `(?:${spellings.join("|")})`;
}

function hex(code: number): string {
  return code.toString(16);
}

function anyCase(digits: string): string {
  return digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

/** RFC 3986: everything but unreserved characters. */
function percentEncoded(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** application/x-www-form-urlencoded. */
function formEncoded(value: string): string {
  return new URLSearchParams({ value }).toString().slice("value=".length);
}

function lowerHex(encoded: string): string {
  return encoded.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}

function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value, "utf8");
  return [bytes.toString("base64"), bytes.toString("base64url")].flatMap(textForms);
}

/**
 * The characters of base64 that depend on the secret alone, for each of the three ways in which it can lie
 * among other bytes: so it is also found inside credentials or a body that was encoded as a whole.
 */
function base64Pieces(value: string): string[] {
  const bytes = Buffer.from(value, "utf8");
  return [0, 1, 2].flatMap((before) => {
    const shifted = Buffer.concat([Buffer.alloc(before), bytes]);
    const first = Math.ceil((before * 8) / 6);
    const last = Math.floor((shifted.length * 8) / 6);
    return (["base64", "base64url"] as const)
      .map((encoding) => shifted.toString(encoding).slice(first, last))
      .filter((piece) => piece.length >= SHORTEST_BASE64_PIECE);
  });
}

function secretLines(secret: string): string[] {
  if (!secret.includes("\n")) return [];
  return secret
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST_LINE && !line.startsWith("-----"));
}

interface Span {
  start: number;
  end: number;
}

/** Where any of the needles or patterns is, overlapping ones as one span: what is left of a half-hidden secret is secret too. */
function spansOf(text: string, needles: ReadonlySet<string>, patterns: readonly RegExp[]): Span[] {
  const found: Span[] = patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length })),
  );
  for (const needle of needles) {
    for (let start = text.indexOf(needle); start >= 0; start = text.indexOf(needle, start + 1)) {
      found.push({ start, end: start + needle.length });
    }
  }
  const merged: Span[] = [];
  for (const span of found.sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && span.start < last.end) last.end = Math.max(last.end, span.end);
    else merged.push(span);
  }
  return merged;
}

function mask(text: string, spans: readonly Span[]): string {
  let masked = "";
  let from = 0;
  for (const { start, end } of spans) {
    masked += text.slice(from, start) + MASK;
    from = end;
  }
  return masked + text.slice(from);
}
