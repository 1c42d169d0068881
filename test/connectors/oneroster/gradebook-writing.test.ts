import { describe, expect, it } from "vitest";
import { oauth1Signature } from "../../../connectors/oneroster/oauth1.ts";
import { gradesConfig, openFor } from "./gradebook/opening.ts";
import { secretOf, testPorts } from "./reading.ts";
import { type Asked, startTinySis, type Told } from "./tiny-sis.ts";

const NOW = "2026-11-21T02:00:00.000Z";
const ports = () => testPorts(Date.parse(NOW));
const body = { status: "active", title: "Essay", resultValueMax: 20 };
const sisThat = (answer: Told) => startTinySis({}, () => answer);
const bodyOf = (asked: Asked | undefined) => JSON.parse(asked?.body ?? "null") as unknown;

describe("a record under our own sourcedId", () => {
  it("is PUT in its envelope, with its id and the time", async () => {
    const sis = await sisThat({ status: 201, body: "" });
    const gradebook = openFor(sis, {}, { ports: ports() });
    await gradebook.put("lineItem", "li/1", body);
    await gradebook.put("result", "r1", { ...body, sourcedId: "another" });
    expect(sis.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "PUT lineItems/li%2F1",
      "PUT results/r1",
    ]);
    expect(bodyOf(sis.asked[0])).toEqual({ lineItem: { sourcedId: "li/1", dateLastModified: NOW, ...body } });
    expect(bodyOf(sis.asked[1])).toEqual({ result: { ...body, sourcedId: "r1", dateLastModified: NOW } });
    expect(sis.asked[0]?.headers["content-type"]).toBe("application/json");
  });

  it("goes without the fields that are not to be sent", async () => {
    const sis = await sisThat({ status: 204, body: "" });
    const { result } = gradesConfig();
    const grades = { result: { ...result, omit: ["sourcedId", "dateLastModified"] } };
    await openFor(sis, {}, { grades }).put("result", "r1", body);
    expect(bodyOf(sis.asked[0])).toEqual({ result: body });
  });

  it("lives under gradebookUrl", async () => {
    const roster = await sisThat({ status: 500 });
    const sis = await sisThat({ status: 201, body: "" });
    await openFor(roster, { gradebookUrl: `${sis.url}/` }).put("result", "r1", body);
    expect(sis.asked).toHaveLength(1);
    expect(roster.asked).toEqual([]);
  });

  it("is signed without its body, which OAuth 1.0a leaves out unless it is a form", async () => {
    const sis = await sisThat({ status: 200, body: "" });
    const auth = { kind: "oauth1", key: "k", secret: secretOf("s&"), signature: "HMAC-SHA256" } as const;
    await openFor(sis, { auth }).put("result", "r1", body);
    const sent = sis.asked[0]?.headers.authorization ?? "";
    const pairs = [...sent.matchAll(/(oauth_\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [
      name,
      decodeURIComponent(value),
    ]);
    const { oauth_signature, ...fields } = Object.fromEntries(pairs) as Record<string, string>;
    const url = new URL(`${sis.url}/results/r1`);
    expect(oauth_signature).toBe(oauth1Signature("PUT", url, fields, "s&", "HMAC-SHA256"));
  });
});

describe("a record that the SIS has taken", () => {
  it.for<[string, Told, string | null]>([
    ["no body", { status: 201, body: "" }, null],
    ["no content", { status: 204, body: "" }, null],
    ["a word that is no JSON", { status: 200, body: "OK" }, null],
    ["JSON that breaks off", { status: 200, body: '{"lineItem":{"sour' }, null],
    ["the record", { body: { lineItem: { sourcedId: "theirs", title: "Essay" } } }, "theirs"],
    ["the record without its envelope", { body: { sourcedId: 815 } }, "815"],
    ["the record in a set of one", { body: { lineItems: [{ sourcedId: "theirs" }] } }, "theirs"],
    [
      "a pair of ids",
      { status: 201, body: { sourcedIdPairs: { suppliedSourcedId: "li1", allocatedSourcedId: "theirs" } } },
      "theirs",
    ],
    [
      "pairs of ids",
      { status: 201, body: { sourcedIdPairs: [{ suppliedSourcedId: "li1", allocatedSourcedId: "theirs" }] } },
      "theirs",
    ],
    ["an address", { status: 201, body: "", headers: { location: "/x/lineItems/the%2Firs?v=1" } }, "the/irs"],
    ["an address of something else", { status: 201, body: "", headers: { location: "/classes/c1" } }, null],
    ["success in so many words", { body: { imsx_codeMajor: "success", imsx_severity: "status" } }, null],
  ])("is stored, under the id that the SIS tells: %s", async ([, answer, sourcedId]) => {
    const sis = await sisThat(answer);
    expect(await openFor(sis).put("lineItem", "li1", body)).toEqual({ kind: "stored", sourcedId });
    expect(sis.asked).toHaveLength(1);
  });

  const failure = { imsx_codeMajor: "Failure", imsx_severity: "error", imsx_description: "no such class" };
  it.for<[string, unknown, string]>([
    ["imsx_StatusInfo", { imsx_StatusInfo: failure }, "no such class"],
    ["a flat status", failure, "no such class"],
    [
      "statusInfoSet",
      { statusInfoSet: [{ imsx_codeMajor: "failure", imsx_severity: "error" }] },
      "failure, error",
    ],
    ["an error", { error: "LineItemHasGradingScale" }, "LineItemHasGradingScale"],
  ])("is not stored after all when the body of a 200 says so: %s", async ([, answer, words]) => {
    const sis = await sisThat({ body: answer });
    expect(await openFor(sis).put("lineItem", "li1", body)).toEqual({
      kind: "refused",
      status: 200,
      words,
      hint: expect.stringMatching(/\w/) as string,
    });
  });
});

describe("a record that the SIS refuses", () => {
  const minor = {
    imsx_codeMinorField: [{ imsx_codeMinorFieldName: "x", imsx_codeMinorFieldValue: "invaliddata" }],
  };
  it.for<[string, unknown, string]>([
    ["imsx_StatusInfo", { imsx_StatusInfo: { imsx_description: "bad title" } }, "bad title"],
    [
      "flat, codes in an object",
      { imsx_codeMajor: "failure", imsx_description: "bad title", imsx_CodeMinor: minor },
      "bad title (invaliddata)",
    ],
    ["flat, code as text", { imsx_codeMajor: "failure", imsx_codeMinor: "unknownobject" }, "unknownobject"],
    [
      "statusInfoSet",
      {
        statusInfoSet: [
          { imsx_description: "PutResult: LineItemHasGradingScale", imsx_codeMinor: "invalid_data" },
        ],
      },
      "PutResult: LineItemHasGradingScale (invalid_data)",
    ],
    ["a bare error", { error: "nope" }, "nope"],
    [
      "OAuth's",
      { error: "insufficient_scope", error_description: "not yours" },
      "not yours: insufficient_scope",
    ],
    ["HTML", "<html><title>Request blocked</title></html>", "Request blocked"],
    ["nothing", "", "Unprocessable Entity"],
  ])("is told in its own words: %s", async ([, answer, words]) => {
    const sis = await sisThat({ status: 422, body: answer });
    const sent = await openFor(sis).put("result", "r1", body);
    expect(sent).toMatchObject({ kind: "refused", status: 422, words });
    expect(sent).toHaveProperty("hint", expect.stringMatching(/\.$/));
    expect(sis.asked).toHaveLength(1);
  });

  it.for([400, 403, 404, 405, 409, 412, 413, 415, 422])("stops nothing else: %i", async (status) => {
    const sis = await startTinySis({}, ({ path }) => (path.endsWith("bad") ? { status } : { body: "" }));
    const gradebook = openFor(sis);
    for (let i = 0; i < 7; i++) {
      expect(await gradebook.put("result", "bad", body)).toMatchObject({ kind: "refused", status });
    }
    expect(await gradebook.put("result", "good", body)).toEqual({ kind: "stored", sourcedId: null });
  });

  it("shows no secret, also where the SIS repeats it", async () => {
    const sis = await sisThat({ status: 403, body: { error: "t0ken may not write" } });
    const scrubbed = { ...ports(), scrub: (text: string) => text.replaceAll("t0ken", "***") };
    const sent = await openFor(sis, {}, { ports: scrubbed }).put("result", "r1", body);
    expect(sent).toMatchObject({ words: "*** may not write" });
  });
});

describe("a record whose id the SIS gives", () => {
  const scope = { classId: "c1", lineItemId: "li1" };
  const stored = { status: 201, body: { lineItem: { sourcedId: "theirs" } } };

  it("is PUT to the collection, without an id", async () => {
    const sis = await sisThat(stored);
    const sent = await openFor(sis, {}, { ports: ports() }).create("lineItem", body, scope);
    expect(sent).toEqual({ kind: "stored", sourcedId: "theirs" });
    expect(sis.asked.map(({ method, path }) => `${method} ${path}`)).toEqual(["PUT lineItems"]);
    expect(bodyOf(sis.asked[0])).toEqual({ lineItem: { dateLastModified: NOW, ...body } });
  });

  it.for([404, 405])(
    "is PUT to any id where there is no such address (%i), and from then on always",
    async (status) => {
      const sis = await startTinySis({}, ({ path }) => (path === "lineItems" ? { status } : stored));
      const gradebook = openFor(sis);
      expect(await gradebook.create("lineItem", body, scope)).toEqual({
        kind: "stored",
        sourcedId: "theirs",
      });
      await gradebook.create("lineItem", body, scope);
      const [first, second, third, ...more] = sis.asked.map(({ method, path }) => `${method} ${path}`);
      expect(first).toBe("PUT lineItems");
      expect(second).toMatch(/^PUT lineItems\/[\da-f]{8}-[\da-f-]{27}$/);
      expect(third).toMatch(/^PUT lineItems\/[\da-f]{8}-[\da-f-]{27}$/);
      expect(third).not.toBe(second);
      expect(more).toEqual([]);
      expect(bodyOf(sis.asked[1])).not.toHaveProperty("lineItem.sourcedId");
    },
  );

  it("is POSTed as a set of one to a SIS of version 1.2 that takes no PUT", async () => {
    const sis = await startTinySis({}, ({ method, body }) => {
      if (method !== "POST") return { status: 404 };
      const { results } = JSON.parse(body) as { results: { sourcedId: string }[] };
      return {
        status: 201,
        body: {
          sourcedIdPairs: [{ suppliedSourcedId: results[0]?.sourcedId, allocatedSourcedId: "theirs" }],
        },
      };
    });
    const sent = await openFor(sis, { version: "1.2" }).create("result", body, scope);
    expect(sent).toEqual({ kind: "stored", sourcedId: "theirs" });
    expect(sis.asked.at(-1)).toMatchObject({ method: "POST", path: "lineItems/li1/results" });
  });

  it("is refused with the words that speak of it, where no way leads there", async () => {
    const sis = await startTinySis({}, ({ path }) =>
      path === "results" ? { status: 404, body: { error: "unknown student u1" } } : { status: 404 },
    );
    const sent = await openFor(sis).create("result", body, scope);
    expect(sent).toMatchObject({ kind: "refused", status: 404, words: "unknown student u1" });
    expect(sis.asked).toHaveLength(2);
  });

  it("is refused at once for any other reason", async () => {
    const sis = await sisThat({ status: 422, body: { error: "bad category" } });
    expect(await openFor(sis).create("lineItem", body, scope)).toMatchObject({
      kind: "refused",
      words: "bad category",
    });
    expect(sis.asked).toHaveLength(1);
  });
});

describe("a set", () => {
  const scope = { classId: "c/1", lineItemId: "li/1" };
  const set = [
    { ...body, sourcedId: "a" },
    { ...body, sourcedId: "b" },
  ];
  const pair = (supplied: string, allocated: string) => ({
    suppliedSourcedId: supplied,
    allocatedSourcedId: allocated,
  });

  it("of line items is POSTed to the class, of results to the line item", async () => {
    const sis = await sisThat({ status: 201, body: "" });
    const gradebook = openFor(sis, {}, { ports: ports() });
    await gradebook.postSet("lineItem", scope, set);
    await gradebook.postSet("result", scope, set);
    expect(sis.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST classes/c%2F1/lineItems",
      "POST lineItems/li%2F1/results",
    ]);
    expect(bodyOf(sis.asked[1])).toEqual({ results: set.map((one) => ({ ...one, dateLastModified: NOW })) });
  });

  it.for<[string, unknown, [string, string][]]>([
    [
      "pairs",
      { sourcedIdPairs: [pair("a", "1"), pair("b", "2")] },
      [
        ["a", "1"],
        ["b", "2"],
      ],
    ],
    ["one pair as an object", { sourcedIdPairs: pair("b", "2") }, [["b", "2"]]],
    [
      "a pair of a record that was not sent",
      { sourcedIdPairs: [pair("a", "1"), pair("z", "9")] },
      [["a", "1"]],
    ],
    ["what was stored, under our ids", { lineItems: [{ sourcedId: "a" }, { sourcedId: "z" }] }, [["a", "a"]]],
    ["nothing", "", []],
  ])("is confirmed as far as the SIS names its records: %s", async ([, answer, ids]) => {
    const sis = await sisThat({ status: 201, body: answer });
    expect(await openFor(sis).postSet("lineItem", scope, set)).toEqual({ kind: "stored", ids: new Map(ids) });
  });

  it("may be stored in part when a good status comes with words of failure", async () => {
    const sis = await sisThat({ body: { imsx_codeMajor: "failure", imsx_description: "b: bad title" } });
    expect(await openFor(sis).postSet("lineItem", scope, set)).toEqual({
      kind: "unknown",
      words: "b: bad title",
    });
  });

  it("is refused as a whole, and not sent again when it may have arrived", async () => {
    const refusing = await sisThat({ status: 404 });
    const sent = await openFor(refusing).postSet("lineItem", scope, set);
    expect(sent).toMatchObject({
      kind: "refused",
      status: 404,
      hint: expect.stringContaining("grades.bulk: false") as string,
    });
    const failing = await sisThat({ status: 500 });
    expect(await openFor(failing).postSet("lineItem", scope, set)).toMatchObject({ kind: "unknown" });
    expect(failing.asked).toHaveLength(1);
  });
});

describe("removing a record", () => {
  it.for([
    ["there", { status: 204, body: "" }],
    ["not there any more", { status: 404, body: { imsx_codeMinor: "unknownobject" } }],
  ] as const)("is done when it was %s", async ([, answer]) => {
    const sis = await sisThat(answer);
    expect(await openFor(sis).remove("result", "r/1")).toEqual({ kind: "stored", sourcedId: "r/1" });
    expect(sis.asked[0]).toMatchObject({ method: "DELETE", path: "results/r%2F1", body: "" });
  });

  it("is refused by many a SIS, with what to do instead", async () => {
    const sis = await sisThat({ status: 403, body: { error: "Deleting assignments is not allowed" } });
    expect(await openFor(sis).remove("lineItem", "li1")).toMatchObject({
      kind: "refused",
      words: "Deleting assignments is not allowed",
      hint: expect.stringContaining("grades.whenCleared") as string,
    });
  });
});
