/** How new records travel: one by one, or in sets; under our sourcedId, or under one that the SIS gives. */
import type { Body, Gradebook, RecordKind, Scope, Sent } from "../../connectors/oneroster/gradebook.ts";
import type { GradesConfig } from "../../mappers/gradebook-body.ts";
import type { Held } from "./held.ts";

export interface Parcel {
  /** To tell it from the others. */
  key: string;
  /** null: the SIS gives one. */
  sourcedId: string | null;
  isNew: boolean;
  body: Body;
}

export interface Sender {
  /** Told as soon as it is known what became of one. */
  done: (parcel: Parcel, sent: Sent) => void;
  /** Asks the SIS for what it has of them, by key; what is not named is absent. */
  look: (parcels: readonly Parcel[]) => Promise<ReadonlyMap<string, Held>>;
}

/** Larger ones are turned away by proxies, and a set that is refused is sent again one by one. */
const SET_SIZE = 100;

export type SendParcels = (
  kind: RecordKind,
  scope: Scope,
  parcels: readonly Parcel[],
  sender: Sender,
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

  /** Some SISs store a set record by record, and refuse it at the first that they do not take: the rest is there. */
  async function again(
    kind: RecordKind,
    scope: Scope,
    parcel: Parcel,
    { held, words }: { held: Held | undefined; words: string },
  ): Promise<Sent> {
    if (held === undefined || held.kind === "absent") return one(kind, scope, parcel);
    if (held.kind === "unclear")
      return { kind: "unknown", words: `It refused the set (${words}); of this record, ${held.words}` };
    const { sourcedId, isSame } = held;
    return isSame ? { kind: "stored", sourcedId } : one(kind, scope, { ...parcel, sourcedId });
  }

  return async (kind, scope, parcels, { done, look }) => {
    const sets = rules.bulk ? parcels.filter(({ isNew }) => isNew) : [];
    const singles = rules.bulk ? parcels.filter(({ isNew }) => !isNew) : parcels;
    const eachOne = singles.map(async (parcel) => {
      done(parcel, await one(kind, scope, parcel));
    });
    const eachSet = inSets(sets).map(async (set) => {
      const bodies = set.map(({ sourcedId, body }) => ({
        ...body,
        sourcedId: sourcedId ?? crypto.randomUUID(),
      }));
      const sent = await gradebook.postSet(kind, scope, bodies);
      if (sent.kind === "refused") {
        const known = await look(set);
        const { words } = sent;
        await Promise.all(
          set.map(async (parcel) => {
            done(parcel, await again(kind, scope, parcel, { held: known.get(parcel.key), words }));
          }),
        );
        return;
      }
      set.forEach((parcel, index) => {
        done(parcel, sent.kind === "unknown" ? sent : ofSet(kind, sent.ids, bodies[index]?.sourcedId ?? ""));
      });
    });
    await Promise.all([...eachOne, ...eachSet]);
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
