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
  return {
    add(secret) {
      if (secret.length < SHORTEST) return;
      for (const form of formsOf(secret)) needles.add(form);
      for (const line of secretLines(secret)) for (const form of textForms(line)) needles.add(form);
    },
    addPair(key, secret) {
      if (secret.length < SHORTEST) return;
      for (const encoded of [String, percentEncoded, formEncoded]) {
        for (const form of base64Forms(`${encoded(key)}:${encoded(secret)}`)) needles.add(form);
      }
    },
    scrub(text) {
      return mask(text, spansOf(text, needles));
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

/** Where any of the needles is, overlapping ones as one span: what is left of a half-hidden secret is secret too. */
function spansOf(text: string, needles: ReadonlySet<string>): Span[] {
  const found: Span[] = [];
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
