import { beforeAll, describe, expect, it } from "vitest";
import { type Quirk, QUIRKS, type SandboxAuth } from "../../../jobs/demo/sis.ts";
import type { SandboxSisOptions } from "../../../jobs/demo/sis/options.ts";
import { makeHome, OAUTH1, SIS_SECRET, SIS_TOKEN, smallDistrict, sourceOf, startSis } from "../night-kit.ts";

const district = withoutHiredAides();
const SCOPE = "https://purl.imsglobal.org/spec/or/v1p1/scope/roster.readonly";
const oauth2 = { kind: "oauth2", key: "oakdale-key", secret: SIS_SECRET, credentialsIn: "basic" } as const;
const status = "status='active'";

type Changes = Record<string, unknown>;

/** /students and /teachers are all that some ways of reading have, and aides are in neither of them. */
function withoutHiredAides() {
  const all = smallDistrict();
  const aides = new Set(all.users.filter(({ role }) => role === "aide").map(({ sourcedId }) => sourcedId));
  return {
    ...all,
    users: all.users.filter(({ sourcedId }) => !aides.has(sourcedId)),
    enrollments: all.enrollments.filter(({ user }) => !aides.has(user.sourcedId)),
  };
}

/** The sha256 of the package of a night that went well. */
async function packageFrom(
  sisOptions: Partial<SandboxSisOptions> & { auth: SandboxAuth },
  changes: Changes = {},
) {
  await using sis = await startSis({ district, ...sisOptions });
  await using home = makeHome({ source: sourceOf(sis, sisOptions.auth, changes) });
  const { code, stderr } = await home.call(["roster"]);
  expect(code, stderr).toBe(0);
  expect(home.delivered()).toHaveLength(1);
  return home.manifest().package?.sha256;
}

describe("the same district gives the same package, byte for byte", () => {
  let plain: string | undefined;
  beforeAll(async () => {
    plain = await packageFrom({ auth: OAUTH1 });
  });

  /** What must be asked so that the quirk shows. */
  const SHOWN_BY: Partial<Record<Quirk, Changes>> = {
    "filter-400": { filters: { users: status, enrollments: status } },
    "filter-empty": { filters: { users: status, enrollments: status } },
    "filter-ignored": { filters: { users: status, enrollments: status } },
    "teachers-in-students": { exclude: ["users"] },
    "bad-row-fails-collection": { service: "per-school" },
  };

  it.for(Object.keys(QUIRKS) as Quirk[])("from a SIS with the quirk %s", async (quirk) => {
    const { auth } = QUIRKS[quirk] as { auth?: "oauth2" };
    const shown = SHOWN_BY[quirk] ?? {};
    expect(await packageFrom({ quirks: [quirk], auth: auth === "oauth2" ? oauth2 : OAUTH1 }, shown)).toBe(
      plain,
    );
  });

  it("from a SIS that has a dozen of the quirks at once", async () => {
    const quirks: Quirk[] = [
      "clamp-page",
      "no-link",
      "sort-400",
      "own-wrapper-keys",
      "odd-booleans",
      "scalar-arrays",
      "odd-metadata",
      "empty-parent",
      "odd-hrefs",
      "enum-case",
      "spaced-ids",
      "duplicate-records",
      "gzip-always",
    ];
    expect(await packageFrom({ quirks, auth: OAUTH1 })).toBe(plain);
  });

  it.for<[string, SandboxAuth]>([
    ["OAuth 1.0a with HMAC-SHA1", { ...OAUTH1, signature: "HMAC-SHA1" }],
    ["OAuth 2 with the credentials in a header", oauth2],
    [
      "OAuth 2 with the credentials in the body, and scopes",
      { ...oauth2, credentialsIn: "body", scopes: [SCOPE] },
    ],
    ["a fixed token", { kind: "bearer", token: SIS_TOKEN }],
  ])("by %s", async ([, auth]) => {
    expect(await packageFrom({ auth })).toBe(plain);
  });

  it.for<[string, Changes]>([
    ["school by school", { service: "per-school" }],
    ["with every school named", { schools: ["101", "102"] }],
    ["by way of other collections", { exclude: ["users", "orgs", "demographics"] }],
    ["one page after the other", { pageConcurrency: 1, concurrency: 1 }],
    ["in large pages", { pageSize: 5000 }],
    ["in pages of 17", { pageSize: 17 }],
    ["with what is gone filtered out", { filters: { users: status, classes: status, enrollments: status } }],
  ])("read %s", async ([, changes]) => {
    expect(await packageFrom({ auth: OAUTH1 }, changes)).toBe(plain);
  });
});
