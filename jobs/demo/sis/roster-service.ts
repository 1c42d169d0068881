/** The roster endpoints: which answer a GET that was let in gets. */
import type { District } from "../district/raw-records.ts";
import { type Answer, refusal } from "./answers.ts";
import { type CollectionRequest, openCollections } from "./collections.ts";
import { BULK_ENDPOINTS, findListing } from "./endpoints.ts";
import type { Quirk } from "./quirks.ts";

export interface RosterService {
  answer(request: CollectionRequest): Answer;
  warm(pageSize: number): Buffer[];
}

export function openRosterService(
  district: District,
  quirks: ReadonlySet<Quirk>,
  maxPageSize: number | undefined,
): RosterService {
  const teachersToo = quirks.has("teachers-in-students");
  const collections = openCollections(
    (path) => findListing(district, path, teachersToo),
    quirks,
    maxPageSize,
  );

  function answer(request: CollectionRequest): Answer {
    if (quirks.has("bad-row-fails-collection") && request.path === "/enrollments") {
      return refusal(500, "targetreadfailure", "Sequence contains more than one matching element");
    }
    return collections.answer(request);
  }

  return { answer, warm: (pageSize) => collections.warm(BULK_ENDPOINTS, pageSize) };
}
