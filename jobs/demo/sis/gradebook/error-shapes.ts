/** The seven shapes in which SISs word an error, met in the field. The first is OneRoster 1.1's own. */
import { type Answer, htmlAnswer, jsonAnswer, type MinorCode } from "../answers.ts";

export type ErrorShape =
  /** `{ "imsx_StatusInfo": … }` */
  | "status-info"
  /** The same without a wrapper, with an imsx_CodeMinor object: OneRoster 1.2. */
  | "flat"
  /** The same with a text `imsx_codeMinor`. */
  | "flat-text-code"
  /** `{ "statusInfoSet": [ … ] }` */
  | "status-info-set"
  /** `{ "error": words }` */
  | "error"
  /** As OAuth words it: RFC 6749, section 5.2. */
  | "oauth"
  | "html";

/** Why a request is refused. */
export interface Objection {
  status: number;
  code: MinorCode;
  words: string;
  /** Default: as the SIS words everything. */
  shape?: ErrorShape | undefined;
}

/** @param operation the OneRoster operation, such as `putResult` */
export function objectionAnswer(objection: Objection, operation: string, shape: ErrorShape): Answer {
  const { status, code, words } = objection;
  const base = { imsx_codeMajor: "failure", imsx_severity: "error", imsx_description: words };
  const codeMinor = {
    imsx_codeMinorField: [{ imsx_codeMinorFieldName: "TargetEndSystem", imsx_codeMinorFieldValue: code }],
  };
  switch (shape) {
    case "status-info":
      return jsonAnswer(status, { imsx_StatusInfo: { ...base, imsx_CodeMinor: codeMinor } });
    case "flat":
      return jsonAnswer(status, { ...base, imsx_CodeMinor: codeMinor });
    case "flat-text-code":
      return jsonAnswer(status, { ...base, imsx_codeMinor: code });
    case "status-info-set":
      return jsonAnswer(status, { statusInfoSet: [statusOfSet(operation, words)] });
    case "error":
      return jsonAnswer(status, { error: words });
    case "oauth":
      return jsonAnswer(status, { error: "invalid_request", error_description: words });
    case "html":
      return htmlAnswer(status, words.replaceAll("&", "&amp;").replaceAll("<", "&lt;"));
  }
}

function statusOfSet(operation: string, words: string): object {
  const bare = { imsx_codeMajor: "failure", imsx_severity: "error" };
  if (words === "") return bare;
  return {
    ...bare,
    imsx_operationRefIdentifier: operation,
    imsx_description: words,
    imsx_codeMinor: "invalid_data",
  };
}
