/**
 * What a SIS says when it refuses, in its own words. Seven shapes are met in the field: imsx_StatusInfo
 * wrapped, flat with an imsx_CodeMinor object (OneRoster 1.1 §3.6), flat with a text code, statusInfoSet,
 * a bare `error`, OAuth's error and error_description (RFC 6749 §5.2), and HTML pages.
 */

const LONGEST = 300;
type Members = Record<string, unknown>;

/** Takes secrets out of a text: before it is cut, for half a secret would not be known as one. */
export type Scrub = (text: string) => string;

const asItIs: Scrub = (text) => text;

/** One line of at most 300 characters; undefined when the body says nothing. */
export function errorWords(body: ArrayBuffer, scrub: Scrub): string | undefined {
  const text = new TextDecoder().decode(body.slice(0, 64 * 1024)).trim();
  if (text === "") return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return text.startsWith("<") ? markupWords(text, scrub) : shortened(text, scrub);
  }
  if (typeof json === "string") return shortened(json, scrub);
  return typeof json === "object" && json !== null ? wordsOfStatus(json, scrub) : undefined;
}

/** The words of a parsed body; undefined when it is no status at all. */
export function wordsOfStatus(json: object, scrub = asItIs): string | undefined {
  return shortened(statusesOf(json).map(statusWords).filter(Boolean).join("; "), scrub);
}

/**
 * Whether a body says that the request has failed, whatever else it holds: some SISs answer 200 all the same, with
 * what they had until then. A warning, as of a sort field that they do not know, is no failure of what came with it.
 */
export function saysFailure(json: object): boolean {
  return statusesOf(json).some(({ imsx_codeMajor: major, imsx_severity: severity }) => {
    if (wordOf(severity) === "error") return true;
    return /^(?:failure|unsupported)$/.test(wordOf(major)) && wordOf(severity) !== "warning";
  });
}

function statusesOf(json: object): Members[] {
  const outer = json as Members;
  const set =
    outer.statusInfoSet ??
    outer.imsx_statusInfoSet ??
    outer.imsx_StatusInfo ??
    outer.imsx_statusInfo ??
    outer;
  return (Array.isArray(set) ? (set as unknown[]) : [set]).filter(isMembers);
}

function wordOf(value: unknown): string {
  return typeof value === "string" ? value.trim().toLowerCase() : "";
}

/** The title of an HTML page, or else what is readable of it. */
export function markupWords(markup: string, scrub = asItIs): string | undefined {
  const found = /<title[^>]*>([^<]+)<\/title>/i.exec(markup) ?? /<h1[^>]*>([^<]+)<\/h1>/i.exec(markup);
  const readable = () =>
    markup.replaceAll(/<(style|script)[\s\S]*?<\/\1>/gi, " ").replaceAll(/<[^>]*>/g, " ");
  return shortened(found?.[1] ?? readable(), scrub);
}

function statusWords(status: Members): string {
  const said = [
    ...texts(
      status.imsx_description,
      status.error_description,
      status.message,
      status.Message,
      status.detail,
    ),
    ...(isMembers(status.error) ? texts(status.error.message, status.error.code) : texts(status.error)),
  ];
  const codes = [...texts(status.imsx_codeMinor), ...minorCodes(status.imsx_CodeMinor)];
  if (said.length === 0 && codes.length === 0) {
    return texts(status.imsx_codeMajor, status.imsx_severity, status.title).join(", ");
  }
  if (said.length === 0) return codes.join(", ");
  return [...new Set(said)].join(": ") + (codes.length === 0 ? "" : ` (${codes.join(", ")})`);
}

function minorCodes(minor: unknown): string[] {
  if (!isMembers(minor)) return texts(minor);
  const fields = minor.imsx_codeMinorField;
  return (Array.isArray(fields) ? (fields as unknown[]) : [fields])
    .filter(isMembers)
    .flatMap((field) => texts(field.imsx_codeMinorFieldValue));
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function texts(...values: unknown[]): string[] {
  return values.filter((value) => typeof value === "string").filter((text) => text.trim() !== "");
}

function shortened(text: string, scrub: Scrub): string | undefined {
  // Control characters would break the line that an operator reads, or the terminal.
  const line = scrub(text)
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim();
  if (line === "") return undefined;
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
