import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { loadConfig } from "../../config/load.ts";
import { ENV, inFolder, load, problems, VALID, withDelivery, withSource } from "./workspace.ts";

const FILE_SECRET = VALID.replace("secret: { env: ONEROSTER_SECRET }", "secret: { file: keys/secret }");

async function secretFromFile(content: string): Promise<string> {
  return inFolder({ "rosterbridge.yaml": FILE_SECRET, "keys/secret": content }, async (folder) => {
    const { config } = await loadConfig(join(folder, "rosterbridge.yaml"), { env: ENV });
    if (config.source.kind !== "oneroster-rest" || config.source.auth.kind !== "oauth1")
      throw new Error("oauth1");
    return config.source.auth.secret.reveal();
  });
}

describe("secrets", () => {
  it("come from files without the newline at the end, and with every other character", async () => {
    expect(await secretFromFile("correct horse\n")).toBe("correct horse");
    expect(await secretFromFile("correct horse\r\n")).toBe("correct horse");
    expect(await secretFromFile("correct horse")).toBe("correct horse");
    expect(await secretFromFile(" line 1\nline 2\n\n")).toBe(" line 1\nline 2\n");
  });

  it("are named with their place when they are missing or empty", async () => {
    const env = { ONEROSTER_KEY: "" };
    expect(await problems(VALID, { env })).toEqual([
      "7:10: source.auth.key: environment variable ONEROSTER_KEY is empty",
      "8:13: source.auth.secret: environment variable ONEROSTER_SECRET is not set",
    ]);
  });

  it("are named with the whole path of their file when it cannot be read or is empty", async () => {
    expect(await problems(FILE_SECRET)).toEqual([
      "8:13: source.auth.secret: file keys/secret cannot be read (ENOENT)",
    ]);
    await inFolder({ "rosterbridge.yaml": FILE_SECRET, "keys/secret": "\n" }, async (folder) => {
      await expect(loadConfig(join(folder, "rosterbridge.yaml"), { env: ENV })).rejects.toThrow(
        `file ${join(folder, "keys/secret")} is empty`,
      );
    });
  });

  it("are reported missing beside the other mistakes of a file", async () => {
    const yaml = withSource("pagesize: 10", "headers: { X-Key: { env: SIS_KEY } }");
    expect(await problems(yaml)).toEqual([
      '9:3: source.pagesize: unknown key; did you mean "pageSize"?',
      "10:21: source.headers.X-Key: environment variable SIS_KEY is not set",
    ]);
  });

  it("that travel in a header are refused where no header can carry them, and never shown", async () => {
    const yaml = withSource("headers: { X-Key: { env: SIS_KEY } }");
    const told = await problems(yaml, { env: { ...ENV, SIS_KEY: "a-sis-key-1\n" } });
    expect(told).toEqual([
      expect.stringMatching(
        /^9:21: source\.headers\.X-Key: environment variable SIS_KEY has a line break, or another character/,
      ),
    ]);
    await expect(load(yaml, { env: { ...ENV, SIS_KEY: " a-sis-kéy " } })).resolves.toBeDefined();
  });

  it("of sections that are not in use need not be there", async () => {
    const yaml = withDelivery(
      "kind: canvas-api",
      "url: https://oakdale.instructure.com",
      "token: { env: CANVAS_TOKEN }",
    );
    const { config } = await load(yaml, { env: { CANVAS_TOKEN: "a-canvas-token" }, sections: ["delivery"] });

    expect(config.delivery.kind === "canvas-api" && config.delivery.token.reveal()).toBe("a-canvas-token");
    if (config.source.kind !== "oneroster-rest" || config.source.auth.kind !== "oauth1")
      throw new Error("oauth1");
    const { secret } = config.source.auth;
    expect(() => secret.reveal()).toThrow(
      "environment variable ONEROSTER_SECRET was used before it was read",
    );
  });

  it("are all known to the scrubber, also as Basic credentials", async () => {
    const yaml = withSource("headers: { X-Key: { env: SIS_KEY } }");
    const { scrubber } = await load(yaml, { env: { ...ENV, SIS_KEY: "header-value-1" } });
    const basic = Buffer.from(`${ENV.ONEROSTER_KEY}:${ENV.ONEROSTER_SECRET}`).toString("base64");

    expect(scrubber.scrub(`X-Key: header-value-1; Basic ${basic}; ${ENV.ONEROSTER_SECRET}`)).toBe(
      "X-Key: [secret]; Basic [secret]; [secret]",
    );
  });

  it("cannot be seen in a configuration that is logged", async () => {
    const { config } = await load(VALID);
    expect(JSON.stringify(config)).not.toContain(ENV.ONEROSTER_SECRET);
  });

  it.each([
    ["a literal", "secret: hunter2-9f3", "9:13"],
    ["a number", "secret: 00420042", "9:13"],
    ["a list", "secret: [hunter2-9f3]", "9:13"],
    ["a mapping of another kind", "secret: { hunter2-9f3 }", "9:13"],
    ["a place with more beside it", "secret: { env: A, value: hunter2-9f3 }", "9:13"],
    ["a value in place of a variable's name", 'secret: { env: "hunter2-9f3 " }', "9:13"],
    ["a key in place of a file's name", 'secret: { file: "-----BEGIN\\nhunter2-9f3" }', "9:13"],
  ])("are refused as %s, and not repeated", async (_, line, place) => {
    const yaml = VALID.replace("secret: { env: ONEROSTER_SECRET }", `\n    ${line}`);
    const found = await problems(yaml);

    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^${place}: source\\.auth\\.secret: `));
    expect(found[0]).not.toMatch(/hunter2|420042/);
  });
});
