/** Academic sessions as a tree, and which of a class's sessions is its Canvas term. */
import type { AcademicSession } from "../connectors/oneroster/records.ts";
import type { RosterConfig } from "../config/schema.ts";
import { hasNul, NO_NOTES, type Note, NUL_REASON } from "./findings.ts";

export type TermChoice = RosterConfig["terms"]["pick"];

/** A session in the tree. */
export interface PlacedSession {
  session: AcademicSession;
  /** From its first day to its endDate. */
  length: number;
  /** Those that can be a term, nearest first. */
  ancestors: PlacedSession[];
}

export interface SessionIndex {
  /** The session, or why it cannot be anybody's term; `unread`: the SIS has it, with dates that nobody knows. */
  find(sourcedId: string): PlacedSession | { unusable: string; unread?: true };
}

export type TermPick =
  | { session: AcademicSession; notes: readonly Note[]; problem?: undefined }
  | { problem: string; session?: undefined };

/**
 * @param options.endDates whether an endDate is the last day, or the day after it: a session that has no day
 * cannot be a term, for Canvas would let nobody in
 * @param options.unread sourcedIds of records that were rejected
 */
export function indexSessions(
  sessions: Iterable<AcademicSession>,
  options: { endDates: "inclusive" | "exclusive"; unread?: ReadonlySet<string> },
): SessionIndex {
  const sent = new Map<string, AcademicSession>();
  const placed = new Map<string, PlacedSession>();
  for (const session of sessions) sent.set(session.sourcedId, session);
  for (const session of sent.values()) {
    if (whyUnusable(session, options.endDates) === undefined) {
      placed.set(session.sourcedId, { session, length: lengthOf(session), ancestors: [] });
    }
  }
  for (const place of placed.values()) place.ancestors = ancestorsOf(place.session, sent, placed);

  return {
    find(sourcedId) {
      const session = sent.get(sourcedId);
      if (session === undefined) {
        return options.unread?.has(sourcedId) === true
          ? { unusable: "was left out", unread: true }
          : { unusable: "was not sent by the SIS" };
      }
      return placed.get(sourcedId) ?? { unusable: whyUnusable(session, options.endDates) ?? "" };
    },
  };
}

/**
 * The session that is the term of a class with these sessions.
 *
 * `covering`: the smallest session, one of the class's own or an ancestor of one, that covers them all by its
 * dates or because they all lie under it: Q1+Q2 → Semester 1, S1+S2 → the school year. `first`, `last`,
 * `longest`: of its own, by dates. `schoolYear`: the school year that they all belong to.
 *
 * Never an empty answer: a course without a term would land in Canvas's Default Term, which never ends. Nor one made of
 * some of the sessions when another is there and could not be read: a term too short would end access early.
 */
export function pickTerm(sessionIds: readonly string[], index: SessionIndex, pick: TermChoice): TermPick {
  if (sessionIds.length === 0) return { problem: "the class has no academic session" };

  const own: PlacedSession[] = [];
  const unusable: string[] = [];
  let notes = NO_NOTES;
  for (const id of sessionIds) {
    const found = index.find(id);
    if ("session" in found) own.push(found);
    else if (found.unread === true) {
      return { problem: `its academic session ${id} was left out, so that nobody knows its term` };
    } else {
      unusable.push(`${id} ${found.unusable}`);
      notes = [...notes, { field: "terms", reason: `one of its academic sessions ${found.unusable}` }];
    }
  }
  if (own.length === 0)
    return { problem: `no academic session of the class can be used: ${listed(unusable)}` };

  const found = PICKS[pick](own);
  return typeof found === "string" ? { problem: found } : { session: found.session, notes };
}

const PICKS: Record<TermChoice, (own: PlacedSession[]) => PlacedSession | string> = {
  covering,
  first: (own) =>
    least(own, (a, b) => compare(a.session.startDate, b.session.startDate) || a.length - b.length),
  last: (own) => least(own, (a, b) => compare(b.session.endDate, a.session.endDate) || a.length - b.length),
  longest: (own) =>
    least(own, (a, b) => b.length - a.length || compare(a.session.startDate, b.session.startDate)),
  schoolYear,
};

function covering(own: PlacedSession[]): PlacedSession | string {
  const candidates = [...new Set([...own, ...own.flatMap((place) => place.ancestors)])];
  const covers = candidates.filter((candidate) => coversByDates(candidate, own) || isAbove(candidate, own));
  if (covers.length > 0) {
    const isAncestor = (place: PlacedSession) => Number(!own.includes(place));
    return least(covers, (a, b) => a.length - b.length || isAncestor(a) - isAncestor(b));
  }
  return `no academic session covers ${listed(idsOf(own))}; with roster.terms.pick first, last, longest or schoolYear one could be chosen`;
}

function coversByDates({ session }: PlacedSession, own: PlacedSession[]): boolean {
  return own.every((o) => session.startDate <= o.session.startDate && session.endDate >= o.session.endDate);
}

/** A session shorter than what lies under it has wrong dates, and would end access too early. */
function isAbove(candidate: PlacedSession, own: PlacedSession[]): boolean {
  return own.every(
    (o) => o === candidate || (o.ancestors.includes(candidate) && candidate.length >= o.length),
  );
}

function schoolYear(own: PlacedSession[]): PlacedSession | string {
  const years = new Set<PlacedSession>();
  for (const place of own) {
    const year = [place, ...place.ancestors].find(
      ({ session }) => session.type.toLowerCase() === "schoolyear",
    );
    if (year === undefined) {
      return `no academic session of type schoolYear above ${place.session.sourcedId}; ${otherPicks}`;
    }
    years.add(year);
  }
  const [year, ...others] = years;
  if (year !== undefined && others.length === 0) return year;
  return `its academic sessions belong to several school years, ${listed(idsOf([...years]))}; ${otherPicks}`;
}

const otherPicks = "with roster.terms.pick covering, first, last or longest one could be chosen";

const TYPES_BY_SIZE = ["gradingperiod", "term", "semester", "schoolyear"];

/** The least by `order`; ties: the smaller type, then the smaller sourcedId, so that the order sent is no matter. */
function least(
  places: readonly PlacedSession[],
  order: (a: PlacedSession, b: PlacedSession) => number,
): PlacedSession {
  return places.reduce((best, place) => {
    const rank =
      order(place, best) ||
      sizeOf(place) - sizeOf(best) ||
      compare(place.session.sourcedId, best.session.sourcedId);
    return rank < 0 ? place : best;
  });
}

function sizeOf({ session }: PlacedSession): number {
  const size = TYPES_BY_SIZE.indexOf(session.type.toLowerCase());
  return size === -1 ? TYPES_BY_SIZE.length : size;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function whyUnusable(session: AcademicSession, endDates: "inclusive" | "exclusive"): string | undefined {
  if (session.gone) return "is gone";
  if (hasNul(session.sourcedId)) return NUL_REASON;
  const shortest = endDates === "inclusive" ? 0 : 1;
  return lengthOf(session) < shortest ? "ends before it begins" : undefined;
}

function lengthOf({ startDate, endDate }: AcademicSession): number {
  return (Date.parse(endDate) - Date.parse(startDate)) / 86_400_000;
}

/** Up to the root, or once round where the SIS has parents in a ring. */
function ancestorsOf(
  session: AcademicSession,
  sent: ReadonlyMap<string, AcademicSession>,
  placed: ReadonlyMap<string, PlacedSession>,
): PlacedSession[] {
  const ancestors: PlacedSession[] = [];
  const passed = new Set([session.sourcedId]);
  for (let id = session.parent; id !== undefined && !passed.has(id); id = sent.get(id)?.parent) {
    passed.add(id);
    const place = placed.get(id);
    if (place !== undefined) ancestors.push(place);
  }
  return ancestors;
}

function idsOf(places: readonly PlacedSession[]): string[] {
  return places.map(({ session }) => session.sourcedId);
}

const LISTED = 8;

function listed(items: readonly string[]): string {
  return items.length <= LISTED
    ? items.join(", ")
    : `${items.slice(0, LISTED).join(", ")} and ${items.length - LISTED} more`;
}
