import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CANVAS_FILES } from "../../../../mappers/canvas-files.ts";
import { DEFAULTS, lastOf } from "./delivered.ts";
import { settle } from "./night.ts";
import { course, enrollment, school, section, user } from "./rows.ts";

describe("the baseline of a night", () => {
  it("holds every row of every file, with the record that gave it", async () => {
    const { rows, baseline } = await lastOf([
      school({
        courses: [course("algebra_fall", { source_id: "b" }), course("algebra_fall", { source_id: "a" })],
        sections: [section("a", { course_id: "algebra_fall" }), section("b", { course_id: "algebra_fall" })],
        users: [
          user("r-1", { user_id: "alice" }),
          user("r-2", { user_id: "alice", status: "suspended" }),
        ].map((row) => ({ ...row, last_name: "Lee" })),
        enrollments: [
          enrollment("r-1@a", { sourced_id: "e-1", end_date: "2026-10-01T23:59:59Z" }),
          enrollment("r-1@a", { sourced_id: "e-2" }),
        ],
      }),
    ]);
    const records = Object.values(baseline).flatMap((file) =>
      file.map((row) => `${row["source_type"] ?? ""} ${row["source_id"] ?? ""}`),
    );
    expect(records.toSorted()).toEqual([
      "academicSessions fall",
      "classes a",
      "classes a",
      "classes art",
      "classes art",
      "classes b",
      "classes math",
      "classes math",
      "enrollments e-2",
      "orgs school",
      "users r-1",
    ]);
    for (const file of Object.keys(CANVAS_FILES) as (keyof typeof CANVAS_FILES)[]) {
      expect(baseline[file]).toHaveLength(rows[file].length);
      for (const row of rows[file]) expect(baseline[file]).toContainEqual(expect.objectContaining(row));
    }
  });

  it("is the same whatever the delivery mode, as long as nothing is missing", async () => {
    const night = school({ users: [user("alice")], enrollments: [enrollment("alice@math")] });
    const [full, diffing, changes] = await Promise.all(
      (["full", "diffing", "changes"] as const).map((mode) => lastOf([night, night], { mode })),
    );
    const sorted = (rows: object) => JSON.stringify(rows).split("},{").toSorted();
    expect(sorted(diffing!.baseline)).toEqual(sorted(full!.baseline));
    expect(sorted(changes!.baseline)).toEqual(sorted(full!.baseline));
  });

  it("comes back with every value as it was, of whatever characters", async () => {
    const odd = user("alice", { first_name: 'Ann "Ä", b\n', last_name: "#1, \r", email: "" });
    const night = school({ users: [odd], enrollments: [enrollment("alice@math")] });
    const { changes } = await lastOf([night, night]);
    expect(changes).toEqual([]);
  });

  it("is read by its header: a column that is configured since then was blank", async () => {
    const input = (more: Record<string, string>) =>
      school({ users: [user("alice", more)], enrollments: [enrollment("alice@math")] });
    const folder = mkdtempSync(join(tmpdir(), "baseline-"));
    try {
      await settle(input({}), { baseline: folder });
      const { changes } = await settle(input({ integration_id: "i-1" }), {
        last: { folder, missing: DEFAULTS, repeatNights: 3 },
        userColumns: [...CANVAS_FILES.users, "integration_id"],
      });
      expect(changes).toEqual([
        {
          file: "users",
          key: "alice",
          change: "changed",
          column: "integration_id",
          before: "",
          after: "i-1",
        },
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
