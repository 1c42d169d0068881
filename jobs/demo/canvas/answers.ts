/** Canvas's own words for what it does not do. */
import { type Answer, jsonAnswer } from "../sis/answers.ts";

const CHALLENGE = { "www-authenticate": 'Bearer realm="canvas-lms"' };

export function unauthenticated(): Answer {
  return jsonAnswer(
    401,
    { status: "unauthenticated", errors: [{ message: "user authorization required" }] },
    CHALLENGE,
  );
}

/** @param word Invalid, Expired or Revoked */
export function tokenRefused(word: "Invalid" | "Expired" | "Revoked"): Answer {
  return jsonAnswer(401, { errors: [{ message: `${word} access token.` }] }, CHALLENGE);
}

/** Known, but without the right: not to be taken for being throttled, which is a 403 too. */
export function forbidden(): Answer {
  return jsonAnswer(403, {
    status: "unauthorized",
    errors: [{ message: "user not authorized to perform that action" }],
  });
}

export function notFound(): Answer {
  return jsonAnswer(404, { errors: [{ message: "The specified resource does not exist." }] });
}

export function badRequest(code: string, error: string): Answer {
  return jsonAnswer(400, { code, error });
}

export function serverError(): Answer {
  return jsonAnswer(500, {
    errors: [{ message: "An error occurred.", error_code: "internal_server_error" }],
    error_report_id: 81_233_407,
  });
}

/** Plain text, and no cost: the request was not served. */
export function rateLimited(status: 403 | 429): Answer {
  const words = status === 403 ? "403 Forbidden" : "429 Too Many Requests";
  return {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "x-rate-limit-remaining": "0.0" },
    body: Buffer.from(`${words} (Rate Limit Exceeded)\n`),
  };
}
