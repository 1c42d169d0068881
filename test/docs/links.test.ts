import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { anchors, codeOf, page, pages, ROOT, type Page } from "./pages.ts";

describe("links", () => {
  it.each(pages().map(({ path }) => path))("of %s all lead somewhere", (path) => {
    const broken = linksOf(page(path)).filter(({ file, anchor }) => !isThere(file, anchor));
    expect(broken).toEqual([]);
  });

  it("and paths of the project's files, as code, are right", () => {
    const paths = pages().flatMap((one) =>
      codeOf(one).filter((words) => /^(jobs|mappers|connectors|config|test|docs)\/[\w./-]+$/.test(words)),
    );
    expect(paths).toContain("mappers/canvas-files.ts");
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it("stay inside the package that npm pack makes", () => {
    const packed = [...manifest.files, "README.md", "LICENSE"];
    const inPackage = (file: string) => packed.some((one) => file === one || file.startsWith(`${one}/`));
    const leaving = pages()
      .filter(({ path }) => inPackage(path))
      .flatMap(linksOf)
      .filter(({ file }) => !inPackage(file));
    expect(leaving).toEqual([]);
  });
});

interface Link {
  /** From the root of the project. */
  file: string;
  anchor: string | undefined;
}

function linksOf({ path, text }: Page): Link[] {
  const prose = text.replaceAll(/^```\w*\n.*?^```$/gms, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target ?? "")
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = "", anchor] = target.split("#");
      return { file: file === "" ? path : posix.join(posix.dirname(path), file), anchor };
    });
}

function isThere(file: string, anchor: string | undefined): boolean {
  if (!existsSync(join(ROOT, file))) return false;
  return anchor === undefined || anchors(page(file)).includes(anchor);
}
