import { describe, expect, it } from "vitest";
import { night, settle } from "./night.ts";
import { account, column, course, enrollment, section, term, user } from "./rows.ts";

describe("a night that is larger than its memory", () => {
  it("goes to disk, gives the same, and leaves nothing behind", async () => {
    const classes = Array.from({ length: 4000 }, (_, n) => `class-${n}`);
    const students = Array.from({ length: 20_000 }, (_, n) => `student-${n}`);
    const input = night({
      accounts: [account("school")],
      terms: [term("fall")],
      courses: classes.map((id) => course(id)),
      sections: classes.map((id) => section(id)),
      users: students.map((id) => user(id, { email: `${id}@${"long.".repeat(30)}example.org` })),
      enrollments: students.flatMap((id, n) =>
        Array.from({ length: 5 }, (_, k) =>
          enrollment(`${id}@class-${(n * 7 + k * 801) % 4000}`, { modified: "m".repeat(120) }),
        ),
      ),
    });
    const { rows, rejects, leftovers } = await settle(input, { memoryLimitMb: 40 });
    expect(rejects).toEqual([]);
    expect(rows.users).toHaveLength(20_000);
    expect(rows.enrollments).toHaveLength(100_000);
    const keys = rows.enrollments.map((row) => `${row["section_id"] ?? ""},${row["user_id"] ?? ""}`);
    expect(keys).toEqual(keys.toSorted());
    expect(column(rows.users, "user_id")).toEqual(students.toSorted());
    expect(leftovers).toEqual([]);
  });
});
