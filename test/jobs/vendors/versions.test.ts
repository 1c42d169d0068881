import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { District } from "../../../jobs/demo/district.ts";
import type { SandboxSis, SandboxSisOptions } from "../../../jobs/demo/sis.ts";
import { readArchiveIndex } from "../../../connectors/store/archive.ts";
import { type Home, makeHome, packageOf, rowsOf, smallDistrict, sourceOf, startSis } from "../night-kit.ts";
import { passBack } from "./pass-back.ts";

type Version = "1.1" | "1.2";
type Tree = Record<string, unknown>;

const DISTRICT = smallDistrict();
const FEW = smallDistrict({ students: 16, oddities: false });

/** Does something with a SIS of a version, at the port given or any. */
async function withSis(
  version: Version,
  options: Partial<SandboxSisOptions>,
  work: (sis: SandboxSis, source: Tree) => Promise<void>,
): Promise<number> {
  await using sis = await startSis({ district: DISTRICT, version, ...options });
  await work(sis, { ...sourceOf(sis), version, gradebookUrl: sis.gradebookUrl });
  return Number(new URL(sis.url).port);
}

/** A night that ends well, over whatever the home has delivered before. */
async function night(home: Home, version: Version, sections: Tree = {}, district = DISTRICT): Promise<void> {
  await withSis(version, { district }, async (_, source) => {
    home.configure({ ...sections, source: { ...source, ...(sections["source"] as Tree | undefined) } });
    const { code, stderr } = await home.call(["roster"]);
    expect(code, stderr).toBe(0);
  });
}

/** What of it does not depend on where the SIS was and how it spoke. */
async function packageFrom(version: Version, sections: Tree): Promise<Map<string, string>> {
  await using home = makeHome({});
  await night(home, version, sections);
  return packageOf(home);
}

describe("OneRoster 1.2", () => {
  it.for<[string, Tree]>([
    ["by the whole", {}],
    [
      "school by school",
      { source: { service: "per-school" }, roster: { enrollments: { roles: { student: "student" } } } },
    ],
    [
      "of one school, whose users are those with a role there now",
      { source: { schools: ["102"] }, roster: { users: { include: "all" } } },
    ],
    ["with a filter", { source: { filters: { users: "status='active'" } } }],
  ])("gives the package that 1.1 gives, %s", async ([, sections]) => {
    expect(await packageFrom("1.2", sections)).toEqual(await packageFrom("1.1", sections));
  });

  it("gives preferred names where they are asked for", async () => {
    const preferred = rowsOf(
      await packageFrom("1.2", { roster: { users: { names: "preferred" } } }),
      "users",
    );
    const legal = rowsOf(await packageFrom("1.2", {}), "users");
    const others = preferred.filter(({ first_name }, index) => first_name !== legal[index]?.["first_name"]);
    expect(others.length).toBeGreaterThan(0);
    for (const { first_name } of others) expect(first_name).toMatch(/^.-Jay$/);
  });

  it("tells whose login came from a profile, and keeps no password of one", async () => {
    await using home = makeHome({});
    await night(home, "1.2");
    expect(home.manifest().warnings).toContainEqual(
      expect.objectContaining({ type: "users", reason: "missing; that of userProfiles was taken" }),
    );
    const extract = join(home.runFolder(), "extract");
    const pages = readArchiveIndex(extract)
      .filter(({ type }) => type === "users")
      .flatMap(({ name, pages }) => {
        const file = readFileSync(join(extract, `${name}.json.zst`));
        return pages.map(({ offset, bytes }) =>
          zstdDecompressSync(file.subarray(offset, offset + bytes)).toString(),
        );
      })
      .join("");
    expect(pages).toContain("userProfiles");
    expect(pages).not.toContain("not for you");
    expect(readdirSync(extract).length).toBeGreaterThan(1);
  });

  it("takes grades by POST where the SIS gives the ids itself", async () => {
    await using home = makeHome({});
    await withSis("1.2", { district: FEW, gradebook: { endpoints: "modified" } }, async (sis, source) => {
      home.configure({ source });
      expect((await home.call(["roster"])).code).toBe(0);
      await passBack(home, sis, source, { endpoints: "modified" });
      expect(
        new Set(sis.gradebook.writes.filter(({ status }) => status === 201).map(({ method }) => method)),
      ).toContain("POST");
    });
  });

  it("wants an address for grades, and says so when source.url is that of rosters alone", async () => {
    await using home = makeHome({});
    await withSis("1.2", { district: FEW, gradebook: {} }, async (sis, source) => {
      const rosters = { ...source, gradebookUrl: null };
      home.configure({ source: rosters });
      expect((await home.call(["roster"])).code).toBe(0);
      await expect(passBack(home, sis, rosters)).rejects.toThrow(/put it under source\.gradebookUrl/);
      expect(home.manifest()).toMatchObject({ exitCode: 3, errors: [{ code: "source.not-found" }] });
    });
  });
});

describe("a SIS of the other version", () => {
  it.for<[Version, Version, string]>([
    [
      "1.2",
      "1.1",
      "users with roles and without role and orgs: that is OneRoster 1.2, and source.version is 1.1",
    ],
    [
      "1.1",
      "1.2",
      "users with role and orgs and without roles: that is OneRoster 1.1, and source.version is 1.2",
    ],
  ])(
    "speaks %s and is taken for %s: code 3, in a sentence, and nothing is delivered",
    async ([speaks, taken, words]) => {
      await using home = makeHome({});
      await withSis(speaks, {}, async (_, source) => {
        home.configure({ source: { ...source, version: taken } });
        const { code, stderr } = await home.call(["roster"]);
        expect(code).toBe(3);
        expect(stderr).toContain(words);
        expect(home.manifest().errors[0]).toMatchObject({ code: "source.version", stage: "extract" });
        expect(home.delivered()).toEqual([]);
        expect((await home.call(["check"])).stdout).toContain(words);
      });
    },
  );

  it.for<[Version, string, string]>([
    ["1.2", "/ims/oneroster/v1p1", "…/ims/oneroster/rostering/v1p2"],
    ["1.1", "/ims/oneroster/rostering/v1p2", "…/ims/oneroster/v1p1"],
  ])("speaks %s and is asked at %s: code 3, and where it may be", async ([speaks, path, elsewhere]) => {
    await using home = makeHome({});
    await withSis(speaks, {}, async (sis, source) => {
      const { pathname } = new URL(sis.url);
      home.configure({ source: { ...source, url: sis.url.replace(pathname, path), retries: 0 } });
      const { code, stderr } = await home.call(["roster"]);
      expect(code).toBe(3);
      expect(stderr).toContain(elsewhere);
      expect(home.manifest().errors[0]).toMatchObject({ code: "source.not-found" });
    });
  });
});

describe("the change from 1.1 to 1.2", () => {
  it("is nothing to Canvas where the ids stay", async () => {
    await using home = makeHome({});
    await night(home, "1.1");
    await night(home, "1.2");
    for (const [file, { added, changed, removed }] of Object.entries(home.manifest().files)) {
      expect([file, added, changed, removed]).toEqual([file, 0, 0, 0]);
    }
  });

  it("is held where everybody gets a new id, and says what it looks like", async () => {
    await using home = makeHome({});
    await night(home, "1.1", {}, withLetters(DISTRICT));
    await withSis("1.2", {}, async (_, source) => {
      home.configure({ source });
      const { code, stderr } = await home.call(["roster"]);
      expect(code).toBe(4);
      expect(home.delivered()).toHaveLength(1);
      expect(home.manifest().guard?.violations[0]).toMatchObject({ rule: "new-ids", file: "users" });
      expect(stderr).toContain("source.version is not what it was on that night");
      expect(stderr).toContain("without the letter before them");
      expect(stderr).toContain("metadata.ic.legacysourceId");
    });
  });
});

/** As Infinite Campus has it in 1.1: the role's letter before the id. */
function withLetters(district: District): District {
  const letters = new Map(
    district.users.map(({ sourcedId, role }) => [sourcedId, role.slice(0, 1) + sourcedId]),
  );
  const anew = <R extends { sourcedId: string }>(record: R): R => ({
    ...record,
    sourcedId: letters.get(record.sourcedId) ?? record.sourcedId,
  });
  return {
    ...district,
    users: district.users.map((user) => ({ ...anew(user), agents: user.agents.map(anew) })),
    enrollments: district.enrollments.map((one) => ({ ...one, user: anew(one.user) })),
  };
}
