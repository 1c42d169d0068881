import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EXIT_CODES } from "../../config/failure.ts";
import { commandLine } from "./command-line.ts";
import { codeOf, page, pages, ROOT } from "./pages.ts";

const { options, unbuilt } = await commandLine();
const commands = [...options.keys()].filter((name) => name !== "");
const everyOption = new Set([...options.values()].flat());
const code = pages().flatMap(codeOf);

describe("the documentation of the command line", () => {
  it("is held against the program's own help", () => {
    expect(commands).toContain("roster");
    expect(options.get("roster")).toContain("--dry-run");
    expect(options.get("")).toContain("--config");
  });

  it.each(commands)("names the command %s", (command) => {
    expect(code.some((words) => words === command || words.includes(`rosterbridge ${command}`))).toBe(true);
  });

  it.each(commands)("has the command %s in the README's list", (command) => {
    const [, chapter] = page("README.md").text.split(/^## Commands$/m);
    expect(chapter).toMatch(new RegExp(`^\\| \`rosterbridge ${command}\\b`, "m"));
  });

  it.each([...everyOption])("names the option %s", (option) => {
    expect(code.some((words) => words.split(/[\s[\]]+/).includes(option))).toBe(true);
  });

  it("says in the README which commands are not there yet, and of no other", () => {
    const [, chapter] = page("README.md").text.split(/^## What it does not do yet$/m);
    const said = codeOf({ path: "README.md", text: chapter?.split(/^## /m)[0] ?? "" });
    expect(commands.filter((command) => said.includes(command))).toEqual(unbuilt);
  });

  it("calls no command that there is not", () => {
    const unknown = code.filter((words) =>
      [...words.matchAll(/(?<!sudo -u )\brosterbridge (?:-- )?([a-z]+)\b(?![./@])/g)].some(
        ([, word]) => !commands.includes(word ?? "") && word !== "rosterbridge",
      ),
    );
    expect(unknown).toEqual([]);
  });

  it("gives a command no option that it does not have", () => {
    const wrong = [...code, ...unitsAndCron()].flatMap((words) =>
      [
        ...words.matchAll(/\brosterbridge (?:-- )?(roster|grades|rerun|runs|show|schema|demo)\b([^#|;&]*)/g),
      ].flatMap(([, command, rest]) =>
        [...(rest ?? "").matchAll(/--[a-z-]+/g)]
          .filter(([option]) => !options.get(command ?? "")?.includes(option))
          .map(([option]) => `${command ?? ""} ${option}`),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it.each(Object.values(EXIT_CODES))("explains exit code %i in the README", (exitCode) => {
    expect(page("README.md").text).toMatch(new RegExp(`^\\| ${exitCode} +\\| \\w+ +\\| \\S`, "m"));
  });

  it.each(Object.values(EXIT_CODES))("says what to do after exit code %i", (exitCode) => {
    const headings = [...page("docs/operations.md").text.matchAll(/^### ([\d and]+):/gm)];
    expect(headings.flatMap(([, codes]) => codes?.split(" and ") ?? [])).toContain(String(exitCode));
  });
});

function unitsAndCron(): string[] {
  const unit = readFileSync(join(ROOT, "docs/systemd/rosterbridge@.service"), "utf8");
  const cron = readFileSync(join(ROOT, "docs/cron.d/rosterbridge"), "utf8");
  const offered = cron.replaceAll(/^#(?=\d)/gm, "");
  return [unit.replaceAll("rosterbridge %i", "rosterbridge roster"), offered].flatMap((text) =>
    text.split("\n").filter((line) => !line.startsWith("#")),
  );
}
