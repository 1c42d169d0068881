import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createScrubber } from "../../config/scrub.ts";

const SECRET = "p@ss/word +1%é\"'(x)!*";

function scrubbed(text: string, secret = SECRET): string {
  const scrubber = createScrubber();
  scrubber.add(secret);
  return scrubber.scrub(text);
}

function rfc3986(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function lowerCaseHex(value: string): string {
  return value.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}

/** As JSON.stringify, with more characters as \\uXXXX. */
function escapedIn(value: string, more: RegExp, isUpperCase: boolean): string {
  const escape = (unit: string) => {
    const digits = unit.charCodeAt(0).toString(16).padStart(4, "0");
    return `\\u${isUpperCase ? digits.toUpperCase() : digits}`;
  };
  return Array.from(value)
    .map((c) => (c.match(more) === null ? JSON.stringify(c).slice(1, -1) : c.split("").map(escape).join("")))
    .join("");
}

const ENCODINGS: Record<string, (value: string) => string> = {
  "as it is": (value) => value,
  "in JSON": (value) => JSON.stringify(value).slice(1, -1),
  "in the JSON of PHP": (value) => escapedIn(value, /[^ -~]/gu, false).replaceAll("/", "\\/"),
  "in the JSON of .NET": (value) => escapedIn(value, /[^ -~]|["&'+<>`]/gu, true),
  "in HTML": (value) =>
    value.replace(
      /["'&<>]/g,
      (c) => `&${{ '"': "quot", "'": "#39", "&": "amp", "<": "lt", ">": "gt" }[c] ?? ""};`,
    ),
  "in HTML that is wary": (value) =>
    value.replace(/[^A-Za-z0-9]/gu, (c) => `&#x${(c.codePointAt(0) ?? 0).toString(16).toUpperCase()};`),
  "percent-encoded": encodeURIComponent,
  "percent-encoded in lower case": (value) => lowerCaseHex(encodeURIComponent(value)),
  "percent-encoded by RFC 3986": rfc3986,
  "percent-encoded by RFC 3986 in lower case": (value) => lowerCaseHex(rfc3986(value)),
  "percent-encoded twice, as OAuth 1.0a signs it": (value) => rfc3986(rfc3986(value)),
  "in a form body": (value) => new URLSearchParams({ a: value }).toString().slice(2),
  "in base64": (value) => Buffer.from(value).toString("base64"),
  "in base64url": (value) => Buffer.from(value).toString("base64url"),
  "in base64 in a URL": (value) => encodeURIComponent(Buffer.from(value).toString("base64")),
};

describe("scrubbing", () => {
  it.each(Object.entries(ENCODINGS))("hides a secret %s", (_, encode) => {
    expect(scrubbed(`GET /x?a=${encode(SECRET)}&b=1 failed`)).toBe("GET /x?a=[secret]&b=1 failed");
  });

  it("hides any secret in any encoding in any text", () => {
    const secret = fc
      .string({ unit: "grapheme-ascii", minLength: 4, maxLength: 40 })
      .filter((s) => !/secret/.test(s));
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom(...Object.values(ENCODINGS)),
        fc.string(),
        fc.string(),
        (s, encode, a, b) => {
          const scrubber = createScrubber();
          scrubber.add(s);
          const masked = scrubber.scrub(`${a}${encode(s)}${b}`);

          expect(masked).toContain("[secret]");
          expect(masked.replaceAll("[secret]", "\n")).not.toContain(encode(s));
          expect(scrubber.scrub(masked)).toBe(masked);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("takes a secret out of whatever was put into base64 together with it", () => {
    const secret = fc.stringMatching(/^[\w!@#-]{9,40}$/);
    fc.assert(
      fc.property(
        secret,
        fc.string(),
        fc.string(),
        fc.constantFrom("base64", "base64url"),
        (s, before, after, as) => {
          const masked = scrubbed(Buffer.from(before + s + after).toString(as), s);

          expect(masked).toContain("[secret]");
          const left = masked.split("[secret]").map((part) => Buffer.from(part, "base64").toString("latin1"));
          expect(left.join("\n")).not.toContain(s.slice(2, -2));
        },
      ),
    );
  });

  it("hides Basic credentials whole, also with key and secret encoded first (RFC 6749 §2.3.1)", () => {
    const scrubber = createScrubber();
    scrubber.addPair("client:1", SECRET);
    for (const encode of [(value: string) => value, rfc3986, ENCODINGS["in a form body"]!]) {
      const credentials = Buffer.from(`${encode("client:1")}:${encode(SECRET)}`).toString("base64");
      expect(scrubber.scrub(`Authorization: Basic ${credentials}`)).toBe("Authorization: Basic [secret]");
    }
  });

  it("hides a private key whole, line by line, and as an error repeats it in JSON", () => {
    const { privateKey } = generateKeyPairSync("ed25519");
    const pem = String(privateKey.export({ type: "pkcs8", format: "pem" })).trim();
    const scrubber = createScrubber();
    scrubber.add(pem);

    expect(scrubber.scrub(`key ${pem}.`)).toBe("key [secret].");
    expect(scrubber.scrub(JSON.stringify({ key: pem }))).toBe('{"key":"[secret]"}');
    const [, line] = pem.split("\n");
    expect(scrubber.scrub(`bad line: ${line!}`)).toBe("bad line: [secret]");
    expect(scrubber.scrub("-----BEGIN PRIVATE KEY----- expected")).toBe(
      "-----BEGIN PRIVATE KEY----- expected",
    );
  });

  it("hides a secret without the blanks at its ends, as a server repeats a header", () => {
    for (const secret of [" tok-12345 ", "tok-12345\n", "tok-12345\t"]) {
      expect(scrubbed("no: Bearer tok-12345", secret)).toBe("no: Bearer [secret]");
    }
  });

  it("hides the longer of two secrets whole, and overlapping ones together", () => {
    const scrubber = createScrubber();
    for (const secret of ["abcd", "abcdefgh", "ghijkl"]) scrubber.add(secret);
    expect(scrubber.scrub("abcdefgh, abcd, abcdefghijkl")).toBe("[secret], [secret], [secret]");
  });

  it("leaves alone what is too short to be a secret, and text without one", () => {
    const scrubber = createScrubber();
    scrubber.add("abc");
    scrubber.add("");
    scrubber.addPair("key", "");
    expect(scrubber.scrub("abc key: nothing to hide")).toBe("abc key: nothing to hide");
  });

  it("stays the same when text passes through it twice, even if the secret is the word secret", () => {
    expect(scrubbed(scrubbed("the secret", "secret"), "secret")).toBe("the [secret]");
  });
});
