/** What one reading of an endpoint has brought so far, and whether that is all of it. */
import { createIdSet } from "./id-set.ts";
import type { PageSummary } from "./sink.ts";

export type OrgBrief = NonNullable<PageSummary["orgs"]>[number];

export interface Tally {
  /** Says how many ids of the page were new. */
  add: (page: PageSummary) => number;
  /** Whether any of these ids (hashIds) has not come. */
  lacksAny: (ids: Uint32Array) => boolean;
  readonly pages: number;
  readonly received: number;
  /** Unique sourcedIds. */
  readonly unique: number;
  /** Records without a sourcedId: they cannot be told apart, only counted. */
  readonly nameless: number;
  /** Records whose sourcedId had come before. */
  readonly repeated: number;
  readonly filteredOut: number;
  readonly orgs: OrgBrief[];
  /** The same for readings that brought the same sourcedIds. */
  readonly content: string;
  /** Whether the unique records number what the SIS promised. */
  isComplete: (total: number) => boolean;
}

/** @param expected how many records the SIS has promised */
export function createTally(expected = 0): Tally {
  const ids = createIdSet(expected);
  const orgs: OrgBrief[] = [];
  let [pages, received, nameless, filteredOut] = [0, 0, 0, 0];
  return {
    add(page) {
      pages++;
      received += page.received;
      nameless += page.received - page.ids.length / 2;
      filteredOut += page.filteredOut;
      orgs.push(...(page.orgs ?? []));
      return ids.add(page.ids);
    },
    lacksAny: (hashes) => !ids.hasAll(hashes),
    get pages() {
      return pages;
    },
    get received() {
      return received;
    },
    get unique() {
      return ids.size;
    },
    get nameless() {
      return nameless;
    },
    get repeated() {
      return received - nameless - ids.size;
    },
    get filteredOut() {
      return filteredOut;
    },
    orgs,
    get content() {
      return ids.digest;
    },
    isComplete: (total) => ids.size <= total && total <= ids.size + nameless,
  };
}
