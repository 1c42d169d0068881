import { describe, expect, it } from "vitest";
import { summary } from "../../../jobs/run/summary.ts";
import { manifest } from "./manifests.ts";

const stages = (...statuses: ("ok" | "failed" | "skipped")[]) =>
  statuses.map((status, n) => ({
    name: ["extract", "map", "check"][n] ?? "",
    status,
    startedAt: null,
    finishedAt: null,
  }));

describe("summary", () => {
  it("shows a night that went well", () => {
    const night = manifest("20261121T020003Z-roster", {
      stages: stages("ok", "ok", "ok"),
      extracted: {
        users: {
          records: 61_204,
          rejected: 2,
          pages: 62,
          gone: 17,
          leftOut: { "not enrolled": 3, other: 1 },
        },
        orgs: { records: 6, rejected: 0, pages: 1, gone: 0, leftOut: {} },
      },
      files: { users: { rows: 61_181 }, accounts: { rows: 6 } },
      warnings: [
        {
          type: "users",
          field: "email",
          reason: "sent blank",
          count: 1200,
          examples: ["u1", "u2", "u3", "u4"],
        },
      ],
      package: { file: "oakdale.zip", sha256: "0", bytes: 1_234_567 },
      delivery: { kind: "sftp", target: "/incoming/oakdale.zip", verified: true },
    });
    expect(summary(night, "/var/runs/x")).toBe(`20261121T020003Z-roster ended well
  2026-11-21T02:00:03.000Z to 2026-11-21T02:04:08.500Z (245.5 s), exit code 0
  stages    extract ok · map ok · check ok
  from SIS  61,204 users (2 rejected, 17 gone, 4 not wanted) · 6 orgs
  to Canvas 61,181 users · 6 accounts
  ! 1,200 users: email: sent blank (such as u1, u2, u3)
  package   oakdale.zip, 1,234,567 bytes
  delivered /incoming/oakdale.zip (sftp, verified)
  files     /var/runs/x
  rejects   /var/runs/x/rejects.csv
`);
  });

  it("shows what went wrong first, and what to do", () => {
    const night = manifest("20261121T020003Z-roster", {
      status: "failed",
      exitCode: 3,
      stages: stages("failed", "skipped", "skipped"),
      errors: [
        { stage: "extract", code: "source.x", message: "The SIS said\n\u001b[31mno.", hint: "Ask it." },
        { stage: null, code: "internal.x", message: "More.", hint: "" },
      ],
    });
    expect(summary(night, "/var/runs/x")).toBe(`20261121T020003Z-roster FAILED
  2026-11-21T02:00:03.000Z to 2026-11-21T02:04:08.500Z (245.5 s), exit code 3
  ✗ extract: The SIS said [31mno.
    → Ask it.
  ✗ More.
  stages    extract failed · map skipped · check skipped
  delivered nothing: Canvas stays as it was
  files     /var/runs/x
`);
  });

  it.each([
    ["running", undefined, "is running"],
    ["running", "died", "DIED: its process was killed, or the machine was"],
    ["held", undefined, "is HELD: a person must decide"],
    ["paused", undefined, "did nothing: a pause is configured"],
    ["partial", undefined, "ended in part"],
  ] as const)("says in words how it stands: %s, %s", (status, state, words) => {
    const [first, second] = summary(
      manifest("r", { status, finishedAt: null, exitCode: null }),
      "/x",
      state,
    ).split("\n");
    expect(first).toBe(`r ${words}`);
    expect(second).toBe("  since 2026-11-21T02:00:03.000Z");
  });

  it("says of a dry run that nothing was sent", () => {
    const text = summary(manifest("r", { dryRun: true }), "/x");
    expect(text).toContain("r ended well (dry run: nothing was sent)\n");
    expect(text).toContain("  delivered nothing\n");
  });

  it("says that what was delivered was not verified", () => {
    const delivery = { kind: "directory", target: "/in/x.zip", verified: false };
    expect(summary(manifest("r", { delivery }), "/x")).toContain(
      "delivered /in/x.zip (directory, not verified)",
    );
  });
});
