import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Home, makeHome, smallDistrict, sourceOf, startSis } from "../night-kit.ts";

/** As if the run had begun so many hours earlier. */
function age(home: Home, hours: number): void {
  const file = join(home.runFolder(), "manifest.json");
  const { startedAt } = home.manifest();
  const earlier = new Date(Date.parse(startedAt) - hours * 3_600_000).toISOString();
  writeFileSync(file, readFileSync(file, "utf8").replaceAll(startedAt, earlier));
}

describe("a collection that was read to its end before the night failed", () => {
  it.for<[hours: number, becomes: string, pages: (all: number) => number]>([
    [11, "is kept in the same night", () => 1],
    [13, "is read again later, as records may have changed places", (all) => all],
  ])("%i hours ago %s", async ([hours, , pages]) => {
    await using sis = await startSis({ district: smallDistrict() });
    // Far behind: smaller collections are whole by then.
    sis.failNext({ path: /^\/enrollments\?.*offset=300\b/, answer: { status: 403 } });
    await using home = makeHome({
      source: sourceOf(sis, undefined, { pageSize: 20, concurrency: 1, pageConcurrency: 1, retries: 0 }),
    });
    const asked = () => sis.requests.filter(({ path }) => path === "/users").length;
    expect((await home.call(["roster"])).code).toBe(3);
    const first = asked();
    expect(first).toBeGreaterThan(2);
    age(home, hours);
    expect((await home.call(["rerun"])).code).toBe(0);
    expect(asked() - first).toBe(pages(first));
  });
});
