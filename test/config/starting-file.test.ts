import { describe, expect, it } from "vitest";
import { loadConfig } from "../../config/load.ts";
import { PROFILE_NAMES, readProfile } from "../../config/profiles.ts";
import { startingFile } from "../../config/starting-file.ts";
import { filledIn, SECRETS, uncommented } from "./filled-in.ts";
import { inFolder, problems } from "./workspace.ts";

const fileFor = (name: string) => startingFile(name, readProfile(name));

function load(yaml: string) {
  return inFolder({ "rosterbridge.yaml": yaml, id_ed25519: "a private key" }, (folder) =>
    loadConfig(`${folder}/rosterbridge.yaml`, { env: SECRETS }),
  );
}

describe.each(PROFILE_NAMES)("a new config for %s", (name) => {
  const text = fileFor(name);

  it("loads once it is filled in, and has the profile's own values", async () => {
    const { config, profile } = await load(filledIn(text));
    expect(config.source).toMatchObject({ profile: name, version: "1.1", kind: "oneroster-rest" });
    expect(config.institution.id).toBe("oakdale");
    expect(profile.overridden).toEqual([]);
  });

  it("is refused until it is, with every line that is still to be filled in", async () => {
    const open = text
      .split("\n")
      .flatMap((line, index) => (/^ *\w+: <fill in>$/.test(line) ? [index + 1] : []));
    const found = await problems(text, { sections: [] });
    expect(open.length).toBeGreaterThan(5);
    expect(found).toHaveLength(open.length);
    for (const [index, problem] of found.entries()) {
      expect(problem).toMatch(
        new RegExp(
          `^${String(open[index])}:\\d+: \\S+: is still to be filled in; the lines above it say with what$`,
        ),
      );
    }
  });

  it("holds no value of its own: without its # every setting says what it says anyway", async () => {
    const plain = await load(filledIn(text));
    const bare = filledIn(uncommented(withoutExamples(text)));
    expect(bare.split("\n").length).toBe(withoutExamples(text).split("\n").length);
    const { config } = await load(bare);
    const rest = { state: plain.config.state, grades: undefined };
    expect({ ...config, ...rest }).toEqual({ ...plain.config, ...rest });
    expect(config.grades === undefined).toBe(name === "classlink");
  });

  it("is narrow enough for a terminal", () => {
    expect(text.split("\n").filter((line) => line.length > 110)).toEqual([]);
  });
});

describe("a new config", () => {
  it("says what the profile knows, where it is to be filled in", () => {
    const qmlativ = fileFor("qmlativ");
    expect(qmlativ).toMatch(/ends in \/oauth\/token\.\n {4}tokenUrl: <fill in>\n/);
    expect(qmlativ).toContain("    kind: oauth2\n");
    expect(qmlativ).toMatch(/creates it\n# there again at every sync/);
  });

  it.each(["oauth1", "oauth2", "bearer"])("for Q can be made one that signs in with %s", async (kind) => {
    const chosen = filledIn(fileFor("q"), { kind });
    const written = {
      oauth1: chosen,
      oauth2: filledIn(chosen.replace(/^#( +tokenUrl:)/m, "$1")),
      bearer: chosen.replace(/^#( +token:)/m, "$1").replaceAll(/^ +(key|secret): .*\n/gm, ""),
    }[kind];
    const { config } = await load(written ?? "");
    expect(config.source).toMatchObject({ auth: { kind } });
  });

  it("for ClassLink can be made one that goes by its proxy", async () => {
    const url = "https://oneroster-proxy.classlink.io/MoYPlyQWmG0%3D/ims/oneroster/v1p1";
    const text = filledIn(fileFor("classlink"), { url })
      .replace("kind: oauth1", "kind: bearer")
      .replace(/^#( +token:)/m, "$1")
      .replaceAll(/^ +(key|secret): .*\n/gm, "");
    const { config } = await load(text);
    expect(config.source).toMatchObject({ url, auth: { kind: "bearer" } });
  });

  it("says how to read files instead, and asks to fill in nothing that they have no use for", async () => {
    const text = fileFor("generic");
    expect(text).toContain("source: { kind: oneroster-csv, path: ./from-sis }");
    const found = await problems(text.replace("kind: oneroster-rest", "kind: oneroster-csv"), {
      sections: [],
    });
    const ofSource = found.filter((line) => line.includes(" source."));
    expect(ofSource.map((line) => line.replace(/^\d+:\d+: /, ""))).toEqual([
      "source.path: is missing; expected text",
      "source.url: not with this kind: only kind oneroster-rest has it",
      "source.auth: not with this kind: only kind oneroster-rest has it",
    ]);
    expect(found.join()).toContain("delivery.host: is still to be filled in");
  });

  it("for ClassLink has no grades, and says why", () => {
    expect(fileFor("classlink")).toContain("# No grades: ClassLink does not support grade passback");
    expect(fileFor("classlink")).not.toMatch(/^#?grades:/m);
  });
});

/** Without the settings that have no default, and so only an example. */
function withoutExamples(text: string): string {
  return text
    .replaceAll(/^#.*\b(passphrase|password|token|tokenUrl|scopes|credentialsIn):.*$/gm, (line) =>
      line.includes("CANVAS_TOKEN") ? line : "# ",
    )
    .replaceAll(/^# {4}merge:$|^# {6}pattern:.*$/gm, "# ");
}
