/**
 * Makes records whose sourcedId the SIS gives itself. The standard has no address for that before 1.2: some SISs
 * take a PUT to the collection, others a PUT to any id at all, which they replace; 1.2 has a POST of sets.
 */
import { randomUUID } from "node:crypto";
import { ofRecord, type Scope, SETS } from "./addresses.ts";
import type { Body, RecordKind } from "./records.ts";
import type { Sent } from "./sending.ts";

export interface CreationWays {
  /** @param path the address to PUT the record to */
  put: (kind: RecordKind, path: string, body: Body) => Promise<Sent>;
  /** A set of one; undefined where the SIS's version has no sets. */
  post?: (kind: RecordKind, scope: Scope, body: Body) => Promise<Sent>;
}

type Way = (kind: RecordKind, scope: Scope, body: Body) => Promise<Sent>;

/** 404 and 405 say that nothing was made: only then is the next way tried. The way that worked is kept to. */
export function createCreation({ put, post }: CreationWays): Way {
  const ways: Way[] = [
    (kind, _, body) => put(kind, SETS[kind], body),
    (kind, _, body) => put(kind, ofRecord(kind, randomUUID()), body),
    ...(post === undefined ? [] : ([(kind, scope, body) => post(kind, scope, body)] satisfies Way[])),
  ];
  const settled = new Map<RecordKind, Way>();

  return async (kind, scope, body) => {
    const known = settled.get(kind);
    if (known !== undefined) return known(kind, scope, body);
    let refusal: Sent | undefined;
    for (const way of ways) {
      const sent = await way(kind, scope, body);
      if (sent.kind === "stored") settled.set(kind, way);
      if (sent.kind !== "refused" || (sent.status !== 404 && sent.status !== 405)) return sent;
      // A 404 that speaks of the record says more than one that only knows no such address.
      if (refusal === undefined || isBare(refusal)) refusal = sent;
    }
    if (refusal === undefined) throw new Error("there is no way to make a record");
    return refusal;
  };
}

function isBare(sent: Sent): boolean {
  return sent.kind === "refused" && (sent.status === 405 || /^not found$/i.test(sent.words));
}
