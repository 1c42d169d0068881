import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { load, VALID, withSource } from "./workspace.ts";

describe("the digest of a configuration", () => {
  it("is a SHA-256 that stays the same through comments, layout, order of keys and written defaults", async () => {
    const { digest } = await load(VALID);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);

    const flow = stringify(parse(VALID), { collectionStyle: "flow" });
    const reversed = stringify(
      Object.fromEntries(Object.entries(parse(VALID) as Record<string, unknown>).reverse()),
    );
    const explicit = withSource('version: "1.1"', "pageSize: 1000");
    for (const yaml of [`# a note\n${VALID}`, flow, reversed, explicit]) {
      expect((await load(yaml)).digest).toBe(digest);
    }
  });

  it("changes with the meaning", async () => {
    const { digest } = await load(VALID);
    expect((await load(withSource("pageSize: 999"))).digest).not.toBe(digest);
    expect((await load(VALID.replace("ONEROSTER_SECRET", "ONEROSTER_KEY"))).digest).not.toBe(digest);
  });

  it("does not tell a secret by changing with it", async () => {
    const one = await load(VALID, { env: { ONEROSTER_KEY: "key-1", ONEROSTER_SECRET: "secret-1" } });
    const other = await load(VALID, { env: { ONEROSTER_KEY: "key-2", ONEROSTER_SECRET: "secret-2" } });
    expect(other.digest).toBe(one.digest);
  });
});
