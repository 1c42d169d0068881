import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { loadConfig } from "../../config/load.ts";
import manifest from "../../package.json" with { type: "json" };
import { fenced, page, ROOT } from "./pages.ts";

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const [README_CONFIG = "", README_GRADES = ""] = fenced(page("README.md"), "yaml");
const [OPERATIONS_CONFIG = "", OPERATIONS_GRADES = ""] = fenced(page("docs/operations.md"), "yaml");

describe("configs that people copy", () => {
  it.each([
    ["of the README", README_CONFIG],
    ["of the README with grades", README_CONFIG + README_GRADES],
    ["of docs/operations.md", OPERATIONS_CONFIG],
    ["of docs/operations.md with grades", OPERATIONS_CONFIG + OPERATIONS_GRADES],
    ["config/examples/minimal.yaml", read("config/examples/minimal.yaml")],
    ["config/examples/oakdale.yaml", read("config/examples/oakdale.yaml")],
  ])("%s load, once their secrets are there", async (_, yaml) => {
    const { config } = await load(yaml);
    expect(config.institution.id).toBe("oakdale");
  });

  it("name as secrets of the systemd service what it hands over", () => {
    const service = read("docs/systemd/rosterbridge@.service");
    const handedOver = [...service.matchAll(/^LoadCredential=([^:]+):\/etc\/rosterbridge\/\1$/gm)];
    const names = (yaml: string) => secretsOf(parse(yaml)).map(({ file }) => file?.replace(/^\.\//, ""));
    expect(handedOver.map(([, name]) => name).sort()).toEqual(
      [...names(OPERATIONS_CONFIG), "rosterbridge.yaml"].sort(),
    );
    const withGrades = [...service.matchAll(/^#LoadCredential=([^:]+):\/etc\/rosterbridge\/\1$/gm)];
    expect(withGrades.map(([, name]) => name)).toEqual(names(OPERATIONS_GRADES));
    expect(service).toContain("--config ${CREDENTIALS_DIRECTORY}/rosterbridge.yaml");
  });

  it("keep the state where the systemd service may write", () => {
    const directory = /^StateDirectory=(.+)$/m.exec(read("docs/systemd/rosterbridge@.service"))?.[1];
    expect(parse(OPERATIONS_CONFIG)).toMatchObject({ state: `/var/lib/${directory ?? ""}` });
  });
});

describe("the systemd timers", () => {
  it.each(["roster", "grades"])("start the job %s by the service", (job) => {
    const timer = read(`docs/systemd/rosterbridge${job === "roster" ? "" : `-${job}`}.timer`);
    expect(timer).toContain(`\nUnit=rosterbridge@${job}.service\n`);
  });
});

describe("the README", () => {
  it("has two commands for a fresh machine, of scripts that there are", () => {
    const [, between] = /<!-- two commands -->(.*?)<!-- end -->/s.exec(page("README.md").text) ?? [];
    const lines = (between ?? "").split("\n").filter((line) => line.startsWith("npm "));
    const scripts = lines.map((line) => /&& npm (?:run )?(\w+)/.exec(line)?.[1] ?? line);
    expect(scripts).toEqual(["demo", "test"]);
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(scripts));
  });

  it("names the package as this version's", () => {
    expect(page("README.md").text).toContain(`rosterbridge-${manifest.version}.tgz`);
    expect(page("docs/operations.md").text).toContain(`rosterbridge-${manifest.version}.tgz`);
  });
});

describe("the changelog", () => {
  it("has a section for this version", () => {
    const versions = [...page("CHANGELOG.md").text.matchAll(/^## (\S+?),? /gm)].map(([, version]) => version);
    expect(versions).toContain(manifest.version);
  });
});

interface Place {
  env?: string;
  file?: string;
}

/** Loads a config in a folder of its own, in which every secret that it names is. */
async function load(yaml: string): ReturnType<typeof loadConfig> {
  const folder = mkdtempSync(join(tmpdir(), "rosterbridge-docs-"));
  try {
    const env: NodeJS.ProcessEnv = {};
    for (const { env: name, file } of secretsOf(parse(yaml))) {
      if (name !== undefined) env[name] = "https://chat.example.org/secret";
      if (file === undefined) continue;
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), "a secret");
    }
    writeFileSync(join(folder, "rosterbridge.yaml"), yaml);
    return await loadConfig(join(folder, "rosterbridge.yaml"), { env });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function secretsOf(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [];
  const keys = Object.keys(value);
  if (keys.length === 1 && (keys[0] === "env" || keys[0] === "file")) return [value];
  return Object.values(value).flatMap(secretsOf);
}
