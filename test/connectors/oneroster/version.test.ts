import { describe, expect, it } from "vitest";
import { readRoster, failureOf } from "./reading.ts";
import { district, records, startTinySis } from "./tiny-sis.ts";

const IN_S1 = { sourcedId: "S1" };
const OLD = records("u", 3, { role: "student", orgs: [IN_S1] });
const MODERN = records("u", 3, { roles: [{ roleType: "primary", role: "student", org: IN_S1 }] });

describe("a SIS that speaks another version than source.version says", () => {
  it.for([
    ["1.2", "1.1", MODERN, "users with roles and without role and orgs"],
    ["1.1", "1.2", OLD, "users with role and orgs and without roles"],
  ] as const)(
    "speaks %s, is taken for %s: the night ends and says so",
    async ([speaks, version, users, found]) => {
      const sis = await startTinySis(district([...users]));
      const failure = await failureOf(readRoster(sis.url, { version }));
      expect(failure.code).toBe("source.version");
      expect(failure.message).toContain(
        `${found}: that is OneRoster ${speaks}, and source.version is ${version}`,
      );
      expect(failure.hint).toContain(`source.version: "${speaks}"`);
      expect(failure.hint).toContain("rosterbridge plan");
    },
  );

  it("is not told from a single user who is unlike the others", async () => {
    const users = [...MODERN, ...records("v", 1, { role: "student", orgs: [IN_S1] })];
    const sis = await startTinySis(district(users));
    const { sink } = await readRoster(sis.url, { version: "1.2", pageSize: 3, pageConcurrency: 1 });
    expect(sink.idsOf("users")).toHaveLength(4);
  });

  it.for([
    [
      "1.1",
      "/ims/oneroster/v1p1",
      "a SIS that speaks only 1.2 has its rosters at …/ims/oneroster/rostering/v1p2",
    ],
    [
      "1.2",
      "/ims/oneroster/rostering/v1p2",
      "a SIS that speaks only 1.1 has all of it at …/ims/oneroster/v1p1",
    ],
    [
      "1.2",
      "/campus/api/ims/oneroster/v1p2",
      "a SIS that speaks only 1.1 has all of it at …/ims/oneroster/v1p1",
    ],
  ] as const)("OneRoster %s at %s has nothing: it says where to look", async ([version, path, words]) => {
    const sis = await startTinySis({}, () => ({ status: 404, body: "<h1>Not Found</h1>" }));
    const failure = await failureOf(readRoster(sis.origin + path, { version }));
    expect(failure.code).toBe("source.not-found");
    expect(failure.hint).toContain(words);
  });

  it("says nothing of versions where the address has none", async () => {
    const sis = await startTinySis({}, () => ({ status: 404, body: "" }));
    expect((await failureOf(readRoster(`${sis.origin}/oneroster`))).hint).not.toContain(
      "address of OneRoster",
    );
  });
});
