import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestInput } from "../../mappers/digest.ts";

const json = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, false),
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie("value"), { maxLength: 4 }),
    tie("object"),
  ),
  object: fc.dictionary(
    fc.string({ maxLength: 4 }).filter((key) => key !== "__proto__"),
    tie("value"),
    { maxKeys: 8 },
  ),
}));

function reversed(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  );
}

describe("digestInput", () => {
  it("leaves out the address of a reference, but no other href", () => {
    const student = { href: "https://sis.example.org/users/s1", sourcedId: "s1", type: "user" };
    expect(digestInput({ student, metadata: { href: "x" } })).toBe(
      '{"metadata":{"href":"x"},"student":{"sourcedId":"s1","type":"user"}}',
    );
  });

  it("is the same whatever order the fields come in", () => {
    fc.assert(
      fc.property(json.object, (body) => {
        expect(digestInput(reversed(body) as Record<string, unknown>)).toBe(digestInput(body));
      }),
    );
  });

  it("says all that the body says", () => {
    fc.assert(
      fc.property(json.object, (body) => {
        expect(JSON.parse(digestInput(body))).toEqual(JSON.parse(JSON.stringify(body)));
      }),
    );
  });

  it("tells a null from nothing, text from numbers, and one order of a list from another", () => {
    const all = [
      { score: null },
      {},
      { score: "1" },
      { score: 1 },
      { list: [1, 2] },
      { list: [2, 1] },
      { score: undefined },
    ];
    expect(all.map(digestInput)).toEqual([
      '{"score":null}',
      "{}",
      '{"score":"1"}',
      '{"score":1}',
      '{"list":[1,2]}',
      '{"list":[2,1]}',
      "{}",
    ]);
  });
});
