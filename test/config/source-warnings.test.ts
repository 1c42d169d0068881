import { describe, expect, it } from "vitest";
import type { Config } from "../../config/schema.ts";
import { gradesRefusal, sourceWarnings } from "../../config/source-warnings.ts";
import { load, VALID, withSource } from "./workspace.ts";

const CANVAS = "grades: { source: { kind: canvas-data, path: dap } }\n";

async function configOf(yaml: string): Promise<Config> {
  return (await load(yaml)).config;
}

const messages = (config: Config, job?: "roster" | "grades") =>
  sourceWarnings(config, job).map(({ message }) => message);

describe("warnings of an address", () => {
  it.each([
    [
      "v1p2",
      '"1.1"',
      /source\.url has \/v1p2 in it, the path of OneRoster 1\.2, and source\.version is 1\.1/,
    ],
    [
      "v1p1",
      '"1.2"',
      /source\.url has \/v1p1 in it, the path of OneRoster 1\.1, and source\.version is 1\.2/,
    ],
  ])("/%s with version %s says which belongs to which", async (path, version, says) => {
    const config = await configOf(withSource(`version: ${version}`).replace("v1p1", path));
    expect(messages(config, "roster")).toEqual([expect.stringMatching(says)]);
    expect(sourceWarnings(config)[0]?.hint).toContain("Set source.version to what the SIS answers");
  });

  it("speaks of the gradebook's as well", async () => {
    const url = "https://sis.example.org/ims/oneroster/gradebook/v1p2";
    expect(messages(await configOf(withSource(`gradebookUrl: ${url}`)))).toEqual([
      expect.stringContaining("source.gradebookUrl has /v1p2"),
    ]);
  });

  it("asks for the gradebook's where rosters have a root of their own, once there are grades", async () => {
    const rostering = withSource('version: "1.2"').replace("oneroster/v1p1", "oneroster/rostering/v1p2");
    expect(sourceWarnings(await configOf(rostering + CANVAS), "grades")).toEqual([
      {
        message: expect.stringContaining("source.gradebookUrl is not set") as string,
        hint: "Set source.gradebookUrl to the root of the gradebook, most likely https://sis.example.org/ims/oneroster/gradebook/v1p2.",
      },
    ]);
    expect(messages(await configOf(rostering + CANVAS), "roster")).toEqual([]);
    expect(messages(await configOf(rostering))).toEqual([]);
    const own = rostering.replace("delivery:", "  gradebookUrl: https://sis.example.org/grades\ndelivery:");
    expect(messages(await configOf(own + CANVAS))).toEqual([]);
  });

  it.each(["v1p1", "v1p1/", "oneroster", "v1p20"])("does not doubt /%s with version 1.1", async (path) => {
    expect(messages(await configOf(VALID.replace("v1p1", path)))).toEqual([]);
  });
});

describe("warnings of a SIS", () => {
  const qmlativ = withSource("profile: qmlativ");

  it("are all told to who checks, and to a job those that matter to it", async () => {
    const config = await configOf(qmlativ + CANVAS);
    expect(messages(config)).toHaveLength(3);
    expect(messages(config, "roster")).toEqual([expect.stringMatching(/^Terms of Qmlativ reach from/)]);
    expect(messages(config, "grades")).toEqual([
      expect.stringMatching(/creates it there again at every sync/),
    ]);
  });

  it("say nothing of grades where there are none", async () => {
    expect(messages(await configOf(qmlativ), "grades")).toEqual([]);
  });

  it.each(["default", '"null"'])(
    "say what unmatched categories that are %s do at Qmlativ",
    async (choice) => {
      const grades = `grades: { source: { kind: canvas-data, path: dap }, categories: { whenUnmatched: ${choice}, default: c1 } }\n`;
      expect(messages(await configOf(qmlativ + grades), "grades")).toContainEqual(
        expect.stringMatching(/whenUnmatched is not error/),
      );
    },
  );

  it("say that teachers without identifier are left out, to who chose it as their id", async () => {
    const chosen = `${qmlativ}roster: { users: { id: identifier } }\n`;
    expect(messages(await configOf(chosen), "roster")).toContainEqual(
      expect.stringMatching(/have no identifier/),
    );
  });

  it("send rosters of Q before its grades", async () => {
    const config = await configOf(withSource("profile: q") + CANVAS);
    expect(sourceWarnings(config, "grades")).toEqual([
      {
        message: expect.stringMatching(/^Grades of Q/) as string,
        hint: expect.stringMatching(/rosterbridge roster/) as string,
      },
    ]);
  });

  it("are none of an ordinary SIS", async () => {
    expect(messages(await configOf(VALID + CANVAS))).toEqual([]);
  });
});

describe("grades of ClassLink", () => {
  it("are refused, and its rosters are not", async () => {
    expect(gradesRefusal(await configOf(withSource("profile: classlink") + CANVAS))).toMatch(
      /does not support grade passback/,
    );
    expect(gradesRefusal(await configOf(VALID + CANVAS))).toBeUndefined();
  });
});
