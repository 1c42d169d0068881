import { expect, it } from "vitest";
import { makeHome, sourceOf, startSis } from "../night-kit.ts";

it("is told by the part of the reading that failed, not by those that were stopped for it", async () => {
  await using sis = await startSis();
  for (let round = 0; round < 6; round++) {
    await using home = makeHome({
      source: sourceOf(sis, undefined, { concurrency: 1, pageConcurrency: 1, retries: 0 }),
    });
    sis.failNext({ path: "/enrollments", answer: { status: 500 } });
    sis.failNext({ path: /^\/schools\/.*\/enrollments/, answer: { status: 500 } });
    expect(await home.call(["roster"])).toMatchObject({ code: 3 });
    expect(home.manifest().errors).toMatchObject([{ stage: "extract", code: "source.unavailable" }]);
  }
});
