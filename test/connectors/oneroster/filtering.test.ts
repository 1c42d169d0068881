import { describe, expect, it } from "vitest";
import { matchesFilter, parseFilter } from "../../../connectors/oneroster/filter.ts";
import { failureOf, readRoster } from "./reading.ts";
import { type Asked, district, pageOf, records, startTinySis } from "./tiny-sis.ts";

const ACTIVE = records("a", 12);
const GONE = records("g", 5, { status: "tobedeleted" });
const USERS = [...ACTIVE, ...GONE];
const collections = district(USERS);
const filtered = district(ACTIVE);
const FILTER = "status='active'";
const filters = { users: FILTER };
const wanted = ACTIVE.map(({ sourcedId }) => sourcedId);

const asksForUsers = ({ path, query }: Asked) => path === "users" && query.has("filter");

describe("a filter", () => {
  it("is sent percent-encoded, never with a plus for a space, and what it lets through is read", async () => {
    const sis = await startTinySis(collections, (asked) =>
      asksForUsers(asked) ? pageOf(filtered, asked) : undefined,
    );
    const text = `${FILTER} AND sourcedId!='it''s (a+b)!'`;
    const { sink, warnings } = await readRoster(sis.url, { filters: { users: text }, pageSize: 5 });
    for (const { search } of sis.of("users")) {
      expect(search).toContain(
        "filter=status%3D%27active%27%20AND%20sourcedId%21%3D%27it%27%27s%20%28a%2Bb%29%21%27",
      );
    }
    expect(sink.ids("users")).toEqual(wanted);
    expect(warnings).toEqual([]);
    expect(sis.of("enrollments").every(({ query }) => !query.has("filter"))).toBe(true);
  });

  it("that the SIS refuses is applied here, over the whole collection", async () => {
    const sis = await startTinySis(collections, (asked) =>
      asksForUsers(asked) ? { status: 400, body: { imsx_description: "filter not supported" } } : undefined,
    );
    const { sink, warnings, ports } = await readRoster(sis.url, { filters, pageSize: 5 });
    expect(sink.ids("users")).toEqual(wanted);
    expect(warnings).toEqual([`the SIS refuses the filter ${FILTER}; all was read and filtered here`]);
    expect(ports.events).toContainEqual({ level: "warn", endpoint: "users", message: warnings[0] });
  });

  it("that the SIS answers with nothing, though there is something, is applied here", async () => {
    const sis = await startTinySis(collections, (asked) =>
      asksForUsers(asked) ? { body: { users: [] }, headers: { "x-total-count": "0" } } : undefined,
    );
    const { sink, warnings } = await readRoster(sis.url, { filters, pageSize: 5 });
    expect(sink.ids("users")).toEqual(wanted);
    expect(warnings).toEqual([
      `the SIS answers the filter ${FILTER} with nothing; all was read and filtered here`,
    ]);
  });

  it("that leaves nothing of an empty collection is believed", async () => {
    const sis = await startTinySis(district([]));
    const { sink, warnings } = await readRoster(sis.url, { filters });
    expect(sink.reports.find(({ endpoint }) => endpoint === "users")?.records).toBe(0);
    expect(warnings).toEqual([]);
  });

  it("that the SIS ignores in silence still keeps records out, and says how many", async () => {
    const sis = await startTinySis(collections);
    const { sink, warnings } = await readRoster(sis.url, { filters, pageSize: 5 });
    expect(sink.ids("users")).toEqual(wanted);
    expect(warnings).toEqual([`5 records came against the filter ${FILTER} and were left out`]);
  });

  it("of which the SIS reads the first condition only is applied here", async () => {
    const users = [...records("s", 12, { role: "student" }), ...records("t", 5, { role: "teacher" })];
    const either = "role='student' OR role='teacher'";
    const of = (role: string) => district(users.filter((user) => user["role"] === role));
    const sis = await startTinySis(district(users), (asked) => {
      if (!asksForUsers(asked)) return undefined;
      return pageOf(
        of(asked.query.get("filter")?.startsWith("role='s") === true ? "student" : "teacher"),
        asked,
      );
    });
    const { sink, warnings } = await readRoster(sis.url, { filters: { users: either }, pageSize: 5 });
    expect(sink.idsOf("users")).toHaveLength(17);
    expect(warnings).toEqual([
      `the filter ${either} brings less than role='teacher' alone; read again without the filter`,
    ]);
  });

  it("of two conditions that the SIS understands is left to it", async () => {
    const either = "status='active' OR sourcedId='g0001'";
    const sis = await startTinySis(collections, (asked) => {
      if (!asksForUsers(asked)) return undefined;
      const filter = parseFilter(asked.query.get("filter") ?? "");
      return pageOf(district(USERS.filter((user) => matchesFilter(filter, user))), asked);
    });
    const { sink, warnings } = await readRoster(sis.url, { filters: { users: either }, pageSize: 5 });
    expect(sink.ids("users")).toEqual([...wanted, "g0001"]);
    expect(warnings).toEqual([]);
  });

  it("that the SIS takes for its contrary is applied here", async () => {
    const sis = await startTinySis(collections, (asked) =>
      asksForUsers(asked) ? pageOf(district(GONE), asked) : undefined,
    );
    const { sink, warnings } = await readRoster(sis.url, { filters, pageSize: 5 });
    expect(sink.ids("users")).toEqual(wanted);
    expect(warnings).toEqual([
      `5 records came against the filter ${FILTER}, and others may have been left out; read again without the filter`,
    ]);
  });

  it("whose total counts what it left out does not fail the night", async () => {
    const sis = await startTinySis(collections, (asked) =>
      asksForUsers(asked)
        ? { ...pageOf(filtered, asked), headers: { "x-total-count": String(USERS.length) } }
        : undefined,
    );
    const { sink, warnings } = await readRoster(sis.url, { filters, pageSize: 5 });
    expect(sink.ids("users")).toEqual(wanted);
    expect(warnings.at(-1)).toContain("without the filter");
  });

  it("and sort that are refused together are both done without", async () => {
    const sis = await startTinySis(collections, ({ query }) =>
      query.has("filter") || query.has("sort") ? { status: 400 } : undefined,
    );
    const { sink } = await readRoster(sis.url, { filters, pageSize: 5 });
    expect(sink.ids("users")).toEqual(wanted);
  });

  it("of a main collection also holds for the parts that are read instead", async () => {
    const { users, ...rest } = collections;
    const sis = await startTinySis({ ...rest, students: users ?? [], teachers: [] });
    const { sink } = await readRoster(sis.url, { filters, exclude: ["users"] });
    expect(sink.idsOf("users")).toEqual(wanted);
    expect(sis.of("students")[0]?.query.get("filter")).toBe(FILTER);
  });

  it("that cannot be read fails before anything is asked", async () => {
    const sis = await startTinySis(collections);
    const failure = await failureOf(readRoster(sis.url, { filters: { users: "status=active" } }));
    expect(failure).toMatchObject({ code: "usage.filter" });
    expect(sis.asked).toEqual([]);
  });

  it("does not hide another reason for a 400", async () => {
    const sis = await startTinySis(collections, ({ path }) =>
      path === "users" ? { status: 400, body: { imsx_description: "limit too large" } } : undefined,
    );
    expect(await failureOf(readRoster(sis.url, { filters }))).toMatchObject({
      code: "source.refused",
      message: expect.stringMatching(
        /^GET \/ims\/oneroster\/v1p1\/users\?limit=1000&.* answered 400 Bad Request\. The SIS says: limit too large$/,
      ) as string,
    });
  });
});
