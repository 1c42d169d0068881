/** The YAML parser's error codes in the words of somebody who edits the file; its own messages quote the file. */
import type { ErrorCode } from "yaml";

const WORDS: Partial<Record<ErrorCode, string>> = {
  BAD_DIRECTIVE: "a line that begins with % is a YAML directive, and this one is not valid",
  BAD_DQ_ESCAPE:
    'in "double quotes" a backslash begins an escape, and this one is not valid; use single quotes',
  BAD_INDENT:
    "the indentation does not fit (keys of one mapping begin in the same column), or a bracket is missing",
  BAD_SCALAR_START: "text that begins with @, %, ` or another special character must be in quotes",
  BLOCK_AS_IMPLICIT_KEY:
    "a second “: ” on one line; put the text in quotes, or begin the mapping on a new line",
  BLOCK_IN_FLOW: "lines with dashes or indented keys cannot stand inside [ ] or { }",
  DUPLICATE_KEY: "the key is written twice in the same mapping",
  KEY_OVER_1024_CHARS: "a key of more than 1024 characters",
  MISSING_CHAR: "something is missing here: a closing quote or bracket, a comma, or “: ” after a key",
  MULTILINE_IMPLICIT_KEY: "a key goes over several lines; is “: ” missing, or the indentation of a text?",
  MULTIPLE_DOCS: "a second document begins here (---); one file holds one configuration",
  NON_STRING_KEY: "a key must be text; braces in a value, as in {institution}, need quotes around it",
  RESOURCE_EXHAUSTION: "brackets are nested too deep",
  TAB_AS_INDENT: "a tab; YAML is indented with spaces only",
  TAG_RESOLVE_FAILED: "a tag (!…) that has no meaning here; text that begins with ! must be in quotes",
  UNEXPECTED_TOKEN: "not expected here; is a quote, a bracket or the indentation wrong?",
};

export function yamlErrorWords(code: ErrorCode): string {
  return WORDS[code] ?? "is not valid YAML";
}
