import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { readDocument } from "../../config/document.ts";
import { problems, VALID, withSource } from "./workspace.ts";

describe("reading YAML", () => {
  it.each([
    ["0042", "leading zeros"],
    ["+5", "would be lost"],
    ["0x1F", "would be lost"],
    ["1e3", "would be lost"],
    [".5", "would be lost"],
    [".inf", "would be lost"],
    ["12345678901234567890", "more digits"],
  ])("refuses %s unquoted, which YAML would alter", async (number, reason) => {
    const [problem, ...others] = await problems(withSource(`schools: [${number}]`));
    expect(problem).toMatch(/^9:13: source\.schools\[0\]: /);
    expect(problem).toContain(reason);
    expect(problem).toContain("quotes");
    expect(others).toEqual([]);
  });

  it.each(["0", "-1", "7", "1.5", "10.0", "9007199254740991"])("takes the number %s as it is", (number) => {
    expect(readDocument(`a: ${number}`)).toMatchObject({ tree: { a: Number(number) }, problems: [] });
  });

  it("keeps keys as they are written, also those that look like numbers", () => {
    expect(readDocument("roles: { 0042: a, true: b }").tree).toEqual({ roles: { "0042": "a", true: "b" } });
  });

  it("reads YAML 1.2 also where a file claims to be 1.1", () => {
    expect(readDocument("%YAML 1.1\n---\na: yes\nb: on\nc: 1:30\n").tree).toEqual({
      a: "yes",
      b: "on",
      c: "1:30",
    });
  });

  it("refuses aliases, and so every alias bomb", async () => {
    expect(await problems(`${VALID}x: &x [1]\ny: *x\n`)).toEqual([
      "13:4: y: aliases (*name) are not taken; write the value out",
    ]);
    const bomb = ["a: &a [x]", ...Array.from("bcdefghi", (to, i) => `${to}: &${to} [*${"abcdefgh"[i]!}]`)];
    expect(readDocument(bomb.join("\n")).tree).toBeUndefined();
    expect(readDocument("a: &a [*a]").tree).toBeUndefined();
  });

  it("refuses merge keys as the unknown keys that they are in YAML 1.2", async () => {
    expect(await problems(withSource("<<: { pageSize: 5 }"))).toEqual(["9:3: source.<<: unknown key"]);
  });

  it("names a key that is written twice, and goes on to the other mistakes", async () => {
    expect(await problems(withSource("pageSize: 5", "pageSize: 6", "retries: x"))).toEqual([
      "10:3: source.pageSize: the key is written twice in the same mapping",
      "11:12: source.retries: expected a whole number from 0 to 20, found text",
    ]);
  });

  it.each([
    ["a: b: hunter2", "1:4", "a second “: ” on one line"],
    ["a:\n\tb: hunter2", "2:1", "a tab"],
    ["a:\n  b: 1\n hunter2: 2", "3:1", "indentation"],
    ['a: "hunter2', "1:12", "something is missing"],
    ["a: [hunter2", "1:12", "is missing"],
    ["a: @hunter2", "1:4", "must be in quotes"],
    ['a: "\\hunter2"', "1:5", "backslash"],
    ["a: 1\n---\nhunter2: 2", "2:1", "a second document"],
    ["a: { x: hunter2, } }", "1:20", "not expected here"],
    ["a: {institution}-{hunter2}.zip", "1:17", "not expected here"],
    ["a: !hunter2 x", "1:4", "a tag"],
    ["? [hunter2]\n: 1", "1:3", "a key must be text"],
    [`a: ${"[".repeat(20_000)}`, "1:", "brackets"],
  ])("says what is wrong with the form of %j, without repeating it", async (yaml, place, words) => {
    const found = await problems(yaml);
    expect(found).toContainEqual(expect.stringMatching(new RegExp(`^${place}.*${words}`)));
    expect(found.filter((line) => /: hunter2(?!: unknown key)/.test(line))).toEqual([]);
  });

  it("finds the place of every value again", () => {
    const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.stringMatching(/^[a-z: #'"-]{0,12}$/));
    const key = fc
      .stringMatching(/^[a-zA-Z][\w.-]{0,8}$/)
      .filter((name) => !/^(true|false|null)$/i.test(name));
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie("tree"), { minLength: 1, maxLength: 3 }),
        fc.dictionary(key, tie("tree"), { minKeys: 1, maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, tree, { minKeys: 1, maxKeys: 4 }), fc.boolean(), (value, flow) => {
        const text = stringify(value, { collectionStyle: flow ? "flow" : "any", lineWidth: 0 });
        const document = readDocument(text);
        const lines = text.split("\n");

        expect(document.tree).toEqual(value);
        for (const name of Object.keys(value)) {
          const { line, column } = document.placeOf([name], "key");
          expect(lines[line - 1]?.slice(column - 1)).toMatch(
            new RegExp(`^["']?${name.replaceAll(".", "\\.")}`),
          );
        }
        for (const { path, leaf: found } of leavesOf(value)) {
          const { line, column } = document.placeOf(path, "value");
          expect(readDocument(`x: ${untilEnd(lines[line - 1]!.slice(column - 1), found)}`).tree).toEqual({
            x: found,
          });
        }
      }),
    );
  });
});

/** The text of a value at the beginning of the rest of a line. */
function untilEnd(rest: string, value: unknown): string {
  const written = [String(value), JSON.stringify(value), `'${String(value).replaceAll("'", "''")}'`];
  return (
    written.filter((form) => rest.startsWith(form)).sort((a, b) => b.length - a.length)[0] ?? `not ${rest}`
  );
}

function leavesOf(value: unknown, path: PropertyKey[] = []): { path: PropertyKey[]; leaf: unknown }[] {
  if (typeof value !== "object" || value === null) return [{ path, leaf: value }];
  return Object.entries(value).flatMap(([key, child]) =>
    leavesOf(child, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
