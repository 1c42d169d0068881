/** Answers as OneRoster 1.1 wants them, before they go on the wire. */

export interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** Values of imsx_codeMinorFieldValue; OneRoster 1.1, table of minor codes. */
export type MinorCode =
  | "unknownobject"
  | "invaliddata"
  | "unauthorisedrequest"
  | "invalid_sort_field"
  | "invalid_filter_field"
  | "invalid_selection_field"
  | "deletefailure"
  | "targetreadfailure";

export function jsonAnswer(status: number, content: unknown, headers: Answer["headers"] = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: Buffer.from(JSON.stringify(content)),
  };
}

export function htmlAnswer(status: number, title: string, headers: Answer["headers"] = {}): Answer {
  const page = `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8", ...headers },
    body: Buffer.from(page),
  };
}

export function emptyAnswer(status: number, headers: Answer["headers"] = {}): Answer {
  return { status, headers, body: Buffer.alloc(0) };
}

/** An error with its imsx_StatusInfo. */
export function refusal(
  status: number,
  code: MinorCode,
  description: string,
  headers: Answer["headers"] = {},
): Answer {
  const info = {
    imsx_codeMajor: "failure",
    imsx_severity: "error",
    imsx_description: `Sandbox SIS: ${description}`,
    imsx_CodeMinor: {
      imsx_codeMinorField: [{ imsx_codeMinorFieldName: "TargetEndSystem", imsx_codeMinorFieldValue: code }],
    },
  };
  return jsonAnswer(status, { imsx_StatusInfo: info }, headers);
}
