/** Pages of collections as ready-made bytes: built on first use, so that serving one again costs nothing. */
import type { RawRecord } from "../district/raw-records.ts";
import type { Find, Found, Listing } from "./endpoints.ts";
import { valuesAt } from "./fields.ts";
import type { PageQuery } from "./page-query.ts";
import type { Quirk } from "./quirks.ts";
import { disguise } from "./record-quirks.ts";
import { withStaleCopies } from "./stale-copies.ts";

/** A list as it is paged: filtered and sorted. */
export interface View {
  key: string;
  listing: Listing;
  records: readonly RawRecord[];
  /** What X-Total-Count says: every record once. */
  total: number;
}

export interface PageShelf {
  find(path: string): Found | undefined;
  view(path: string, listing: Listing, query: PageQuery, filterText: string | null): View;
  /** How many records a page from this offset gets. */
  lengthAt(query: PageQuery): number;
  /** @param shift how far the order has moved meanwhile */
  body(view: View, offset: number, length: number, fields: string[] | undefined, shift: number): Buffer;
  single(listing: Listing, record: RawRecord, fields: string[] | undefined): unknown;
  /** Every page of these endpoints, sorted by sourcedId. */
  all(endpoints: readonly string[], pageSize: number): Buffer[];
  /** Clears the shelf, because records have changed. */
  forget(): void;
}

export function stackPages(findListing: Find, quirks: ReadonlySet<Quirk>, maxPageSize: number): PageShelf {
  const found = new Map<string, Found | undefined>();
  const views = new Map<string, View>();
  const bodies = new Map<string, Buffer>();

  function find(path: string) {
    return madeOnce(found, path, () => {
      const listing = findListing(path);
      if (listing === undefined || "one" in listing || !quirks.has("duplicate-records")) return listing;
      return { list: { ...listing.list, records: withStaleCopies(listing.list.records) } };
    });
  }

  function view(path: string, listing: Listing, query: PageQuery, filterText: string | null): View {
    const key = JSON.stringify([path, query.sort, query.descending, filterText]);
    return madeOnce(views, key, () => {
      const records = query.filter === undefined ? listing.records : listing.records.filter(query.filter);
      const total = new Set(records.map((record) => record.sourcedId)).size;
      return { key, listing, total, records: sorted(records, query.sort, query.descending) };
    });
  }

  function lengthAt({ limit, offset }: PageQuery): number {
    const capped = Math.min(limit, maxPageSize);
    if (quirks.has("clamp-page")) return Math.ceil(capped * 0.6);
    if (quirks.has("ragged-pages")) return Math.max(1, capped - 1 - (offset % 3));
    return capped;
  }

  function body(
    v: View,
    offset: number,
    length: number,
    fields: string[] | undefined,
    shift: number,
  ): Buffer {
    return madeOnce(bodies, `${v.key} ${offset} ${length} ${shift} ${fields?.join() ?? ""}`, () => {
      const count = Math.max(0, Math.min(length, v.records.length - offset));
      const page = Array.from({ length: count }, (_, index) => {
        const record = v.records[(offset + index + shift) % v.records.length] as RawRecord;
        return shown(v.listing, record, fields);
      });
      const { ownName, wrapper } = v.listing;
      return Buffer.from(JSON.stringify({ [quirks.has("own-wrapper-keys") ? ownName : wrapper]: page }));
    });
  }

  function shown(listing: Listing, record: RawRecord, fields: string[] | undefined): object {
    const seen = disguise(record, listing.collection, quirks);
    if (fields === undefined) return seen;
    return Object.fromEntries(Object.entries(seen).filter(([name]) => fields.includes(name)));
  }

  function single(listing: Listing, record: RawRecord, fields: string[] | undefined): unknown {
    const { singular, ownName, wrapper } = listing;
    const key = quirks.has("own-wrapper-keys") && ownName !== wrapper ? ownName.replace(/s$/, "") : singular;
    return { [key]: shown(listing, record, fields) };
  }

  function all(endpoints: readonly string[], pageSize: number): Buffer[] {
    const sort = { sort: "sourcedId", descending: false, filter: undefined, fields: undefined };
    return endpoints.flatMap((name) => {
      const listing = find(`/${name}`);
      if (listing === undefined || "one" in listing) return [];
      const whole = view(`/${name}`, listing.list, { ...sort, limit: pageSize, offset: 0 }, null);
      const pages: Buffer[] = [];
      for (let offset = 0; offset < whole.records.length;) {
        const length = lengthAt({ ...sort, limit: pageSize, offset });
        pages.push(body(whole, offset, length, undefined, 0));
        offset += length;
      }
      return pages;
    });
  }

  function forget(): void {
    for (const kept of [found, views, bodies]) kept.clear();
  }

  return { find, view, lengthAt, body, single, all, forget };
}

/** Unicode order; records that are equal keep their order. */
function sorted(
  records: readonly RawRecord[],
  sort: string | undefined,
  descending: boolean,
): readonly RawRecord[] {
  if (sort === undefined) return records;
  const direction = descending ? -1 : 1;
  const keyed = records.map((record) => ({ record, key: valuesAt(record, sort).join() }));
  keyed.sort((a, b) => direction * (a.key < b.key ? -1 : Number(a.key > b.key)));
  return keyed.map(({ record }) => record);
}

function madeOnce<V>(map: Map<string, V>, key: string, make: () => V): V {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  return made;
}
