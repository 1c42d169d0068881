import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SandboxSis } from "../../jobs/demo/sis.ts";
import { logLines, makeHome, sourceOf, startSis } from "./night-kit.ts";

let sis: SandboxSis & AsyncDisposable;
beforeAll(async () => {
  sis = await startSis();
});
afterAll(() => sis[Symbol.asyncDispose]());

const CANVAS = { source: { kind: "canvas-data", path: "dap" } };

function homeOf(profile: string, sections: Record<string, unknown> = {}) {
  return makeHome({ source: sourceOf(sis, undefined, { profile }), ...sections });
}

interface Check {
  name: string;
  status: string;
  message: string;
  hint: string;
}

async function checksOf(home: ReturnType<typeof makeHome>) {
  const { code, stdout } = await home.call(["check", "--json"]);
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  return { code, of: (name: string) => checks.filter((one) => one.name === name) };
}

describe("check", () => {
  it("shows what the profile sets, and what the config says otherwise", async () => {
    await using home = homeOf("qmlativ", { grades: CANVAS });
    const { of } = await checksOf(home);
    expect(of("profile")).toEqual([
      expect.objectContaining({
        status: "ok",
        message: [
          "qmlativ (Skyward Qmlativ)",
          "sets grades.categories.whenUnmatched: error",
          'sets source.version: "1.1"',
          "would set, but the config says otherwise: source.auth.kind: oauth2",
        ].join("\n"),
      }),
    ]);
  });

  it("shows what is to be known of the SIS, as warnings that hinder nothing", async () => {
    await using home = homeOf("qmlativ", { grades: CANVAS });
    const warnings = (await checksOf(home)).of("qmlativ");
    expect(warnings.map(({ status }) => status)).toEqual(["warn", "warn", "warn"]);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/expiration date/),
      expect.stringMatching(/earliest start to the latest end/),
      expect.stringMatching(/creates it there again at every sync/),
    ]);
    expect(warnings.filter(({ hint }) => hint === "")).toEqual([]);
  });

  it("says of a generic SIS that nothing is set", async () => {
    await using home = homeOf("generic");
    expect((await checksOf(home)).of("profile")).toEqual([
      expect.objectContaining({
        status: "ok",
        message: "generic (OneRoster) sets nothing that the config does not say",
      }),
    ]);
  });

  it("says of a ClassLink config with grades that there will be none", async () => {
    await using home = homeOf("classlink", { grades: CANVAS });
    const { code, of } = await checksOf(home);
    expect(code).toBe(0);
    expect(of("grades")).toEqual([
      expect.objectContaining({
        status: "warn",
        message: expect.stringMatching(/^ClassLink does not support grade passback/) as string,
      }),
    ]);
  });
});

describe("a night", () => {
  it("logs what is to be known of rosters of this SIS, and nothing of its grades", async () => {
    await using home = homeOf("qmlativ", { grades: CANVAS });
    const { code, stderr } = await home.call(["roster"]);
    expect(code).toBe(0);
    expect(logLines(stderr).filter(({ level, msg }) => level === 40 && /Qmlativ/.test(String(msg)))).toEqual([
      expect.objectContaining({
        msg: expect.stringMatching(/^Terms of Qmlativ/) as string,
        hint: expect.stringContaining("rosterbridge plan") as string,
      }),
    ]);
  });

  it("of ClassLink is delivered although its config has grades", async () => {
    await using home = homeOf("classlink", { grades: CANVAS });
    expect((await home.call(["roster"])).code).toBe(0);
    expect(home.delivered()).toHaveLength(1);
  });
});

describe("grades of ClassLink", () => {
  it.each([
    ["with a grades section", { grades: CANVAS }],
    ["without one", {}],
  ])("are refused %s, and nothing is touched", async (_, sections) => {
    await using home = homeOf("classlink", sections);
    const asked = sis.requests.length;
    const { code, stderr } = await home.call(["grades"]);
    expect(code).toBe(2);
    expect(logLines(stderr)).toEqual([
      expect.objectContaining({
        code: "usage.no-gradebook",
        msg: "ClassLink does not support grade passback: it shares the rosters of the SIS behind it, and takes nothing back.",
      }),
    ]);
    expect(home.runs()).toEqual([]);
    expect(sis.requests.length).toBe(asked);
  });
});
