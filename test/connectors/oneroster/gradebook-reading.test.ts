import { describe, expect, it } from "vitest";
import { openFor } from "./gradebook/opening.ts";
import { failureOf } from "./reading.ts";
import { type Asked, pageOf, records, startTinySis, type Told } from "./tiny-sis.ts";

const ref = (sourcedId: unknown) => ({ href: "not to be believed", sourcedId, type: "x" });
const essay = {
  sourcedId: "li1",
  status: "active",
  title: "Essay ",
  dueDate: "2026-10-01T23:59:00Z",
  category: ref("k1"),
};

describe("the line items of a class", () => {
  it("come as the SIS has them, without those that it has deleted", async () => {
    const quiz = { sourcedId: 17, title: 5, category: null, class: ref("c1") };
    const sis = await startTinySis({
      "classes/c1/lineItems": [
        essay,
        { sourcedId: "gone", status: " ToBeDeleted" },
        { sourcedId: "old", status: "inactive" },
        quiz,
      ],
    });
    const gradebook = openFor(sis);
    expect(await gradebook.lineItemsOfClass("c1")).toEqual([
      { sourcedId: "li1", title: "Essay ", dueDate: "2026-10-01T23:59:00Z", category: "k1", body: essay },
      { sourcedId: "17", title: "5", dueDate: null, category: null, body: quiz },
    ]);
    expect(gradebook.warnings()).toEqual([]);
  });

  it("are asked for under the class's own id, whatever stands in it", async () => {
    const sis = await startTinySis({}, () => ({ body: { lineItems: [] } }));
    await openFor(sis).lineItemsOfClass("0042/a b'ü");
    expect(sis.asked[0]?.path).toBe("classes/0042%2Fa%20b%27%C3%BC/lineItems");
    expect(sis.asked[0]?.search).toBe("limit=1000&offset=0&sort=sourcedId&orderBy=asc");
  });

  it("end with the answer's status for a class that the SIS does not know, and another class goes on", async () => {
    const sis = await startTinySis({ "classes/c1/lineItems": [essay] });
    const gradebook = openFor(sis);
    await expect(gradebook.lineItemsOfClass("c9")).rejects.toMatchObject({ status: 404, exit: "source" });
    expect(await gradebook.lineItemsOfClass("c1")).toHaveLength(1);
  });

  it("are counted when they cannot be told apart", async () => {
    const sis = await startTinySis({
      "classes/c1/lineItems": [essay, { title: "nameless" }, { title: "too" }],
    });
    const gradebook = openFor(sis);
    expect(await gradebook.lineItemsOfClass("c1")).toHaveLength(1);
    expect(gradebook.warnings()).toEqual([
      expect.stringMatching(/lineItems: 2 of 3 records lack a sourcedId/),
    ]);
  });
});

describe("the results of a class", () => {
  it("name their line item and their student by sourcedId", async () => {
    const result = { sourcedId: "r1", lineItem: ref(" li1 "), student: ref(77), score: 3.5 };
    const nobodys = { sourcedId: "r2", lineItem: ref("li1"), score: 1 };
    const sis = await startTinySis({ "classes/c1/results": [result, nobodys] });
    const gradebook = openFor(sis);
    expect(await gradebook.resultsOfClass("c1")).toEqual([
      { sourcedId: "r1", lineItem: "li1", student: "77", body: result },
    ]);
    expect(gradebook.warnings()).toEqual([
      expect.stringMatching(/results: 1 of 2 records lack .* reference/),
    ]);
  });
});

describe("a collection of the gradebook", () => {
  const path = "classes/c1/lineItems";
  const collections = { [path]: records("li", 25) };
  const ALL = records("li", 25).map(({ sourcedId }) => sourcedId);
  const idsFrom = async (sis: { url: string }, pageSize = 10) => {
    const gradebook = openFor(sis, { pageSize });
    return { ids: (await gradebook.lineItemsOfClass("c1")).map(({ sourcedId }) => sourcedId), gradebook };
  };
  const clamped = (asked: Asked) => {
    asked.query.set("limit", "4");
    return pageOf(collections, asked);
  };

  it.for<[string, (asked: Asked) => Told]>([
    ["by X-Total-Count", (asked) => pageOf(collections, asked)],
    ["in pages that are shorter than asked for", clamped],
    ["without a total, until a page is empty", (asked) => ({ ...clamped(asked), headers: {} })],
    [
      "by Link, where the pages have a cursor",
      ({ query }) => {
        const at = Number(query.get("cursor") ?? 0);
        const link = `<${ROOT}${path}?cursor=${at + 10}>; rel="next"`;
        return {
          body: { lineItems: records("li", 25).slice(at, at + 10) },
          headers: at < 20 ? { link } : {},
        };
      },
    ],
    [
      "with a total of 0 that cannot be meant",
      (asked) => ({ ...pageOf(collections, asked), headers: { "x-total-count": "0" } }),
    ],
  ])("is read to its end: %s", async ([, answer]) => {
    const sis = await startTinySis(collections, answer);
    const { ids, gradebook } = await idsFrom(sis);
    expect(ids).toEqual(ALL);
    expect(gradebook.warnings()).toEqual([]);
  });

  it("gives a record that came twice once, as it is now", async () => {
    const old = { sourcedId: "li1", title: "old", dateLastModified: "2026-01-01" };
    const twice = [
      old,
      { ...old, title: "new", dateLastModified: "2026-02-01" },
      { ...old, title: "older", dateLastModified: "2025-02-01" },
    ];
    const sis = await startTinySis({}, ({ query }) => ({
      body: { lineItems: query.get("offset") === "0" ? twice : [] },
    }));
    const { gradebook } = await idsFrom(sis);
    expect(await gradebook.lineItemsOfClass("c1")).toMatchObject([{ title: "new" }]);
  });

  it("is read once more when less came than was promised, and then is complete", async () => {
    const sis = await startTinySis(collections, (asked) =>
      asked.before < 2
        ? {
            body: { lineItems: asked.before === 0 ? records("li", 5) : [] },
            headers: { "x-total-count": "25" },
          }
        : undefined,
    );
    const { ids, gradebook } = await idsFrom(sis);
    expect(ids).toEqual(ALL);
    expect(gradebook.warnings()).toEqual([expect.stringMatching(/5 records of 25 promised; read again$/)]);
  });

  it("fails when it is incomplete the second time as well", async () => {
    const sis = await startTinySis({}, ({ query }) => ({
      body: { lineItems: query.get("offset") === "0" ? records("li", 5) : [] },
      headers: { "x-total-count": "6" },
    }));
    const failure = await failureOf(idsFrom(sis));
    expect(failure).toMatchObject({
      code: "source.incomplete",
      message: "/classes/c1/lineItems: 5 records of 6 promised",
    });
    expect(failure.hint).toMatch(/Run again/);
  });

  it("is asked for without an order by a SIS that refuses one, and so are all others", async () => {
    const sis = await startTinySis({ ...collections, "classes/c2/lineItems": [] }, ({ query }) =>
      query.has("sort") ? { status: 400 } : undefined,
    );
    const { ids, gradebook } = await idsFrom(sis);
    expect(ids).toEqual(ALL);
    const before = sis.asked.length;
    await gradebook.lineItemsOfClass("c2");
    expect(sis.asked.slice(before).map(({ search }) => search)).toEqual(["limit=10&offset=0"]);
  });

  it.for([
    ["a login page", { body: "<html><title>Sign in</title>" }, "source.not-oneroster"],
    ["another envelope", { body: { data: [] } }, "source.not-oneroster"],
    ["nothing", { status: 204 }, "source.incomplete"],
    ["JSON that breaks off", { body: '{"lineItems":[{' }, "source.incomplete"],
  ] as const)("is never taken from %s", async ([, answer, code]) => {
    const sis = await startTinySis({}, () => answer);
    expect(await failureOf(idsFrom(sis))).toMatchObject({ code });
  });
});

describe("one record", () => {
  const read = async (answer: Told) => {
    const sis = await startTinySis({}, () => answer);
    return openFor(sis, { retries: 1 }).lineItem("li/1");
  };

  it("comes out of its envelope, or without one", async () => {
    const found = { sourcedId: "li1", title: "Essay " };
    expect(await read({ body: { lineItem: essay } })).toMatchObject(found);
    expect(await read({ body: essay })).toMatchObject(found);
    const result = { sourcedId: "r1", lineItem: ref("li1"), student: ref("s1") };
    const sis = await startTinySis({}, () => ({ body: { result } }));
    expect(await openFor(sis).result("r/1")).toEqual({
      sourcedId: "r1",
      lineItem: "li1",
      student: "s1",
      body: result,
    });
    expect(sis.asked[0]?.path).toBe("results/r%2F1");
  });

  it("is not there where the SIS answers 404, or has deleted it", async () => {
    expect(await read({ status: 404 })).toBeUndefined();
    expect(await read({ body: { lineItem: { ...essay, status: "tobedeleted" } } })).toBeUndefined();
  });

  it("is not taken for missing when the SIS only fails", async () => {
    await expect(read({ status: 500 })).rejects.toMatchObject({ code: "source.unavailable" });
    await expect(read({ body: {} })).rejects.toMatchObject({ code: "source.not-oneroster" });
    await expect(read({ body: '{"lineItem":{' })).rejects.toMatchObject({ code: "source.incomplete" });
    const words = { imsx_codeMajor: "failure", imsx_description: "gradebook is down" };
    await expect(read({ body: words })).rejects.toThrow(/gradebook is down/);
  });
});

describe("categories", () => {
  const homework = { sourcedId: "k1", title: "Homework", metadata: { classId: "c1" } };
  const tests = { sourcedId: "k2", title: "Tests", metadata: { classId: "c2" } };
  const global = { sourcedId: "k3", title: "Everything", metadata: null };
  const gone = { sourcedId: "k4", title: "Gone", status: "tobedeleted" };
  const all = { categories: [homework, tests, global, gone] };
  const filter = "metadata.classId='c1'";
  const sent = (category: { sourcedId: string; title: string }, classId: string | null) => ({
    sourcedId: category.sourcedId,
    title: category.title,
    classId,
  });

  it("come with the class whose own they are", async () => {
    const sis = await startTinySis(all);
    expect(await openFor(sis).categories({ kind: "all" })).toEqual([
      sent(homework, "c1"),
      sent(tests, "c2"),
      sent(global, null),
    ]);
  });

  it("come class by class", async () => {
    const sis = await startTinySis({ "classes/c%201/categories": [homework] });
    expect(await openFor(sis).categories({ kind: "class", classId: "c 1" })).toEqual([sent(homework, "c1")]);
  });

  it("come by a filter that the SIS applies", async () => {
    const sis = await startTinySis(all, ({ query }) =>
      query.has("filter")
        ? { body: { categories: [homework] }, headers: { "x-total-count": "1" } }
        : undefined,
    );
    const gradebook = openFor(sis);
    expect(await gradebook.categories({ kind: "filter", filter })).toEqual([sent(homework, "c1")]);
    expect(sis.asked.map(({ search }) => search)).toEqual([
      "limit=1000&offset=0&sort=sourcedId&orderBy=asc&filter=metadata.classId%3D%27c1%27",
    ]);
  });

  it("of other classes are left out when the SIS ignores the filter, those of all classes stay", async () => {
    const sis = await startTinySis(all);
    const found = await openFor(sis).categories({ kind: "filter", filter });
    expect(found).toEqual([sent(homework, "c1"), sent(global, null)]);
  });

  it.for<[string, Told]>([
    ["does not apply the filter", { status: 400 }],
    ["does not apply the filter", { body: { categories: [homework] }, headers: { "x-total-count": "4" } }],
    ["answers with nothing to the filter", { body: { categories: [] }, headers: { "x-total-count": "0" } }],
  ])("are filtered here when the SIS %s, read once for all classes", async ([how, answer]) => {
    const sis = await startTinySis(all, ({ query }) => (query.has("filter") ? answer : undefined));
    const gradebook = openFor(sis);
    expect(await gradebook.categories({ kind: "filter", filter })).toEqual([sent(homework, "c1")]);
    const other = "metadata.classId='c2'";
    expect(await gradebook.categories({ kind: "filter", filter: other })).toEqual([sent(tests, "c2")]);
    expect(sis.asked.filter(({ query }) => !query.has("filter"))).toHaveLength(1);
    const told = gradebook.warnings().filter((message) => message.includes(how));
    expect(told).toEqual([expect.stringMatching(/all categories were read and filtered here$/)]);
  });

  it("may be none once the filter has shown that it works", async () => {
    const sis = await startTinySis(all, ({ search }) => {
      if (search.includes("c1"))
        return { body: { categories: [homework] }, headers: { "x-total-count": "1" } };
      return search.includes("filter")
        ? { body: { categories: [] }, headers: { "x-total-count": "0" } }
        : undefined;
    });
    const gradebook = openFor(sis);
    await gradebook.categories({ kind: "filter", filter });
    expect(await gradebook.categories({ kind: "filter", filter: "metadata.classId='c9'" })).toEqual([]);
    expect(sis.asked.every(({ query }) => query.has("filter"))).toBe(true);
  });

  it("are not asked for by a filter that is none", async () => {
    const sis = await startTinySis(all);
    const failure = await failureOf(
      openFor(sis).categories({ kind: "filter", filter: "metadata.classId=c1" }),
    );
    expect(failure).toMatchObject({ code: "usage.filter" });
    expect(sis.asked).toEqual([]);
  });
});

describe("grading periods", () => {
  const session = {
    status: "active",
    title: "Q1",
    type: "gradingPeriod",
    startDate: "2026-08-15",
    endDate: "2026-10-15",
  };
  const quarter = { ...session, sourcedId: "q1" };
  const year = { ...session, sourcedId: "y1", type: "schoolYear" };

  it("are the SIS's own", async () => {
    const sis = await startTinySis({
      gradingPeriods: [quarter, { ...quarter, sourcedId: "q0", status: "tobedeleted" }],
    });
    expect(await openFor(sis).gradingPeriods()).toMatchObject([{ sourcedId: "q1", startDate: "2026-08-15" }]);
  });

  it.for<[string, Told]>([
    ["does not have the endpoint", { status: 404 }],
    ["does not let us read it", { status: 403 }],
    ["has nothing there", { body: { academicSessions: [] } }],
  ])("are looked for among all sessions when the SIS %s", async ([, answer]) => {
    const sis = await startTinySis(
      { academicSessions: [quarter, year, { ...quarter, sourcedId: "q2", startDate: "soon" }] },
      ({ path }) => (path === "gradingPeriods" ? answer : undefined),
    );
    const gradebook = openFor(sis);
    expect((await gradebook.gradingPeriods()).map(({ sourcedId }) => sourcedId)).toEqual(["q1", "y1"]);
    expect(gradebook.warnings()).toEqual(["1 of 3 sessions cannot be read and were left out"]);
  });

  it("live with the roster, though the gradebook lives elsewhere", async () => {
    const roster = await startTinySis({ gradingPeriods: [quarter] });
    const elsewhere = await startTinySis({ "classes/c1/lineItems": [essay] });
    const gradebook = openFor(roster, {
      gradebookUrl: elsewhere.url,
      headers: { "x-vendor-authorization": "k:s" },
    });
    expect(await gradebook.gradingPeriods()).toHaveLength(1);
    expect(await gradebook.lineItemsOfClass("c1")).toHaveLength(1);
    expect(elsewhere.asked[0]?.headers["x-vendor-authorization"]).toBe("k:s");
    expect(roster.asked[0]?.headers["x-vendor-authorization"]).toBe("k:s");
  });
});

const ROOT = "/ims/oneroster/v1p1/";
