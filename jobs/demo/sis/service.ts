/** Everything behind the gate: which answer a request that was let in gets. */
import type { Place } from "./addresses.ts";
import { type Answer, refusal } from "./answers.ts";
import type { CollectionRequest } from "./collections.ts";
import { type GradebookService, openGradebook } from "./gradebook.ts";
import { isOfGradebook } from "./gradebook/listings.ts";
import type { SandboxWrite } from "./gradebook/options.ts";
import type { SandboxSisOptions } from "./options.ts";
import type { Quirk } from "./quirks.ts";
import { limitRate } from "./rate-limit.ts";
import { openRosterService } from "./roster-service.ts";

export interface ServiceRequest extends CollectionRequest {
  /** Which services are where it came. */
  place: Pick<Place, "rostering" | "gradebook">;
  contentType: string | undefined;
  /** Of every method but GET. */
  write: SandboxWrite | undefined;
}

export interface Service {
  answer(request: ServiceRequest): Answer;
  /** Something to be written, as it came; its status is set when it is known. */
  note(method: string, path: string, sent: string): SandboxWrite;
  warm(pageSize: number): Buffer[];
  readonly gradebook: GradebookService | undefined;
}

/** @param root gives the address of the gradebook's root */
export function openService(
  { district, maxPageSize, version = "1.1", dialect = "standard", gradebook: options }: SandboxSisOptions,
  quirks: ReadonlySet<Quirk>,
  root: () => string,
): Service {
  const roster = openRosterService(district, { quirks, maxPageSize, version, dialect });
  const gradebook = options && openGradebook(district, options, { quirks, maxPageSize, version, root });
  const limit = limitRate(quirks.has("rate-limited"));

  function answer(request: ServiceRequest): Answer {
    try {
      return limit() ?? answerOf(request);
    } catch (error) {
      if (!(error instanceof URIError)) throw error;
      return refusal(400, "invaliddata", "the path is not percent-encoded text");
    }
  }

  function answerOf(request: ServiceRequest): Answer {
    const { path, contentType, write, place } = request;
    const isHere = isOfGradebook(path) ? place.gradebook : place.rostering;
    if (!isHere) return refusal(404, "unknownobject", `there is no ${path}`);
    const book = isOfGradebook(path) ? gradebook : undefined;
    if (write === undefined) return book === undefined ? roster.answer(request) : book.read(request);
    if (book === undefined) return refusal(405, "unknownobject", "OneRoster rosters are read with GET");
    return book.write({ method: write.method, path, contentType, json: write.body });
  }

  function note(method: string, path: string, sent: string): SandboxWrite {
    const write = { method, path, status: 0, body: jsonOf(sent) };
    gradebook?.note(write);
    return write;
  }

  return { answer, note, warm: (pageSize) => roster.warm(pageSize), gradebook };
}

function jsonOf(sent: string): unknown {
  try {
    return JSON.parse(sent);
  } catch {
    return undefined;
  }
}
