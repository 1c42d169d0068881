/** What line items and results of the SIS's gradebook have in common: JSON bodies, and references to other records. */
import type { Config } from "../config/schema.ts";

export type GradesConfig = NonNullable<Config["grades"]>;

/** A record as it is sent, without its sourcedId and dateLastModified: those are added when it is. */
export type Body = Record<string, unknown>;

/** What does not differ from record to record of one run. */
export interface GradebookContext {
  /** Root of the gradebook's endpoints. */
  base: string;
  /** Root of the rostering endpoints, where they are elsewhere (OneRoster 1.2); absent: as `base`. */
  rosterBase?: string;
  /** null: the source of the grades does not know where Canvas is. */
  canvasUrl: string | null;
  version: "1.1" | "1.2";
  /** IANA time zone in which days begin and end. */
  timezone: string;
}

export interface GuidRef {
  href: string;
  sourcedId: string;
  type: string;
}

/** The collection of each type of reference, and whether the gradebook service has it. */
const COLLECTIONS = {
  academicSession: { path: "academicSessions", gradebook: false },
  category: { path: "categories", gradebook: true },
  class: { path: "classes", gradebook: false },
  lineItem: { path: "lineItems", gradebook: true },
  org: { path: "orgs", gradebook: false },
  user: { path: "users", gradebook: false },
} as const;

/**
 * A reference as strict providers want it: an absolute href, and the type that the field has (a student is a
 * `user`, a grading period an `academicSession`). Source: OneRoster 1.1 and 1.2, GUIDRef.
 */
export function refTo(type: keyof typeof COLLECTIONS, sourcedId: string, context: GradebookContext): GuidRef {
  const { path, gradebook } = COLLECTIONS[type];
  const root = withoutSlash(gradebook ? context.base : (context.rosterBase ?? context.base));
  return { href: `${root}/${path}/${inUrl(sourcedId)}`, sourcedId, type };
}

const NEEDS_NO_ENCODING = /^[\w.-]*$/;

/** Most ids are plain, and to see that is quicker than to encode them. */
function inUrl(sourcedId: string): string {
  return NEEDS_NO_ENCODING.test(sourcedId) ? sourcedId : encodeURIComponent(sourcedId.toWellFormed());
}

export function withoutSlash(url: string): string {
  return url.endsWith("/") ? url.replace(/\/+$/, "") : url;
}
