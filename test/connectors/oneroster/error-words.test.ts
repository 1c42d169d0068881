import { describe, expect, it } from "vitest";
import { errorWords } from "../../../connectors/oneroster/error-words.ts";

function wordsOf(body: unknown, scrub = (text: string) => text): string | undefined {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return errorWords(new TextEncoder().encode(text).buffer, scrub);
}

describe("a SIS's own words", () => {
  it("lose their secrets before they are cut, for half of one would not be known any more", () => {
    const scrub = (text: string) => text.replaceAll("s3cret-of-the-sis", "[secret]");
    for (const body of [
      `${"x".repeat(290)}s3cret-of-the-sis`,
      { error: `${"x".repeat(290)}s3cret-of-the-sis` },
    ]) {
      expect(wordsOf(body, scrub)).not.toContain("s3c");
    }
  });

  it.for([
    [
      "wrapped imsx_StatusInfo",
      {
        imsx_StatusInfo: {
          imsx_codeMajor: "failure",
          imsx_description: "No such school",
          imsx_CodeMinor: { imsx_codeMinorField: [{ imsx_codeMinorFieldValue: "unknownobject" }] },
        },
      },
      "No such school (unknownobject)",
    ],
    [
      "flat, with an object of minor codes",
      {
        imsx_codeMajor: "failure",
        imsx_severity: "error",
        imsx_description: "Bad filter",
        imsx_CodeMinor: {
          imsx_codeMinorField: [
            { imsx_codeMinorFieldName: "TargetEndSystem", imsx_codeMinorFieldValue: "invalid_filter_field" },
          ],
        },
      },
      "Bad filter (invalid_filter_field)",
    ],
    [
      "flat, with a text code",
      { imsx_description: "Nope", imsx_codeMinor: "unauthorisedrequest" },
      "Nope (unauthorisedrequest)",
    ],
    [
      "statusInfoSet",
      {
        statusInfoSet: [
          {
            imsx_codeMajor: "failure",
            imsx_severity: "error",
            imsx_description: "LineItemHasGradingScale",
            imsx_codeMinor: "invalid_data",
          },
        ],
      },
      "LineItemHasGradingScale (invalid_data)",
    ],
    [
      "statusInfoSet without words",
      { statusInfoSet: [{ imsx_codeMajor: "failure", imsx_severity: "error" }] },
      "failure, error",
    ],
    ["bare error", { error: "invalid_signature" }, "invalid_signature"],
    [
      "OAuth error",
      { error: "invalid_client", error_description: "Unknown client" },
      "Unknown client: invalid_client",
    ],
    [
      "HTML",
      "<!DOCTYPE html><html><head><title>429 Too Many\n Requests</title></head><body>x</body></html>",
      "429 Too Many Requests",
    ],
    [
      "HTML without a title",
      "<html><body><style>p{}</style><h1>Gateway Timeout</h1></body></html>",
      "Gateway Timeout",
    ],
    ["plain text", "  Server  is\tdown \u001b[31m ", "Server is down [31m"],
    ["a JSON text", '"go away"', "go away"],
    ["an error object", { error: { code: "E1", message: "broken" } }, "broken: E1"],
  ] as const)("are found in %s", ([, body, expected]) => {
    expect(wordsOf(body)).toBe(expected);
  });

  it("are undefined when it says nothing", () => {
    for (const body of ["", " \n", "{}", "[]", "null", "3", "<html></html>"])
      expect(wordsOf(body)).toBeUndefined();
  });

  it("are one line of at most 300 characters", () => {
    const words = wordsOf({ error: "line one\n".repeat(200) });
    expect(words).toHaveLength(300);
    expect(words).toMatch(/^[^\n]+…$/);
  });
});
