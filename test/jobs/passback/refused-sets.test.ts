import { afterAll, describe, expect, it } from "vitest";
import { until } from "../night-kit.ts";
import { env, forgetNights, inCanvas, inSis, type Semester, startSemester } from "./semester.ts";

afterAll(forgetNights);

const SET_REFUSED = { status: 422, words: "try it by itself" };

/** A SIS that stores a set record by record, and refuses every third one of a set; it takes each of them by itself. */
async function startPartly(putLatencyMs = 0): Promise<Semester> {
  const semester = await startSemester({
    students: 20,
    gradebook: { endpoints: "modified", bulk: true, sets: "one-by-one", putLatencyMs },
    grades: { endpoints: "modified", bulk: true },
  });
  let seen = 0;
  // Only records of a set have a sourcedId here.
  const match = (body: Record<string, unknown>) => body["sourcedId"] !== undefined && ++seen % 3 === 0;
  semester.sis.gradebook.refuse({ ...SET_REFUSED, match });
  return semester;
}

describe("a set that the SIS refuses after it has stored a part of it", () => {
  it("is in the SIS once, though the SIS gives the ids and its records are sent again by themselves", async () => {
    await using semester = await startPartly();
    const { code, writes } = await semester.pass();
    expect(code).toBe(0);
    expect(writes["PUT results"]).toBeGreaterThan(5);
    const { results, lineItems } = semester.sis.gradebook;
    expect(writes["PUT results"]).toBeLessThan(results.size);
    expect(writes["PUT lineItems"]).toBeLessThan(lineItems.size);
    expect(inSis(semester)).toEqual(inCanvas(semester));
    expect((await semester.pass()).writes).toEqual({});
  });

  it("is so after runs that were killed at any moment", async () => {
    await using semester = await startPartly(15);
    const { home } = semester;
    const { writes } = semester.sis.gradebook;
    for (const [turn, more] of [1, 4, 25].entries()) {
      const enough = writes.length + more;
      const run = home.start(turn % 2 === 0 ? ["grades", "--quiet"] : ["rerun", "--quiet"], { env });
      await until("something is sent", () => writes.length >= enough || run.process.exitCode !== null);
      run.process.kill("SIGKILL");
      await run.ended;
    }
    const { code, stderr } = await semester.pass();
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(inSis(semester)).toEqual(inCanvas(semester));
    expect((await semester.pass()).writes).toEqual({});
  });

  it("is not sent again where the class cannot be read, and is found by the next run", async () => {
    await using semester = await startPartly();
    semester.sis.failNext({
      path: /\/classes\/[^/]+\/results/,
      times: 3,
      answer: { status: 403, body: "not now" },
    });
    const { code } = await semester.pass();
    expect(code).toBe(6);
    const unsure = semester.rows().filter(({ outcome }) => outcome === "unknown");
    expect(unsure.length).toBeGreaterThan(3);
    for (const row of unsure)
      expect(row["sis_message"]).toMatch(
        /^It refused the set \(.*try it by itself.*\); of this record, the SIS's /,
      );
    expect((await semester.pass()).code).toBe(0);
    expect(inSis(semester)).toEqual(inCanvas(semester));
  });
});
