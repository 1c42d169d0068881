import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { applyProfile } from "../../config/applied-profile.ts";
import { isMapping } from "../../config/mapping.ts";
import { gradesUnsupported, profileFile, PROFILE_NAMES, readProfile } from "../../config/profiles.ts";
import { nodesAt } from "../../config/schema-map.ts";
import { validate } from "../../config/validation.ts";
import { load, problems, VALID, withSource } from "./workspace.ts";

/** The valid config with the keys that a profile leaves open, and nothing that it sets. */
function withProfile(name: string, ...lines: string[]): string {
  return withSource(`profile: ${name}`, ...lines);
}

const QMLATIV = VALID.replace("kind: oauth1", "tokenUrl: https://sis.example.org/key-7/oauth/token").replace(
  "  kind: oneroster-rest",
  "  profile: qmlativ",
);
const CANVAS =
  "grades: { source: { kind: canvas-api, url: https://canvas.example.org, token: { env: ONEROSTER_KEY } } }\n";

describe.each(PROFILE_NAMES)("the profile %s", (name) => {
  const profile = readProfile(name);
  const text = readFileSync(profileFile(name), "utf8");

  it("speaks only of keys that there are", () => {
    const parts = [profile, ...profile.variants];
    const conditions = [...profile.variants, ...profile.warnings].flatMap(({ when }) => Object.keys(when));
    const set = parts.flatMap(({ source, grades }) =>
      keysOf({ source, ...(isRefusal(grades) ? {} : { grades }) }),
    );
    const keys = [...Object.keys(profile.ask), ...conditions, ...set];
    expect(keys.filter((key) => nodesAt(key.split("."), {}).length === 0)).toEqual([]);
  });

  it.each(["1.1", "1.2"])(
    "makes a config that is valid, when OneRoster %s and what it asks for is given",
    (version) => {
      const source = { ...profile.source, profile: name, version, kind: "oneroster-rest" };
      const tree = {
        institution: { id: "oakdale", name: "Oakdale", timezone: "UTC" },
        source: answered(source),
        delivery: { kind: "directory", path: "out" },
        grades: { source: { kind: "canvas-data", path: "dap" } },
      };
      expect(validate(applyProfile(tree).tree).problems).toEqual([]);
    },
  );

  it("says of everything that only the administrator knows where it is found", () => {
    const open = keysOf({ source: profile.source }).filter((key) => valueIn(profile, key) === null);
    expect(open.filter((key) => profile.ask[key] === undefined)).toEqual([]);
  });

  it("has a source that anybody can read for whatever it sets", () => {
    if (keysOf({ source: profile.source }).length === 0) return;
    const comments = text.split("\n").filter((line) => /^\s*#/.test(line));
    expect(comments.filter((line) => line.includes("https://")).length).toBeGreaterThan(0);
  });
});

describe("a config with a profile", () => {
  it("has the profile's values where it says nothing, and is told which", async () => {
    const { config, profile } = await load(QMLATIV);
    expect(config.source).toMatchObject({ kind: "oneroster-rest", version: "1.1", auth: { kind: "oauth2" } });
    expect(profile).toEqual({
      name: "qmlativ",
      title: "Skyward Qmlativ",
      set: [
        { key: "source.auth.kind", value: "oauth2" },
        { key: "source.kind", value: "oneroster-rest" },
        { key: "source.version", value: '"1.1"' },
      ],
      overridden: [],
    });
  });

  it("has its own values where it has some", async () => {
    const { config, profile } = await load(withProfile("qmlativ", "version: 1.2"));
    expect(config.source).toMatchObject({ version: "1.2", auth: { kind: "oauth1" } });
    expect(profile.overridden).toEqual([
      { key: "source.auth.kind", value: "oauth2" },
      { key: "source.version", value: '"1.1"' },
    ]);
  });

  it("has nothing of the profile's way to sign in when it has chosen another", async () => {
    const { config } = await load(
      withProfile("classlink").replace(
        /kind: oauth1[^]*SECRET }/,
        "kind: bearer\n    token: { env: ONEROSTER_SECRET }",
      ),
    );
    expect(config.source).toMatchObject({ profile: "classlink", auth: { kind: "bearer" } });
  });

  it("has nothing of a REST service when it reads CSV files", async () => {
    const csv = VALID.replace(
      /source:[^]*?delivery/,
      "source: { kind: oneroster-csv, profile: qmlativ, path: . }\ndelivery",
    );
    const { config } = await load(csv);
    expect(config.source).toMatchObject({
      kind: "oneroster-csv",
      profile: "qmlativ",
      path: expect.any(String) as string,
    });
  });

  it("gets scopes under OneRoster 1.2, and those that write grades only with grades", async () => {
    const qmlativ = QMLATIV.replace("  profile: qmlativ", '  profile: qmlativ\n  version: "1.2"');
    const scopes = async (yaml: string) => {
      const { source } = (await load(yaml)).config;
      const all = source.kind === "oneroster-rest" && source.auth.kind === "oauth2" ? source.auth.scopes : [];
      return all.map((scope) => scope.replace(/.*\//, ""));
    };
    expect(await scopes(QMLATIV)).toEqual([]);
    expect(await scopes(qmlativ)).toEqual(["roster.readonly"]);
    expect(await scopes(qmlativ + CANVAS)).toEqual([
      "roster.readonly",
      "gradebook.readonly",
      "gradebook.createput",
    ]);
  });

  it("does not get grades by it", async () => {
    const { config } = await load(QMLATIV);
    expect(config.grades).toBeUndefined();
    const withGrades = await load(QMLATIV + CANVAS);
    expect(withGrades.profile.set).toContainEqual({ key: "grades.categories.whenUnmatched", value: "error" });
  });

  it("is told where to find what only its owner can say", async () => {
    expect(await problems(withProfile("qmlativ").replace("    kind: oauth1\n", ""))).toEqual([
      "6:5: source.auth.tokenUrl: is missing; expected a URL. Qmlativ states it with the credentials; it ends in /oauth/token.",
    ]);
    expect(await problems(withProfile("q").replace("    kind: oauth1\n", ""))).toEqual([
      "6:5: source.auth.kind: is missing; expected one of oauth1, oauth2, bearer. oauth1 or oauth2, as Aequitas states; where a token URL comes with the credentials it is oauth2.",
    ]);
  });

  it("is told of a profile's name that is nearly right, and of nothing that only follows from it", async () => {
    expect(await problems(QMLATIV.replace("qmlativ", "qmlatv"))).toEqual([
      '3:12: source.profile: expected one of generic, classlink, q, qmlativ; did you mean "qmlativ"?',
    ]);
  });

  it("means something else than without it: its fingerprint is another", async () => {
    const [generic, qmlativ] = [await load(VALID), await load(withProfile("qmlativ"))];
    expect(generic.digest).not.toBe(qmlativ.digest);
  });
});

describe("the profile generic", () => {
  it("sets nothing, so that its config is what is written", () => {
    const tree = { source: { profile: "generic", url: "https://sis.example.org" }, grades: {} };
    expect(applyProfile(tree)).toMatchObject({ tree, set: [], overridden: [] });
  });
});

describe("grade passback", () => {
  it("is refused for ClassLink alone, in a sentence", () => {
    const refused = PROFILE_NAMES.filter((name) => gradesUnsupported(readProfile(name)) !== undefined);
    expect(refused).toEqual(["classlink"]);
    expect(gradesUnsupported(readProfile("classlink"))).toMatch(/^ClassLink does not support grade passback/);
  });
});

function isRefusal(grades: unknown): boolean {
  return isMapping(grades) && "unsupported" in grades;
}

function keysOf(tree: Record<string, unknown>, way = ""): string[] {
  return Object.entries(tree).flatMap(([name, value]) =>
    isMapping(value) ? keysOf(value, `${way}${name}.`) : [`${way}${name}`],
  );
}

function valueIn(tree: unknown, key: string): unknown {
  return key.split(".").reduce((value, name) => (isMapping(value) ? value[name] : undefined), tree);
}

/** As somebody would answer what is null, and what every way to sign in needs. */
function answered(source: Record<string, unknown>): Record<string, unknown> {
  const auth = isMapping(source["auth"]) ? source["auth"] : {};
  return {
    ...source,
    url: "https://sis.example.org/ims/oneroster/v1p1",
    auth: {
      ...auth,
      kind: auth["kind"] ?? "oauth1",
      key: "oakdale",
      secret: { env: "ONEROSTER_SECRET" },
      ...("tokenUrl" in auth && { tokenUrl: "https://sis.example.org/token" }),
    },
  };
}
