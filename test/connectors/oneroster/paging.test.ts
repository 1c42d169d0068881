import { describe, expect, it } from "vitest";
import { failureOf, readRoster, testPorts } from "./reading.ts";
import { type Asked, district, pageOf, records, startTinySis, type Told } from "./tiny-sis.ts";

const USERS = records("u", 25);
const ALL = USERS.map(({ sourcedId }) => sourcedId as string);
const collections = district(USERS);

/** A SIS that answers for users as a test wants, given what the standard would say. */
function sisOfUsers(answer: (asked: Asked, right: Told) => Told) {
  return startTinySis(collections, (asked) =>
    asked.path === "users" ? answer(asked, pageOf(collections, asked)) : undefined,
  );
}

const offsetOf = ({ query }: Asked) => Number(query.get("offset"));
const withTotal = (told: Told, total: number | string | undefined): Told => ({
  ...told,
  headers: total === undefined ? {} : { "x-total-count": String(total) },
});

describe("reading a collection", () => {
  it("asks for sorted pages side by side and keeps every record once", async () => {
    const sis = await startTinySis(collections);
    const { sink, report, warnings } = await readRoster(sis.url, { pageSize: 4 });
    expect(sink.ids("users")).toEqual(ALL);
    expect(
      sis
        .of("users")
        .map(offsetOf)
        .sort((a, b) => a - b),
    ).toEqual([0, 4, 8, 12, 16, 20, 24]);
    for (const { query } of sis.of("users")) {
      expect(Object.fromEntries(query)).toMatchObject({ limit: "4", sort: "sourcedId", orderBy: "asc" });
    }
    expect(report.endpoints.find(({ endpoint }) => endpoint === "users")).toEqual({
      type: "users",
      endpoint: "users",
      pages: 7,
      records: 25,
      total: 25,
      warnings: [],
    });
    expect(warnings).toEqual([]);
  });

  it("reads all six kinds of records, the first page of each before any other", async () => {
    const sis = await startTinySis(collections);
    const { sink } = await readRoster(sis.url, { concurrency: 2, pageConcurrency: 2, pageSize: 2 });
    const counts = Object.fromEntries(sink.reports.map(({ endpoint, records }) => [endpoint, records]));
    expect(counts).toEqual({
      orgs: 3,
      academicSessions: 2,
      courses: 2,
      classes: 2,
      users: 25,
      enrollments: 4,
    });
    const firsts = sis.asked.slice(0, 6).filter((asked) => offsetOf(asked) === 0);
    expect(firsts.length).toBeGreaterThanOrEqual(5);
  });

  it("never has more requests in flight than allowed, in all and for one collection", async () => {
    const many = district(records("u", 60));
    const slowly = async () => {
      await new Promise((resolve) => setTimeout(resolve, 3));
      return undefined;
    };
    const sis = await startTinySis(many, slowly);
    await readRoster(sis.url, { pageSize: 2, concurrency: 4, pageConcurrency: 4 });
    expect(sis.mostInFlight()).toBe(4);

    const alone = await startTinySis({ ...many, enrollments: [], courses: [], classes: [] }, slowly);
    const { sink } = await readRoster(alone.url, { pageSize: 2, concurrency: 20, pageConcurrency: 3 });
    expect(sink.ids("users")).toHaveLength(60);
    expect(alone.mostInFlight()).toBeLessThanOrEqual(3 + 5);
  });

  it("holds only a few pages at a time, however slowly they are kept", async () => {
    const sis = await startTinySis(district(records("u", 100)));
    const { createRecordSink } = await import("./record-sink.ts");
    const sink = createRecordSink();
    const { keep } = sink;
    sink.keep = async (page) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      await keep(page);
    };
    await readRoster(sis.url, { pageSize: 2, pageConcurrency: 3 }, { sink });
    expect(sink.ids("users")).toHaveLength(100);
    expect(sink.mostInHand).toBeLessThanOrEqual(3 + 3 + 5);
  });

  it("tells how far it has come", async () => {
    const sis = await startTinySis(collections);
    const ports = testPorts();
    const told: unknown[] = [];
    ports.progress = (progress) => {
      if (progress.endpoint === "users") told.push(progress);
    };
    await readRoster(sis.url, { pageSize: 10, pageConcurrency: 1 }, { ports });
    expect(told).toEqual([
      { endpoint: "users", pages: 1, records: 10, total: 25 },
      { endpoint: "users", pages: 2, records: 20, total: 25 },
      { endpoint: "users", pages: 3, records: 25, total: 25 },
    ]);
  });

  it("goes page by page when only one page may be asked for at a time", async () => {
    const sis = await startTinySis(collections);
    const { sink } = await readRoster(sis.url, { pageSize: 10, pageConcurrency: 1 });
    expect(sink.ids("users")).toEqual(ALL);
    expect(sis.of("users").map(offsetOf)).toEqual([0, 10, 20]);
  });

  it("takes a clamped page size for what it is, and lays the offsets out by it", async () => {
    const sis = await sisOfUsers(({ query }, _) => {
      const offset = Number(query.get("offset"));
      return withTotal({ body: { users: USERS.slice(offset, offset + 10) } }, 25);
    });
    const { sink, warnings } = await readRoster(sis.url, { pageSize: 1000 });
    expect(sink.ids("users")).toEqual(ALL);
    expect(
      sis
        .of("users")
        .map(offsetOf)
        .sort((a, b) => a - b),
    ).toEqual([0, 10, 20]);
    expect(warnings).toEqual([]);
  });

  it("does not take a short page for the end", async () => {
    for (const total of [25, undefined]) {
      const lengths = [10, 3, 7, 1];
      const sis = await sisOfUsers(({ query, before }) => {
        const offset = Number(query.get("offset"));
        return withTotal(
          { body: { users: USERS.slice(offset, offset + (lengths[before % 4] ?? 1)) } },
          total,
        );
      });
      const { sink } = await readRoster(sis.url, { pageSize: 10 });
      expect(sink.ids("users")).toEqual(ALL);
    }
  });

  it("reads on without a total until a page is empty", async () => {
    const sis = await sisOfUsers((_, right) => withTotal(right, undefined));
    const { sink, report } = await readRoster(sis.url, { pageSize: 5 });
    expect(sink.ids("users")).toEqual(ALL);
    expect(sis.of("users").map(offsetOf)).toEqual([0, 5, 10, 15, 20, 25]);
    expect(report.endpoints.find(({ endpoint }) => endpoint === "users")?.total).toBeUndefined();
  });

  it("does not believe a total of 0, or one that is no number, when there are records", async () => {
    for (const total of [0, "many"]) {
      const sis = await sisOfUsers((_, right) => withTotal(right, total));
      const { sink } = await readRoster(sis.url, { pageSize: 10 });
      expect(sink.ids("users")).toEqual(ALL);
    }
  });

  it("accepts an empty collection that says so, with and without a total", async () => {
    for (const total of [0, undefined]) {
      const sis = await sisOfUsers(() => withTotal({ body: { users: [] } }, total));
      const { sink } = await readRoster(sis.url);
      expect(sink.reports.find(({ endpoint }) => endpoint === "users")).toMatchObject({
        records: 0,
        pages: 0,
        total,
      });
    }
  });

  it("does without sort where it is refused, asks no other collection for it, and goes page by page", async () => {
    const sis = await startTinySis(collections, ({ query }) =>
      query.has("sort") ? { status: 400, body: { imsx_description: "invalid_sort_field" } } : undefined,
    );
    const { sink } = await readRoster(sis.url, { pageSize: 10, concurrency: 1, pageConcurrency: 6 });
    expect(sink.ids("users")).toEqual(ALL);
    expect(
      sis
        .of("users")
        .filter(({ query }) => !query.has("sort"))
        .map(offsetOf),
    ).toEqual([0, 10, 20]);
    expect(sis.of("users").filter(({ query }) => query.has("sort")).length).toBeLessThanOrEqual(1);
  });

  it("follows a cursor where pages are linked by one", async () => {
    const sis = await sisOfUsers(({ query }) => {
      const at = Number(query.get("cursor") ?? 0);
      const next = at + 10 < 25 ? { link: `</ims/oneroster/v1p1/users?cursor=${at + 10}>; rel="next"` } : {};
      // A SIS with cursors does not look at offset.
      return { body: { users: USERS.slice(at, at + 10) }, headers: next };
    });
    const { sink } = await readRoster(sis.url, { pageSize: 10 });
    expect(sink.ids("users")).toEqual(ALL);
    expect(sis.of("users")).toHaveLength(3);
  });

  it("follows a cursor whose links come in several lines of the header", async () => {
    const sis = await sisOfUsers(({ query }) => {
      const at = Number(query.get("cursor") ?? 0);
      const link = (to: number, rel: string) => `</ims/oneroster/v1p1/users?cursor=${to}>; rel="${rel}"`;
      const before = at > 0 ? [link(at - 10, "prev")] : [];
      const after = at + 10 < 25 ? [link(at + 10, "next")] : [];
      return { body: { users: USERS.slice(at, at + 10) }, headers: { link: [...before, ...after] } };
    });
    const { sink } = await readRoster(sis.url, { pageSize: 10 });
    expect(sink.ids("users")).toEqual(ALL);
  });

  it("follows a cursor over an empty page, from which the SIS has taken what is not for us", async () => {
    const sis = await sisOfUsers(({ query }) => {
      const at = Number(query.get("cursor") ?? 0);
      const next = at + 10 < 35 ? { link: `</ims/oneroster/v1p1/users?cursor=${at + 10}>; rel="next"` } : {};
      const from = at < 10 ? at : at - 10;
      return { body: { users: at === 10 ? [] : USERS.slice(from, from + 10) }, headers: next };
    });
    const { sink } = await readRoster(sis.url, { pageSize: 10 });
    expect(sink.ids("users")).toEqual(ALL);
  });

  it("is not led on for ever by links that have no end", async () => {
    for (const name of ["offset", "cursor"]) {
      const sis = await sisOfUsers((asked) => {
        const at = Number(asked.query.get(name) ?? 0);
        const link = `</ims/oneroster/v1p1/users?${name}=${at + 10}>; rel="next"`;
        return { body: { users: USERS.slice(at, at + 10) }, headers: { link } };
      });
      const { sink } = await readRoster(sis.url, { pageSize: 10 });
      expect(sink.ids("users")).toEqual(ALL);
    }
  });

  it("looks behind a round total once, and believes it when nothing more is there", async () => {
    const users = records("u", 100);
    for (const beyond of [{ body: { users: [] } }, { status: 404 }, { status: 500 }]) {
      const round = district(users);
      const sis = await startTinySis(round, (asked) =>
        asked.path === "users" && offsetOf(asked) === 100 ? beyond : undefined,
      );
      const { sink, report, warnings } = await readRoster(sis.url, { pageSize: 60, retries: 0 });
      expect(sink.ids("users")).toHaveLength(100);
      expect(report.endpoints.find(({ endpoint }) => endpoint === "users")).toMatchObject({ pages: 2 });
      expect(warnings).toEqual([]);
      expect(sis.of("users").map(offsetOf).toSorted()).toEqual([0, 100, 60]);
    }
  });

  it.for([
    ["another host", () => '<https://other.example.org/ims/oneroster/v1p1/users?offset=10>; rel="next"'],
    ["itself", ({ query }: Asked) => `</ims/oneroster/v1p1/users?${query.toString()}>; rel="next"`],
    [
      "an offset counted by the limit asked for",
      () => '</ims/oneroster/v1p1/users?limit=10&offset=20>; rel="next"',
    ],
    ["a login page", () => '</login?offset=5>; rel="next"'],
  ] as const)("does not follow a link to %s", async ([, link]) => {
    const sis = await sisOfUsers((asked) => {
      const offset = Number(asked.query.get("offset"));
      return { body: { users: USERS.slice(offset, offset + 5) }, headers: { link: link(asked) } };
    });
    const { sink } = await readRoster(sis.url, { pageSize: 10 });
    expect(sink.ids("users")).toEqual(ALL);
    expect(sis.asked.every(({ path }) => path !== "/login")).toBe(true);
  });

  it("reads on when the SIS says that there is more than it promised", async () => {
    const sis = await sisOfUsers((asked) => {
      const right = pageOf(collections, asked);
      const more =
        offsetOf(asked) + 10 < 25
          ? { link: `</ims/oneroster/v1p1/users?limit=10&offset=${offsetOf(asked) + 10}>; rel="next"` }
          : {};
      // The total of each page alone: what some providers count.
      return { ...right, headers: { "x-total-count": "10", ...more } };
    });
    const failure = await failureOf(readRoster(sis.url, { pageSize: 10 }));
    expect(failure).toMatchObject({
      code: "source.incomplete",
      message: "/users: 25 records of 10 promised",
    });
  });

  it("reads again, page by page, when records repeat and are skipped, and then has them all", async () => {
    const sis = await sisOfUsers((asked, right) => {
      const isFirstReading =
        asked.query.get("offset") === "10" &&
        sis.of("users").filter((one) => offsetOf(one) === 10).length === 1;
      return isFirstReading
        ? pageOf(collections, { ...asked, query: new URLSearchParams("offset=5&limit=5") })
        : right;
    });
    const { sink, warnings } = await readRoster(sis.url, { pageSize: 5 });
    expect(sink.ids("users")).toEqual(ALL);
    expect(sink.restarts).toEqual(["users"]);
    expect(warnings).toEqual([
      "20 records of 25 promised, 5 came more than once; read again one page after the other",
    ]);
  });

  it("reads again without a total when records repeat, for others may have been skipped", async () => {
    const sis = await sisOfUsers((asked, right) => {
      const isFirstReading = sis.of("users").filter((one) => offsetOf(one) === 10).length === 1;
      const shifted = { ...asked, query: new URLSearchParams("offset=7&limit=5") };
      return withTotal(
        offsetOf(asked) === 10 && isFirstReading ? pageOf(collections, shifted) : right,
        undefined,
      );
    });
    const { sink, warnings } = await readRoster(sis.url, { pageSize: 5 });
    expect(sink.ids("users")).toEqual(ALL);
    expect(warnings).toEqual([
      "3 records came more than once, and no total says whether others were skipped; read again one page after the other",
    ]);
  });

  it("believes without a total that records are there twice when they are so in both readings", async () => {
    const doubled = [...USERS.slice(0, 7), ...USERS.slice(5)];
    const sis = await sisOfUsers(({ query }) => {
      const offset = Number(query.get("offset"));
      return { body: { users: doubled.slice(offset, offset + 5) } };
    });
    const { sink } = await readRoster(sis.url, { pageSize: 5 });
    expect(sink.idsOf("users")).toEqual(ALL);
    expect(sink.restarts).toEqual(["users"]);
  });

  it("reads again when the total changes while it reads", async () => {
    const sis = await sisOfUsers(({ before }, right) => (before === 2 ? withTotal(right, 26) : right));
    const { sink, warnings } = await readRoster(sis.url, { pageSize: 5, pageConcurrency: 1 });
    expect(sink.ids("users")).toEqual(ALL);
    expect(warnings).toEqual([
      "the total changed from 25 to 26 while it was read; read again one page after the other",
    ]);
  });

  it("keeps the newer copy of a record that comes last, when records come twice", async () => {
    const [first, last] = [USERS[0], USERS[24]];
    const doubled = [first, first, { ...last, copy: "old" }, ...USERS.slice(1, 24), { ...last, copy: "new" }];
    const sis = await sisOfUsers(({ query }) => {
      const offset = Number(query.get("offset"));
      return withTotal({ body: { users: doubled.slice(offset, offset + 13) } }, 25);
    });
    const { sink } = await readRoster(sis.url, { pageSize: 13 });
    const copies = sink.recordsOf("users").map((record) => (record as { copy?: string }).copy);
    expect(copies.filter((copy) => copy !== undefined)).toEqual(["old", "new"]);
  });

  it("counts records without a sourcedId too: they are for the mapping to reject, not for the night to fail on", async () => {
    const odd = [...USERS.slice(0, 23), { status: "active" }, null];
    const sis = await sisOfUsers(({ query }) => {
      const offset = Number(query.get("offset"));
      return withTotal({ body: { users: odd.slice(offset, offset + 5) } }, 25);
    });
    const { sink, warnings } = await readRoster(sis.url, { pageSize: 5 });
    expect(sink.recordsOf("users")).toHaveLength(24);
    expect(warnings).toEqual([]);
  });
});

describe("a collection that cannot be had completely", () => {
  it("fails with fewer records than promised", async () => {
    const sis = await sisOfUsers((_, right) => withTotal(right, 1200));
    const failure = await failureOf(readRoster(sis.url, { pageSize: 10 }));
    expect(failure).toMatchObject({
      code: "source.incomplete",
      message: "/users: 25 records of 1,200 promised",
    });
    expect(failure.hint).not.toBe("");
  });

  it("fails when one page is repeated in every reading", async () => {
    const sis = await sisOfUsers((asked, right) =>
      offsetOf(asked) === 10
        ? pageOf(collections, { ...asked, query: new URLSearchParams("offset=5&limit=5") })
        : right,
    );
    const failure = await failureOf(readRoster(sis.url, { pageSize: 5 }));
    expect(failure).toMatchObject({ code: "source.incomplete" });
    expect(failure.message).toBe("/users: after 10 records the same came again instead of further ones");
  });

  it("fails when the SIS ignores offset, with and without a total", async () => {
    for (const total of [25, undefined]) {
      const sis = await sisOfUsers(() => withTotal({ body: { users: USERS.slice(0, 10) } }, total));
      const failure = await failureOf(readRoster(sis.url, { pageSize: 10 }));
      expect(failure.code).toBe("source.incomplete");
      expect(sis.of("users").length).toBeLessThan(10);
    }
  });

  it("fails without a total when every reading repeats other records", async () => {
    const sis = await sisOfUsers((asked, right) => {
      const reading = sis.of("users").filter((one) => offsetOf(one) === 10).length;
      const shifted = { ...asked, query: new URLSearchParams(`offset=${10 - reading}&limit=5`) };
      return withTotal(offsetOf(asked) === 10 ? pageOf(collections, shifted) : right, undefined);
    });
    expect(await failureOf(readRoster(sis.url, { pageSize: 5 }))).toMatchObject({
      code: "source.incomplete",
      message: "/users: 2 records came more than once, and no total says whether others were skipped",
    });
  });

  it("fails when the total keeps changing", async () => {
    const sis = await sisOfUsers(({ before }, right) => withTotal(right, 25 + before));
    const failure = await failureOf(readRoster(sis.url, { pageSize: 5 }));
    expect(failure).toMatchObject({ code: "source.incomplete" });
    expect(failure.message).toMatch(/^\/users: the total changed from \d+ to \d+ while it was read/);
  });

  it("fails when a page holds what the SIS had until it failed, and says so beside it", async () => {
    const sis = await sisOfUsers((asked, right) =>
      offsetOf(asked) >= 10
        ? {
            body: {
              users: [],
              statusInfoSet: [{ imsx_codeMajor: "failure", imsx_description: "no database" }],
            },
          }
        : withTotal(right, undefined),
    );
    const failure = await failureOf(readRoster(sis.url, { pageSize: 5, retries: 1 }));
    expect(failure).toMatchObject({
      code: "source.unavailable",
      message: expect.stringMatching(
        /offset=10.* gave an answer that says it has failed \(no database\), in all 2 tries$/,
      ) as string,
    });
  });

  it("fails when the links lead to further records behind an empty page", async () => {
    const sis = await sisOfUsers((asked) => {
      const at = offsetOf(asked);
      const link = `</ims/oneroster/v1p1/users?limit=5&offset=${at + 5}>; rel="next"`;
      return {
        body: { users: at === 10 ? [] : USERS.slice(at, at + 5) },
        headers: at + 5 < 25 ? { link } : {},
      };
    });
    expect(await failureOf(readRoster(sis.url, { pageSize: 5 }))).toMatchObject({
      code: "source.incomplete",
      message: "/users: further records came after an empty page",
    });
  });

  it.for([1, 6])("fails when the total is that of a page, %i pages at a time", async (pageConcurrency) => {
    const whole = district(records("u", 230));
    const sis = await startTinySis(whole, (asked) =>
      asked.path === "users" ? { ...pageOf(whole, asked), headers: { "x-total-count": "100" } } : undefined,
    );
    const failure = await failureOf(readRoster(sis.url, { pageSize: 100, pageConcurrency }));
    expect(failure).toMatchObject({
      code: "source.incomplete",
      message: "/users: more records came than the 100 promised",
    });
  });

  it("fails when an empty page comes before the total is reached", async () => {
    const sis = await sisOfUsers((asked, right) =>
      offsetOf(asked) >= 10 ? withTotal({ body: { users: [] } }, 25) : right,
    );
    expect(await failureOf(readRoster(sis.url, { pageSize: 5 }))).toMatchObject({
      message: "/users: 10 records of 25 promised",
    });
  });

  it("fails with more records than promised", async () => {
    const sis = await sisOfUsers((_, right) => withTotal(right, 20));
    expect(await failureOf(readRoster(sis.url))).toMatchObject({
      code: "source.incomplete",
      message: "/users: 25 records of 20 promised",
    });
  });
});
