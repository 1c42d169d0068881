/** How new records travel: one by one, or in sets; under our sourcedId, or under one that the SIS gives. */
import type { Body, Gradebook, RecordKind, Scope, Sent } from "../../connectors/oneroster/gradebook.ts";
import type { GradesConfig } from "../../mappers/gradebook-body.ts";

export interface Parcel {
  /** To tell it from the others. */
  key: string;
  /** null: the SIS gives one. */
  sourcedId: string | null;
  isNew: boolean;
  body: Body;
}

/** Larger ones are turned away by proxies, and a set that is refused is sent again one by one. */
const SET_SIZE = 100;

export type SendParcels = (
  kind: RecordKind,
  scope: Scope,
  parcels: readonly Parcel[],
  /** Told as soon as it is known what became of one. */
  done: (parcel: Parcel, sent: Sent) => void,
) => Promise<void>;

export function createSending(
  gradebook: Pick<Gradebook, "put" | "create" | "postSet">,
  rules: Pick<GradesConfig, "endpoints" | "bulk">,
): SendParcels {
  async function one(kind: RecordKind, scope: Scope, { sourcedId, body }: Parcel): Promise<Sent> {
    if (sourcedId === null) return gradebook.create(kind, body, scope);
    const sent = await gradebook.put(kind, sourcedId, body);
    return sent.kind === "stored" ? { ...sent, sourcedId: sent.sourcedId ?? sourcedId } : sent;
  }

  return async (kind, scope, parcels, done) => {
    const sets = rules.bulk ? parcels.filter(({ isNew }) => isNew) : [];
    const singles = rules.bulk ? parcels.filter(({ isNew }) => !isNew) : parcels;
    const eachOne = (some: readonly Parcel[]) =>
      some.map(async (parcel) => {
        done(parcel, await one(kind, scope, parcel));
      });
    const eachSet = inSets(sets).map(async (set) => {
      const bodies = set.map(({ sourcedId, body }) => ({
        ...body,
        sourcedId: sourcedId ?? crypto.randomUUID(),
      }));
      const sent = await gradebook.postSet(kind, scope, bodies);
      if (sent.kind === "refused") {
        await Promise.all(eachOne(set));
        return;
      }
      set.forEach((parcel, index) => {
        done(parcel, sent.kind === "unknown" ? sent : ofSet(kind, sent.ids, bodies[index]?.sourcedId ?? ""));
      });
    });
    await Promise.all([...eachOne(singles), ...eachSet]);
  };
}

/**
 * A SIS that names what it has stored has not confirmed what it leaves out. A line item without an id is looked up
 * in any case; a result would count as sent.
 */
function ofSet(kind: RecordKind, ids: ReadonlyMap<string, string>, supplied: string): Sent {
  const sourcedId = ids.get(supplied) ?? null;
  if (kind === "lineItem" || sourcedId !== null || ids.size === 0) return { kind: "stored", sourcedId };
  return {
    kind: "unknown",
    words: "It took the set, and did not name this result among those that it has stored",
  };
}

function inSets(parcels: readonly Parcel[]): Parcel[][] {
  const sets: Parcel[][] = [];
  for (let at = 0; at < parcels.length; at += SET_SIZE) sets.push(parcels.slice(at, at + SET_SIZE));
  return sets;
}
