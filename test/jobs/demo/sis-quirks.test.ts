import { describe, expect, it } from "vitest";
import { type Quirk, QUIRKS } from "../../../jobs/demo/sis.ts";
import { ask, idsOf, type Reply, TOKEN, walk, withSis } from "./ask.ts";

type Get = (path: string) => Promise<Reply>;
const credentials = { kind: "oauth2", key: "id", secret: "secret", credentialsIn: "body" } as const;
const form = { "content-type": "application/x-www-form-urlencoded" };
const grant = "grant_type=client_credentials&client_id=id&client_secret=secret";

/** Quirks that show in a list as anybody reads it; those of tokens have their own tests. */
const READABLE = Object.entries(QUIRKS as Record<Quirk, { auth?: string; service?: string }>)
  .filter(([, { auth, service }]) => auth === undefined && service === undefined)
  .map(([quirk]) => quirk as Quirk);

function withQuirk(quirk: Quirk, work: (get: Get) => Promise<void>): Promise<void> {
  return withSis({ quirks: [quirk] }, (_sis, get) => work(get));
}

/** All values that a member has in a collection. */
async function valuesOf(get: Get, path: string, member: string): Promise<unknown[]> {
  return (await walk(get, path, 1000)).map((record) => record[member]);
}

describe("with any quirk", () => {
  it.each(READABLE)("%s: a patient reader still gets every record", async (quirk) => {
    await withSis({ quirks: [quirk] }, async (_sis, get, district) => {
      for (const name of ["orgs", "enrollments"] as const) {
        const ids = new Set(idsOf(await walk(get, `/${name}`, 60)));
        expect([...ids]).toEqual(idsOf(district[name]));
      }
    });
  });
});

describe("paging quirks", () => {
  it("clamp-page and ragged-pages give less than was asked, though more follow", async () => {
    await withQuirk("clamp-page", async (get) => {
      expect((await get("/enrollments?limit=50")).records()).toHaveLength(30);
    });
    await withQuirk("ragged-pages", async (get) => {
      const lengths = [0, 1, 2].map(
        async (offset) => (await get(`/enrollments?limit=50&offset=${offset}`)).records().length,
      );
      expect(await Promise.all(lengths)).toEqual([49, 48, 47]);
    });
  });

  it("no-total, zero-total and no-link leave the reader without that help", async () => {
    await withQuirk("no-total", async (get) => {
      expect((await get("/users")).header("x-total-count")).toBeUndefined();
    });
    await withQuirk("zero-total", async (get) => {
      expect((await get("/users")).header("x-total-count")).toBe("0");
    });
    await withQuirk("no-link", async (get) => {
      expect((await get("/users")).header("link")).toBeUndefined();
    });
  });

  it("link-last-is-current points the last page at itself", async () => {
    await withQuirk("link-last-is-current", async (get) => {
      const last = await get("/orgs?limit=100&offset=2");
      expect(last.header("link")).toMatch(/\/orgs\?limit=100&offset=2>; rel="next"/);
    });
  });

  it("link-other-host names a host that is not ours, link-without-brackets none in brackets", async () => {
    await withQuirk("link-other-host", async (get) => {
      expect((await get("/users")).header("link")).toContain("<http://sis-app-03.internal:8080/ims/");
    });
    await withQuirk("link-without-brackets", async (get) => {
      expect((await get("/users?limit=50")).header("link")).toMatch(/^http:\/\/127.*offset=50; rel="next"/);
    });
  });

  it("unsorted-shifting repeats and skips for those who read in parallel, and settles for others", async () => {
    await withSis({ quirks: ["unsorted-shifting"] }, async (_sis, get, district) => {
      const offsets = Array.from({ length: 8 }, (_, page) => page * 50);
      const pages = await Promise.all(
        offsets.map((offset) => get(`/enrollments?limit=50&offset=${offset}&sort=sourcedId`)),
      );
      const parallel = pages.flatMap((page) => page.records());
      expect(new Set(idsOf(parallel)).size).toBeLessThan(parallel.length);
      expect(pages[0]!.header("x-total-count")).toBe(String(district.enrollments.length));
      expect(idsOf(await walk(get, "/enrollments", 50))).toEqual(idsOf(district.enrollments));
    });
  });

  it("duplicate-records adds stale copies that the total does not count", async () => {
    await withSis({ quirks: ["duplicate-records"] }, async (_sis, get, district) => {
      const all = await walk(get, "/users", 20);
      expect(all.length).toBeGreaterThan(district.users.length);
      expect((await get("/users?limit=1")).header("x-total-count")).toBe(String(district.users.length));
      const newest = new Map<unknown, Record<string, unknown>>();
      for (const record of all) {
        const known = newest.get(record["sourcedId"]);
        if (known === undefined || String(known["dateLastModified"]) < String(record["dateLastModified"])) {
          newest.set(record["sourcedId"], record);
        }
      }
      const names = new Map(district.users.map((user) => [user.sourcedId, user.familyName]));
      for (const user of newest.values())
        expect(user["familyName"]).toBe(names.get(String(user["sourcedId"])));
      expect(all.some((user) => user["familyName"] !== names.get(String(user["sourcedId"])))).toBe(true);
    });
  });

  it("sort-400 and sort-ignored do not sort", async () => {
    await withQuirk("sort-400", async (get) => {
      expect((await get("/users?sort=sourcedId")).status).toBe(400);
    });
    await withQuirk("sort-ignored", async (get) => {
      expect((await get("/users?sort=sourcedId")).text).toBe((await get("/users")).text);
    });
  });

  it("filter-400, filter-empty and filter-ignored do not filter", async () => {
    const filtered = "/users?filter=role%3D%27teacher%27";
    await withQuirk("filter-400", async (get) => {
      expect((await get(filtered)).status).toBe(400);
    });
    await withQuirk("filter-empty", async (get) => {
      const reply = await get(filtered);
      expect([reply.status, reply.records()]).toEqual([200, []]);
    });
    await withQuirk("filter-ignored", async (get) => {
      expect((await get(filtered)).text).toBe((await get("/users")).text);
    });
  });

  it("own-wrapper-keys wraps in the endpoint's name", async () => {
    await withQuirk("own-wrapper-keys", async (get) => {
      for (const name of ["schools", "students", "teachers", "terms", "gradingPeriods", "users"]) {
        expect(Object.keys((await get(`/${name}`)).json() as object)).toEqual([name]);
      }
      expect((await get("/students/0042")).json()).toHaveProperty("student.sourcedId", "0042");
    });
  });

  it("teachers-in-students lists them there too", async () => {
    await withQuirk("teachers-in-students", async (get) => {
      expect(new Set(await valuesOf(get, "/students", "role"))).toEqual(new Set(["student", "teacher"]));
      expect(await valuesOf(get, "/schools/101/students", "role")).toContain("teacher");
    });
  });

  it("rate-limited refuses every 8th request, in HTML, and says when to come again in both ways", async () => {
    await withQuirk("rate-limited", async (get) => {
      const replies: Reply[] = [];
      for (let n = 0; n < 16; n++) replies.push(await get("/orgs"));
      expect(replies.map((reply) => reply.status)).toEqual([...refusedAtEighth, ...refusedAtEighth]);
      expect(replies[7]!.header("content-type")).toContain("text/html");
      expect(replies[7]!.header("retry-after")).toBe("1");
      expect(Date.parse(replies[15]!.header("retry-after") ?? "")).toBeGreaterThan(Date.now() - 1000);
    });
  });

  it("bad-row-fails-collection fails /enrollments and no school's", async () => {
    await withSis({ quirks: ["bad-row-fails-collection"] }, async (_sis, get, district) => {
      expect((await get("/enrollments")).status).toBe(500);
      expect((await get("/users")).status).toBe(200);
      const bySchool = await Promise.all(
        ["101", "102"].map((id) => walk(get, `/schools/${id}/enrollments`, 500)),
      );
      expect(idsOf(bySchool.flat())).toEqual(idsOf(district.enrollments));
    });
  });

  it("gzip-always compresses for those who did not ask", async () => {
    await withQuirk("gzip-always", async (get) => {
      expect((await get("/users")).header("content-encoding")).toBe("gzip");
    });
  });
});

const refusedAtEighth = [...Array<number>(7).fill(200), 429];

describe("quirks of records", () => {
  it.each<[Quirk, string, string, unknown[]]>([
    ["string-booleans", "/users", "enabledUser", ["true"]],
    ["odd-booleans", "/users", "enabledUser", [true, "true", "True", "TRUE", 1]],
    ["inactive-status", "/orgs", "status", ["active", "inactive"]],
    ["enum-case", "/classes", "classType", ["Homeroom", "SCHEDULED", " scheduled ", "scheduled"]],
    ["enum-case", "/users", "role", ["Student", "STUDENT", " student ", "Teacher"]],
    ["scalar-arrays", "/users", "grades", ["KG", null, undefined]],
    ["null-members", "/courses", "resources", [null]],
    ["null-members", "/enrollments", "primary", [null, true]],
    ["odd-metadata", "/users", "metadata", [expect.objectContaining({ "x.nothing": null })]],
    ["odd-metadata", "/classes", "metadata", [null, "", [], "n/a"]],
    ["day-first-dates", "/academicSessions", "startDate", ["5/01/2027", "17/08/2026"]],
    [
      "dates-with-time",
      "/enrollments",
      "beginDate",
      ["2026-08-17T00:00:00.000Z", "2026-08-17T00:00:00", "2026-08-17 00:00:00"],
    ],
    ["numeric-ids", "/users", "sourcedId", [42, "0042"]],
    ["spaced-ids", "/users", "sourcedId", [expect.stringMatching(/^ \S+$/), expect.stringMatching(/^\S+ $/)]],
  ])("%s shows in %s: %s", async (quirk, path, member, expected) => {
    await withQuirk(quirk, async (get) => {
      expect(await valuesOf(get, path, member)).toEqual(expect.arrayContaining(expected));
    });
  });

  it("spaced-ids spaces a record and its refs otherwise, without changing the id", async () => {
    await withSis({ quirks: ["spaced-ids"] }, async (_sis, get, district) => {
      const sent = await walk(get, "/enrollments", 1000);
      const users = sent.map((each) => (each["user"] as { sourcedId: string }).sourcedId);
      expect(users.every((id) => id !== id.trim())).toBe(true);
      expect(users.map((id) => id.trim()).sort()).toEqual(
        district.enrollments.map((each) => each.user.sourcedId).sort(),
      );
    });
  });

  it("odd-hrefs leaves nothing that could be followed", async () => {
    await withQuirk("odd-hrefs", async (get) => {
      const hrefs = (await valuesOf(get, "/enrollments", "user")).map(
        (user) => (user as { href?: unknown }).href,
      );
      expect(hrefs.some((href) => String(href).startsWith("http"))).toBe(false);
      for (const form of [/^\/ims/, /^~\/ims/, /^undefined\/ims/, /^null$/, /^undefined$/]) {
        expect(hrefs.some((href) => form.test(String(href)))).toBe(true);
      }
    });
  });

  it("empty-parent writes a parent where there is none, and keeps those that are there", async () => {
    await withQuirk("empty-parent", async (get) => {
      const orgs = new Map((await walk(get, "/orgs", 100)).map((org) => [org["sourcedId"], org]));
      expect(orgs.get("D-1")).toHaveProperty("parent");
      expect(orgs.get("D-1")).not.toHaveProperty("parent.sourcedId", expect.stringMatching(/./));
      expect(orgs.get("101")).toHaveProperty("parent.sourcedId", "D-1");
    });
  });
});

describe("quirks of tokens", () => {
  const tokenOf = (reply: Reply) => ({
    authorization: `Bearer ${(reply.json() as { access_token: string }).access_token}`,
  });

  it("token-redirect sends the POST elsewhere on the same host", async () => {
    await withSis({ auth: credentials, quirks: ["token-redirect"] }, async (sis) => {
      const moved = await ask(sis.tokenUrl, form, grant);
      expect(moved.status).toBe(307);
      const there = await ask(new URL(moved.header("location") ?? "", sis.tokenUrl).href, form, grant);
      expect((await ask(`${sis.url}/orgs`, tokenOf(there))).status).toBe(200);
      expect(sis.tokenRequests).toBe(1);
    });
  });

  it("token-dies-early refuses a token long before it expires", async () => {
    await withSis({ auth: credentials, quirks: ["token-dies-early"] }, async (sis) => {
      const token = tokenOf(await ask(sis.tokenUrl, form, grant));
      const statuses: number[] = [];
      for (let n = 0; n < 8; n++) statuses.push((await ask(`${sis.url}/orgs`, token)).status);
      expect(statuses).toEqual([...Array<number>(7).fill(200), 401]);
    });
  });

  it("needs-cookie takes a token only with the cookies that came with one", async () => {
    await withSis({ auth: credentials, quirks: ["needs-cookie"] }, async (sis) => {
      const given = await ask(sis.tokenUrl, form, grant);
      expect((await ask(`${sis.url}/orgs`, tokenOf(given))).status).toBe(401);
      const cookie = given.cookies.map((each) => each.split(";")[0]).join("; ");
      expect((await ask(`${sis.url}/orgs`, { ...tokenOf(given), cookie })).status).toBe(200);
      const invented = "ARRAffinity=1; ASP.NET_SessionId=1";
      expect((await ask(`${sis.url}/orgs`, { ...tokenOf(given), cookie: invented })).status).toBe(401);
    });
  });

  it("are refused where they could not show", async () => {
    const auth = { kind: "bearer", token: TOKEN } as const;
    await expect(withSis({ auth, quirks: ["needs-cookie"] }, async () => undefined)).rejects.toThrow(
      "needs-cookie shows only with oauth2",
    );
  });
});
