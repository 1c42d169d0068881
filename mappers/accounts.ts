/** Orgs → accounts.csv, and which account the courses of an org belong to. */
import type { Org, Reject } from "../connectors/oneroster/records.ts";
import type { CanvasRow } from "./canvas-files.ts";
import { NUL_REASON, hasNul, rejected } from "./findings.ts";

export type AccountRow = CanvasRow<"accounts">;

export interface OrgIndex {
  /** In the order of the file: parents first, then by id. */
  accounts: AccountRow[];
  rejects: Reject[];
  /**
   * The account of an org: its own, else that of its nearest ancestor that has one, "" (Canvas's root) where
   * none has; undefined when the org is unknown, gone, or its account was rejected.
   */
  accountOf(orgId: string): string | undefined;
  /** Whether classes of this school are taken. */
  selected(schoolId: string): boolean;
}

/**
 * @param options.types org types that become accounts, lower case
 * @param options.schools sourcedIds of the schools to take; empty: all. With some, only they and their
 * ancestors become accounts.
 *
 * @param options.unread sourcedIds of records that were rejected
 *
 * An org whose account cannot be (no name, parents in a ring) takes the accounts beneath it with it: hung
 * elsewhere they would be moved in Canvas, with everything in them. So does one that could not be read, of which
 * nobody knows whether it is an account; not over orgs of the only type that becomes one, which are not nested.
 */
export function indexOrgs(
  orgs: Iterable<Org>,
  options: { types: readonly string[]; schools: readonly string[]; unread?: ReadonlySet<string> },
): OrgIndex {
  const sent = new Map<string, Org>();
  for (const org of orgs) sent.set(org.sourcedId, org);
  const taken = new Set(options.schools);
  const wanted =
    taken.size === 0 ? undefined : new Set([...taken].flatMap((id) => lineage(sent.get(id), sent)));

  const becomesAccount = (org: Org): boolean =>
    !org.gone && options.types.includes(org.type) && (wanted?.has(org) ?? true);

  const unreadAbove = (org: Org, ancestors: readonly Org[]): string | undefined => {
    const above = (ancestors.at(-1) ?? org).parent;
    const isUnread = above !== undefined && options.unread?.has(above) === true;
    return isUnread && options.types.some((type) => type !== org.type) ? above : undefined;
  };

  const judged = new Map<Org, Verdict>();
  const judge = (org: Org): Verdict => {
    const [, ...ancestors] = lineage(org, sent);
    const above = ancestors.find(becomesAccount);
    const unread = above === undefined ? unreadAbove(org, ancestors) : undefined;
    const verdict =
      judged.get(org) ??
      whyNoAccount(org, ancestors) ??
      (unread === undefined ? place(org, above && judge(above)) : underUnread(org, unread));
    judged.set(org, verdict);
    return verdict;
  };
  const verdicts = [...sent.values()].filter(becomesAccount).map(judge);

  return {
    accounts: verdicts
      .filter((verdict) => verdict.row !== undefined)
      .sort((a, b) => a.depth - b.depth || (a.row.account_id < b.row.account_id ? -1 : 1))
      .map(({ row }) => row),
    rejects: verdicts.filter((verdict) => verdict.reject !== undefined).map(({ reject }) => reject),
    accountOf(orgId) {
      const [org, ...ancestors] = lineage(sent.get(orgId), sent);
      if (org === undefined || org.gone) return undefined;
      const account = [org, ...ancestors].find(becomesAccount);
      if (account !== undefined) return judged.get(account)?.row?.account_id;
      return unreadAbove(org, ancestors) === undefined ? "" : undefined;
    },
    selected: (schoolId) => taken.size === 0 || taken.has(schoolId),
  };
}

interface Placed {
  row: AccountRow;
  /** How many accounts are above it. */
  depth: number;
  reject?: undefined;
}
type Verdict = Placed | { reject: Reject; row?: undefined };

function place(org: Org, above: Verdict | undefined): Verdict {
  if (above?.reject) {
    const reason = `its parent account ${above.reject.sourcedId} was left out`;
    return rejected(org.sourcedId, "parent", org.parent ?? "", reason);
  }
  const row = {
    account_id: org.sourcedId,
    parent_account_id: above?.row.account_id ?? "",
    name: org.name.trim(),
    status: "active",
  };
  return { row, depth: above === undefined ? 0 : above.depth + 1 };
}

function underUnread({ sourcedId, parent }: Org, above: string): Verdict {
  const reason = `the org ${above} above it was left out, so that nobody knows its parent account`;
  return rejected(sourcedId, "parent", parent ?? "", reason);
}

function whyNoAccount(org: Org, ancestors: readonly Org[]): Verdict | undefined {
  const { sourcedId, name } = org;
  if (name.trim() === "")
    return rejected(sourcedId, "name", name, "an org without a name cannot be an account");
  if (hasNul(name)) return rejected(sourcedId, "name", name, NUL_REASON);
  if (hasNul(sourcedId)) return rejected(sourcedId, "sourcedId", sourcedId, NUL_REASON);
  const top = ancestors.at(-1);
  if (top?.parent === sourcedId) {
    const ring = [org, ...ancestors, org].map((one) => one.sourcedId).join(" → ");
    return rejected(sourcedId, "parent", org.parent ?? "", `its parents form a ring: ${ring}`);
  }
  return undefined;
}

/** The org and its ancestors as far as the SIS sent them, nearest first; one that is its own parent is a root. */
function lineage(org: Org | undefined, sent: ReadonlyMap<string, Org>): Org[] {
  const line = new Set<Org>();
  for (let one = org; one !== undefined && !line.has(one); one = sent.get(one.parent ?? "")) line.add(one);
  return [...line];
}
