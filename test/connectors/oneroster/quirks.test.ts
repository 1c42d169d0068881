import { beforeAll, describe, expect, it } from "vitest";
import { makeDistrict } from "../../../jobs/demo/district.ts";
import { type Quirk, QUIRKS, type SandboxAuth, startSandboxSis } from "../../../jobs/demo/sis.ts";
import { type ConfigChanges, readRoster, secretOf } from "./reading.ts";
import { type Roster, rosterOf } from "./roster-of.ts";

const district = makeDistrict({ seed: 7, students: 120, schools: 3 });
const oauth1: SandboxAuth = { kind: "oauth1", key: "key", secret: "s&cret ü", signature: "HMAC-SHA256" };
const oauth2: SandboxAuth = { kind: "oauth2", key: "key", secret: "s&cret", credentialsIn: "basic" };

async function readFrom(quirks: Quirk[], auth: SandboxAuth, changes: ConfigChanges = {}) {
  const sis = await startSandboxSis({ district, auth, quirks });
  try {
    const secret = secretOf("secret" in auth ? auth.secret : "");
    const proof: ConfigChanges["auth"] =
      auth.kind === "oauth1"
        ? { kind: "oauth1", key: auth.key, secret, signature: auth.signature }
        : { kind: "oauth2", key: "key", secret, tokenUrl: sis.tokenUrl, scopes: [], credentialsIn: "basic" };
    const read = await readRoster(sis.url, { auth: proof, pageSize: 90, ...changes });
    // Metadata is the SIS's own, and one quirk is that it is odd.
    return { ...read, sis, roster: rosterOf(read.sink, ["metadata"]) };
  } finally {
    await sis.stop();
  }
}

/** How each quirk shows that it was there, beyond the same roster coming out. */
const WARNINGS: Partial<Record<Quirk, RegExp>> = {
  "ragged-pages": /came at offset .* instead of .*; read again one page after the other/,
  "zero-total": /promises 0 records/,
  "unsorted-shifting": /read again one page after the other/,
  "filter-400": /refuses the filter status='active'/,
  "filter-empty": /answers the filter status='active' with nothing/,
  "filter-ignored": /came against the filter status='active'/,
  "bad-row-fails-collection": /enrollments\S* answered 500 .*; read school by school instead/,
};
const LENIENCES: Partial<Record<Quirk, string>> = {
  "dates-with-time": "beginDate: a date with a time; the day was taken as written",
  "day-first-dates": "beginDate: a date with slashes; read day first (d/MM/yyyy)",
};

const names = Object.keys(QUIRKS) as Quirk[];
const ofFilters = names.filter((name) => name.startsWith("filter-"));

describe("a SIS's quirk", () => {
  let plain: Roster;
  let active: Roster;
  const filters = { users: "status='active'", enrollments: "status='active'" };
  beforeAll(async () => {
    plain = (await readFrom([], oauth1)).roster;
    active = (await readFrom([], oauth1, { filters })).roster;
  });

  it("is not needed to read the sandbox's district whole", () => {
    const counts = Object.entries(plain.records).map(([type, records]) => [type, records.length]);
    expect(Object.fromEntries(counts)).toEqual(
      Object.fromEntries(
        Object.entries(district).map(([type, records]) => [type, (records as unknown[]).length]),
      ),
    );
    expect(plain.rejects).toEqual([]);
    expect(active.records.users?.length).toBeLessThan(plain.records.users?.length ?? 0);
  });

  it.for(names.filter((name) => !ofFilters.includes(name)))(
    "%s changes nothing of the roster",
    async (quirk) => {
      const { auth } = QUIRKS[quirk] as { auth?: "oauth2" };
      const { roster, warnings } = await readFrom([quirk], auth === "oauth2" ? oauth2 : oauth1);
      expect(roster.rejects).toEqual([]);
      expect(roster.records).toEqual(plain.records);
      if (WARNINGS[quirk] !== undefined) expect(warnings.join("\n")).toMatch(WARNINGS[quirk]);
      if (LENIENCES[quirk] !== undefined) expect([...roster.leniences]).toContain(LENIENCES[quirk]);
    },
  );

  it.for(ofFilters)("%s changes nothing of what a filter lets through", async (quirk) => {
    const { roster, warnings } = await readFrom([quirk], oauth1, { filters });
    expect(roster.records).toEqual(active.records);
    expect(warnings.join("\n")).toMatch(WARNINGS[quirk]!);
  });
});
