import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ask, idsOf, TOKEN, walk, withSis } from "./ask.ts";

function linksOf(header: string | undefined): Partial<Record<string, string>> {
  const links = [...(header ?? "").matchAll(/<([^>]+)>; rel="(\w+)"/g)];
  return Object.fromEntries(links.map(([, url = "", rel = ""]) => [rel, url]));
}

describe("the sandbox's collections", () => {
  it("add up page by page to the whole district", async () => {
    await withSis({}, async (_sis, get, district) => {
      for (const name of [
        "orgs",
        "academicSessions",
        "courses",
        "classes",
        "users",
        "enrollments",
      ] as const) {
        expect(idsOf(await walk(get, `/${name}`, 37))).toEqual(idsOf(district[name]));
      }
    });
  });

  it("say how many there are and where the next page is, all the way to the last", async () => {
    await withSis({}, async (sis, get, district) => {
      const headers = { authorization: `Bearer ${TOKEN}` };
      const seen: string[] = [];
      let next: string | undefined = `${sis.url}/classes?limit=10&sort=sourcedId&orderBy=asc`;
      let page = await ask(next, headers);
      expect(linksOf(page.header("link"))["prev"]).toBeUndefined();
      while (next !== undefined) {
        page = await ask(next, headers);
        expect(page.header("x-total-count")).toBe(String(district.classes.length));
        seen.push(...page.records().map((record) => String(record["sourcedId"])));
        next = linksOf(page.header("link"))["next"];
      }
      expect(seen).toEqual(idsOf(district.classes));
      const first = await get("/classes?limit=10");
      expect(linksOf(first.header("link"))["last"]).toContain(
        `offset=${Math.floor((district.classes.length - 1) / 10) * 10}`,
      );
    });
  });

  it("give 100 at a time unless told otherwise, and nothing behind the end", async () => {
    await withSis({}, async (_sis, get) => {
      expect((await get("/enrollments")).records()).toHaveLength(100);
      expect((await get("/enrollments?offset=100000")).records()).toEqual([]);
    });
  });

  it("are cut to the largest page that the SIS gives", async () => {
    await withSis({ maxPageSize: 20 }, async (_sis, get) => {
      expect((await get("/enrollments?limit=1000")).records()).toHaveLength(20);
    });
  });

  it("wrap in the standard's keys, whatever the endpoint's own name", async () => {
    await withSis({}, async (_sis, get) => {
      const keys = ["schools", "students", "teachers", "terms", "gradingPeriods", "demographics"].map(
        async (name) => Object.keys((await get(`/${name}`)).json() as object)[0],
      );
      expect(await Promise.all(keys)).toEqual([
        "orgs",
        "users",
        "users",
        "academicSessions",
        "academicSessions",
        "demographics",
      ]);
    });
  });

  it("are sorted in Unicode order, both ways", async () => {
    await withSis({}, async (_sis, get, district) => {
      const up = (await get("/users?limit=1000&sort=familyName")).records().map((user) => user["familyName"]);
      expect(up).toEqual(district.users.map((user) => user.familyName).sort());
      const down = (await get("/users?limit=1000&sort=familyName&orderBy=desc")).records();
      expect(down.map((user) => user["familyName"])).toEqual([...up].reverse());
    });
  });

  it.each([
    ["role='student'", (user: { role: string }) => user.role === "student"],
    ["role!='student'", (user: { role: string }) => user.role !== "student"],
    ["username~'.a'", (user: { username?: string | null }) => user.username?.includes(".a") === true],
    [
      "role='teacher' OR role='aide'",
      (user: { role: string }) => user.role === "teacher" || user.role === "aide",
    ],
    [
      "role='student' AND sourcedId>='5'",
      (user: { role: string; sourcedId: string }) => user.role === "student" && user.sourcedId >= "5",
    ],
    [
      "orgs.sourcedId='101'",
      (user: { orgs: { sourcedId: string }[] }) => user.orgs.some((org) => org.sourcedId === "101"),
    ],
    ["familyName='O''Malley'", (user: { familyName: string }) => user.familyName === "O'Malley"],
  ])("are filtered by %s", async (filter, belongs) => {
    await withSis({}, async (_sis, get, district) => {
      const reply = await get(`/users?limit=1000&filter=${encodeURIComponent(filter)}`);
      const expected = district.users.filter(belongs);
      expect(idsOf(reply.records())).toEqual(idsOf(expected));
      expect(reply.header("x-total-count")).toBe(String(expected.length));
    });
  });

  it("give only the fields that were asked for", async () => {
    await withSis({}, async (_sis, get) => {
      const [user] = (await get("/users?limit=1&fields=sourcedId,role")).records();
      expect(Object.keys(user!).sort()).toEqual(["role", "sourcedId"]);
    });
  });

  it.each([
    ["/users?sort=shoeSize", 400, "invalid_sort_field"],
    ["/users?filter=role%3Dstudent", 400, "invalid_filter_field"],
    ["/users?filter=shoeSize%3D%2742%27", 400, "invalid_filter_field"],
    ["/users?fields=shoeSize", 400, "invalid_selection_field"],
    ["/users?limit=0", 400, "invaliddata"],
    ["/users?offset=-1", 400, "invaliddata"],
    ["/users?orderBy=up", 400, "invaliddata"],
    ["/users/nobody", 404, "unknownobject"],
    ["/schools/nowhere/classes", 404, "unknownobject"],
    ["/pupils", 404, "unknownobject"],
    ["/users/%E0%A4%A", 400, "invaliddata"],
  ])("answer %s with %i and %s", async (path, status, code) => {
    await withSis({}, async (_sis, get) => {
      const reply = await get(path);
      expect(reply.status).toBe(status);
      expect(reply.json()).toHaveProperty(
        "imsx_StatusInfo.imsx_CodeMinor.imsx_codeMinorField.0.imsx_codeMinorFieldValue",
        code,
      );
    });
  });

  it("answer outside the OneRoster root as a web server would", async () => {
    await withSis({}, async (sis) => {
      const reply = await ask(sis.url.replace("/ims/oneroster/v1p1", "/login"));
      expect(reply.status).toBe(404);
      expect(reply.header("content-type")).toContain("text/html");
    });
  });
});

describe("the sandbox's other endpoints", () => {
  it("give single objects by id, percent-encoded where need be", async () => {
    await withSis({}, async (_sis, get, district) => {
      expect((await get("/users/0042")).json()).toHaveProperty("user.sourcedId", "0042");
      const [group] = district.classes;
      const reply = await get(`/classes/${encodeURIComponent(group!.sourcedId)}`);
      expect(reply.json()).toEqual({ class: JSON.parse(JSON.stringify(group)) as unknown });
    });
  });

  it("give school by school the same classes and enrollments as at once", async () => {
    await withSis({}, async (_sis, get, district) => {
      for (const name of ["courses", "classes", "enrollments"] as const) {
        const bySchool = await Promise.all(
          ["101", "102"].map((id) => walk(get, `/schools/${id}/${name}`, 200)),
        );
        expect(idsOf(bySchool.flat())).toEqual(idsOf(district[name]));
      }
      const students = await walk(get, "/schools/101/students", 200);
      expect(students.length).toBeGreaterThan(0);
      expect(students.every((user) => user["role"] === "student")).toBe(true);
      const semesters = await walk(get, "/schools/101/terms", 200);
      expect(semesters.map((term) => term["type"])).toEqual(["semester", "semester"]);
    });
  });
});

describe("the sandbox's bookkeeping", () => {
  it("remembers requests, and how many were under way at once", async () => {
    await withSis({ latencyMs: 60 }, async (sis, get) => {
      await Promise.all([get("/orgs?limit=5"), get("/users?filter=x"), get("/classes")]);
      expect(sis.inFlightPeak).toBe(3);
      expect(sis.requests).toContainEqual({
        method: "GET",
        path: "/orgs",
        query: { limit: "5" },
        status: 200,
      });
      expect(sis.requests).toContainEqual({
        method: "GET",
        path: "/users",
        query: { filter: "x" },
        status: 400,
      });
    });
  });

  it("compresses for those who accept it, unless told not to", async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, "accept-encoding": "gzip, br" };
    await withSis({}, async (sis, get) => {
      const small = await ask(`${sis.url}/users?limit=50`, headers);
      expect(small.header("content-encoding")).toBe("gzip");
      const plain = await get("/users?limit=50");
      expect(plain.header("content-encoding")).toBeUndefined();
      expect(small.text).toBe(plain.text);
    });
    await withSis({ gzip: false }, async (sis) => {
      expect((await ask(`${sis.url}/users?limit=50`, headers)).header("content-encoding")).toBeUndefined();
    });
  });

  it("serves warmed pages as it serves others", async () => {
    await withSis({}, async (sis, get) => {
      const path = "/users?limit=50&offset=50&sort=sourcedId&orderBy=asc";
      const cold = await get(path);
      await withSis({}, async (other, getWarm) => {
        other.warm(50);
        expect((await getWarm(path)).text).toBe(cold.text);
      });
      expect(sis.requests).toHaveLength(1);
    });
  });

  it("runs as a process of its own and ends with its standard input", async () => {
    const program = fileURLToPath(new URL("../../../jobs/demo/sis-process.ts", import.meta.url));
    const options = {
      seed: 1,
      students: 60,
      schools: 1,
      pageSize: 100,
      auth: { kind: "bearer", token: TOKEN },
    };
    const child = spawn(process.execPath, [program, JSON.stringify(options)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const { url, counts } = JSON.parse(line.toString()) as { url: string; counts: { enrollments: number } };
    const reply = await ask(`${url}/enrollments?limit=1`, { authorization: `Bearer ${TOKEN}` });
    expect(reply.header("x-total-count")).toBe(String(counts.enrollments));
    child.stdin.end();
    const [code] = (await once(child, "exit")) as [number];
    expect(code).toBe(0);
  });
});
