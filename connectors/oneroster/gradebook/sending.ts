/** Sends one record, or one set, and says what became of it: only a SIS that is of no use at all is a Failure. */
import { STATUS_CODES } from "node:http";
import type { Client, GivenUp, Reading, WriteRequest } from "../client.ts";
import { errorWords, markupWords } from "../error-words.ts";
import type { Answer } from "../http.ts";
import { type Circuit, createCircuit } from "./circuit.ts";
import { hintOf } from "./hints.ts";
import type { RecordKind } from "./records.ts";
import { failureWords, jsonOf } from "./stored-answer.ts";

/** What became of a record that was not stored. */
export type NotStored =
  /** This record, in the SIS's own words, and what to do. */
  | { kind: "refused"; status: number; words: string; hint: string }
  /** It may have arrived or not. */
  | { kind: "unknown"; words: string };

export type Sent =
  /** Under the sourcedId that the SIS told; null when it told none. */
  { kind: "stored"; sourcedId: string | null } | NotStored;

/** A good answer, for whoever knows what was sent. */
export interface Taken {
  kind: "taken";
  json: unknown;
  header: Answer["header"];
}

export interface SendOptions {
  kind: RecordKind;
  /** Whether it may arrive twice. */
  repeatable: boolean;
}

export type Send = (request: WriteRequest, options: SendOptions) => Promise<Taken | NotStored>;

/**
 * @param fail ends everything that is under way, and everything after it
 * @returns throws Failure source.… when the SIS is of no use: no credentials, a redirect, a certificate, a wait
 *   that is too long, or too many records in a row given up
 */
export function createSend(
  client: Client,
  {
    signal,
    fail,
    scrub,
  }: { signal: AbortSignal; fail: (error: unknown) => void; scrub: (text: string) => string },
): Send {
  const circuit = createCircuit();

  async function send(request: WriteRequest, { kind, repeatable }: SendOptions): Promise<Taken | NotStored> {
    const read = (answer: Answer) => Promise.resolve(readAnswer(answer, request, kind));
    const sent = await client.write(request, read, { signal, repeatable });
    if (sent.kind === "given-up") return judgeGivenUp(sent, request, kind, circuit);
    circuit.answered();
    return sent;
  }

  function readAnswer(
    answer: Answer,
    { method }: WriteRequest,
    kind: RecordKind,
  ): Reading<Taken | Extract<NotStored, { kind: "refused" }>> {
    const { status, body, header } = answer;
    if (status >= 400) return { value: refused(status, errorWords(body, scrub)) };
    const page = markupOf(body);
    if (page !== undefined) {
      const title = markupWords(page, scrub);
      const named = title === undefined ? "" : ` (“${title}”)`;
      return { trouble: { kind: "not-json", detail: `an HTML page instead of an answer${named}` } };
    }
    const json = jsonOf(body);
    const words = failureWords(json, scrub);
    return { value: words === undefined ? { kind: "taken", json, header } : refused(status, words) };

    function refused(status: number, said: string | undefined) {
      const words = said ?? STATUS_CODES[status] ?? String(status);
      return { kind: "refused" as const, status, words, hint: hintOf({ kind, method, status, words }) };
    }
  }

  return async (request, options) => {
    try {
      return await send(request, options);
    } catch (error) {
      fail(error);
      throw error;
    }
  };
}

function judgeGivenUp(
  { refusal, failure }: GivenUp,
  { method }: WriteRequest,
  kind: RecordKind,
  circuit: Circuit,
): NotStored {
  const { trouble, words = "Too Many Requests" } = refusal;
  const isOfNoUse =
    trouble.kind === "certificate" ||
    refusal.askedToWaitMs !== undefined ||
    (trouble.kind === "status" && (trouble.status < 400 || trouble.status === 401));
  if (isOfNoUse) throw failure;
  circuit.gaveUp(failure);
  // Whoever is told to come later has been turned away.
  return trouble.kind === "status" && trouble.status === 429
    ? { kind: "refused", status: 429, words, hint: hintOf({ kind, method, status: 429, words: "" }) }
    : { kind: "unknown", words: failure.message };
}

/** The start of a body that is a web page. */
function markupOf(body: ArrayBuffer): string | undefined {
  if (body.byteLength === 0) return undefined;
  const start = new TextDecoder().decode(body.slice(0, 4096)).trimStart();
  return start.startsWith("<") ? start : undefined;
}
