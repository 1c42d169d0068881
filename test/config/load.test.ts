import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../../config/load.ts";
import { ENV, inFolder, load, problems, refusal, VALID, withDelivery, withSource } from "./workspace.ts";

const HOST_KEY = `SHA256:${"k".repeat(43)}`;

describe("loading a configuration", () => {
  it("fills in the defaults", async () => {
    const { config } = await load(VALID);

    expect(config.source).toMatchObject({ profile: "generic", version: "1.1", pageSize: 1000, schools: [] });
    expect(config.roster.enrollments.roles).toEqual({ student: "student", teacher: "teacher", aide: "ta" });
    expect(config.roster.guard.requireFiles).toEqual(["users", "courses", "sections", "enrollments"]);
    expect(config.retention.runs).toBe(30);
  });

  it("tells ten mistakes at once, each with its line, column and key", async () => {
    const yaml = `institution: { id: oakdale, name: Oakdale Unified, timezone: Pacific }
sate: ./var
source:
  kind: oneroster-rest
  url: https://sis.example.org/ims/oneroster/v1p1
  auth:
    kind: oauth1
    key: { env: ONEROSTER_KEY }
    secret: hunter2-in-plain-sight
  page_size: 500
  schools: ["17", 0042]
  retries: many
  service: per_school
delivery:
  kind: sftp
  host: sftp.example.org
  password: { env: SFTP_PASSWORD }
  hostKey: ${HOST_KEY}
pauses:
  - from: 2027-07-31
    to: 2027-06-05
`;
    const failure = await refusal(yaml);

    expect(failure.exitCode).toBe(2);
    expect(failure.message.split("\n")).toEqual([
      "10 problems in the configuration file",
      "rosterbridge.yaml:1:62: institution.timezone: is not a time zone; use an IANA name such as America/Los_Angeles",
      'rosterbridge.yaml:2:1: sate: unknown key; did you mean "state"?',
      "rosterbridge.yaml:9:13: source.auth.secret: a secret is never written here itself: write { env: NAME } or { file: PATH }",
      'rosterbridge.yaml:10:3: source.page_size: unknown key; did you mean "pageSize"?',
      "rosterbridge.yaml:11:19: source.schools[1]: has leading zeros, which YAML takes off a number; if it is an id, put it in quotes",
      "rosterbridge.yaml:12:12: source.retries: expected a whole number from 0 to 20, found text",
      'rosterbridge.yaml:13:12: source.service: expected one of bulk, per-school; did you mean "per-school"?',
      "rosterbridge.yaml:15:3: delivery.username: is missing; expected text",
      "rosterbridge.yaml:17:13: delivery.password: environment variable SFTP_PASSWORD is not set",
      "rosterbridge.yaml:21:9: pauses[0].to: is before the pause begins (from)",
    ]);
    expect(failure.hint).toContain("docs/configuration.md");
  });

  it("makes every relative path absolute, from the folder of the file", async () => {
    const yaml = `institution: { id: oakdale, name: Oakdale Unified, timezone: UTC }
state: var
source: { kind: oneroster-csv, path: ../export }
delivery: { kind: directory, path: out }
grades: { source: { kind: gradebook-csv, path: books } }
notify: [{ kind: webhook, url: { file: hook.txt } }]
`;
    await inFolder(
      { "district/rosterbridge.yaml": yaml, "district/hook.txt": "https://x.example/1" },
      async (top) => {
        const folder = join(top, "district");
        const loaded = await loadConfig(join(folder, "rosterbridge.yaml"), { env: {} });

        expect(loaded).toMatchObject({ file: join(folder, "rosterbridge.yaml"), folder });
        expect(loaded.config).toMatchObject({
          state: join(folder, "var"),
          source: { path: join(top, "export") },
          delivery: { path: join(folder, "out") },
          grades: { source: { path: join(folder, "books") } },
        });
        const [hook] = loaded.config.notify;
        const url = hook?.kind === "webhook" && typeof hook.url === "object" ? hook.url : undefined;
        expect(url?.place).toEqual({ file: join(folder, "hook.txt") });
        expect(url?.reveal()).toBe("https://x.example/1");
      },
    );
  });

  it("leaves a folder on the gateway as it is written", async () => {
    const sftp = ["kind: sftp", "host: h", "username: u", "password: { env: P }", `hostKey: ${HOST_KEY}`];
    const { config } = await load(withDelivery(...sftp, "path: incoming"), {
      env: { ...ENV, P: "secret-enough" },
    });
    expect(config.delivery).toMatchObject({ path: "incoming" });
  });

  it("lowers the pages in flight with the requests in flight, when only those are written", async () => {
    const { config } = await load(withSource("concurrency: 2"));
    expect(config.source).toMatchObject({ concurrency: 2, pageConcurrency: 2 });
  });

  it.each([
    ["1.1", "1.1"],
    ['"1.2"', "1.2"],
    ["1.2", "1.2"],
  ])("takes the version %s, with or without quotes", async (written, version) => {
    const { config } = await load(withSource(`version: ${written}`));
    expect(config.source.version).toBe(version);
  });

  it("takes ids as they are written, numbers included", async () => {
    const { config } = await load(withSource('schools: [1001, "0042", A-7]'));
    expect(config.source.schools).toEqual(["1001", "0042", "A-7"]);
  });

  it("says what to do when the file is not there", async () => {
    const loading = loadConfig(resolve("no-such-folder", "rosterbridge.yaml"), { env: {} });
    await expect(loading).rejects.toMatchObject({
      code: "usage.config",
      message: expect.stringContaining("there is no configuration file") as string,
      hint: expect.stringMatching(/--config FILE, or .*`rosterbridge init --profile NAME/) as string,
    });
  });

  it("refuses a folder in place of a file", async () => {
    await inFolder({}, async (folder) => {
      await expect(loadConfig(folder, { env: {} })).rejects.toMatchObject({
        code: "usage.config",
        message: expect.stringContaining("cannot be read") as string,
        hint: expect.stringContaining("may read") as string,
      });
    });
  });

  it("refuses bytes that are not UTF-8, which would garble names", async () => {
    const failure = await refusal(Buffer.from(VALID.replace("Oakdale", "Oakdalé"), "latin1"));
    expect(failure.message).toBe("the configuration file rosterbridge.yaml is not UTF-8 text");
  });

  it("reads a file with a byte order mark and Windows line ends", async () => {
    const windows = `\uFEFF${VALID.replaceAll("\n", "\r\n")}`;
    await expect(load(windows)).resolves.toMatchObject({ config: { institution: { id: "oakdale" } } });
    expect(await problems(windows.replace("oakdale,", "oak dale,"))).toEqual([
      "1:20: institution.id: must be letters, digits, dots, dashes and underscores, the first a letter or digit",
    ]);
  });

  it("says of an empty file what is expected", async () => {
    expect(await problems("# nothing yet\n")).toEqual([
      '1:1: expected keys with their values, such as "institution:"',
    ]);
  });
});
