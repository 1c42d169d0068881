import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Row } from "../../../jobs/csv-reader.ts";
import { compareWorlds, person } from "./worlds.ts";

/** Canvas's importer: rows in any order; what it says of a row, where it refuses it. */
function importChanges(rows: readonly Row[], ids: readonly string[]): string[] {
  const there = new Set(ids);
  const refused: string[] = [];
  for (const { old_id = "", new_id = "" } of rows) {
    if (!there.has(old_id)) refused.push(`An old_id, '${old_id}', referenced a non-existent user`);
    else if (there.has(new_id)) refused.push(`A new_id, '${new_id}', referenced an existing user`);
    else {
      there.delete(old_id);
      there.add(new_id);
    }
  }
  return refused;
}

describe("change_sis_id.csv", () => {
  it("proposes the end of a chain, and says of the rest that it must wait", async () => {
    const people = ["ann", "bob", "cy", "dee"];
    const night = ["B", "C", "D", "C2"].map((id, at) =>
      person(id, people[at] ?? "", `Given${at} Family${at}`),
    );
    const canvas = ["A", "B", "C", "Z"].map((id, at) =>
      person(id, people[at] ?? "", `Given${at} Family${at}`),
    );
    const { changeRows, changes, matches } = await compareWorlds({ users: night }, { users: canvas });
    expect(changeRows).toEqual([
      { old_id: "C", new_id: "D", type: "user" },
      { old_id: "Z", new_id: "C2", type: "user" },
    ]);
    expect(changes).toEqual([{ type: "user", proposed: 2, waits: 2, taken: 0 }]);
    expect(matches.filter((row) => row["change"]?.startsWith("waits"))).toHaveLength(2);
  });

  it("never takes an id that somebody has, be it only somebody who was deleted", async () => {
    const { changeRows, changes } = await compareWorlds(
      { users: [person("7", "ann", "Ann Lee")] },
      { users: [person("A", "ann", "Ann Lee"), person("7", "zed", "Zed Zorn", { status: "deleted" })] },
    );
    expect(changeRows).toEqual([]);
    expect(changes).toEqual([{ type: "user", proposed: 0, waits: 0, taken: 1 }]);
  });

  it("does not touch an id that the report has twice", async () => {
    const { changeRows, types } = await compareWorlds(
      { users: [person("n1", "ann", "Ann Lee")] },
      { users: [person("o1", "ann", "Ann Lee"), person("o1", "ann.b", "Ann Leeds")] },
    );
    expect(changeRows).toEqual([]);
    expect(types.users?.twice).toBe(1);
  });

  it("is accepted by Canvas row by row, in whatever order, and joins nobody wrongly", async () => {
    const someone = fc.record({ who: fc.nat(7), id: fc.nat(9) });
    const people = fc.uniqueArray(someone, { selector: ({ id }) => id, maxLength: 8 });
    // Districts beside each other, of whom none knows of the others: one comparison is many trials.
    const districts = fc.array(fc.record({ night: people, canvas: people, byLogin: fc.boolean() }), {
      minLength: 30,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(districts, fc.infiniteStream(fc.nat()), async (all, order) => {
        const whoIs = { night: new Map<string, string>(), canvas: new Map<string, string>() };
        const world = (side: "night" | "canvas") =>
          all.flatMap(({ byLogin, [side]: some }, district) =>
            // Logins are unique in each world; people who have none in common are known by their address.
            (byLogin ? uniqueBy(some) : some).map(({ who, id }) => {
              const name = `Given${district}x${who} Family${district}x${who}`;
              whoIs[side].set(`d${district}-${id}`, name);
              const login = byLogin ? `login${district}-${who}` : `${side}${district}-${id}`;
              return person(`d${district}-${id}`, login, name, { email: `${district}-${who}@example.org` });
            }),
          );
        const { changeRows } = await compareWorlds({ users: world("night") }, { users: world("canvas") });
        const rows = changeRows
          .map((row) => ({ row, at: Number(order.next().value) }))
          .sort((one, two) => one.at - two.at)
          .map(({ row }) => row);
        expect(importChanges(rows, [...whoIs.canvas.keys()])).toEqual([]);
        expect(new Set(rows.map((row) => row["new_id"])).size).toBe(rows.length);
        for (const { old_id = "", new_id = "" } of rows)
          expect(whoIs.night.get(new_id)).toBe(whoIs.canvas.get(old_id));
      }),
      { numRuns: 3 },
    );
  });
});

function uniqueBy<T extends { who: number }>(all: readonly T[]): T[] {
  return all.filter(({ who }, at) => all.findIndex((other) => other.who === who) === at);
}
