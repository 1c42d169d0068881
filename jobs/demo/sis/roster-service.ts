/** The roster endpoints: which answer a GET that was let in gets. */
import type { District } from "../district/raw-records.ts";
import type { Dialect } from "./addresses.ts";
import { type Answer, refusal } from "./answers.ts";
import { type CollectionRequest, openCollections } from "./collections.ts";
import { BULK_ENDPOINTS, type Find, findListing, type Listing } from "./endpoints.ts";
import type { OneRosterVersion } from "./options.ts";
import type { Quirk } from "./quirks.ts";
import { inVersion12 } from "./version-12.ts";

export interface RosterService {
  answer(request: CollectionRequest): Answer;
  warm(pageSize: number): Buffer[];
}

export interface RosterManner {
  quirks: ReadonlySet<Quirk>;
  maxPageSize: number | undefined;
  version: OneRosterVersion;
  dialect: Dialect;
}

export function openRosterService(
  district: District,
  { quirks, maxPageSize, version, dialect }: RosterManner,
): RosterService {
  const teachersToo = quirks.has("teachers-in-students");
  const translate = inVersion12(district, dialect === "qmlativ" ? "real" : "text");
  const inVersion = (listing: Listing): Listing => ({
    ...listing,
    records: listing.records.map((record) => translate(record, listing.collection)),
  });
  const find: Find = (path) => {
    const found = findListing(district, path, teachersToo);
    if (found === undefined || version === "1.1") return found;
    if ("list" in found) return { list: inVersion(found.list) };
    return { one: found.one, record: translate(found.record, found.one.collection) };
  };
  const collections = openCollections(find, { quirks, maxPageSize, version });

  function answer(request: CollectionRequest): Answer {
    if (quirks.has("bad-row-fails-collection") && request.path === "/enrollments") {
      return refusal(500, "targetreadfailure", "Sequence contains more than one matching element");
    }
    return collections.answer(request);
  }

  return { answer, warm: (pageSize) => collections.warm(BULK_ENDPOINTS, pageSize) };
}
