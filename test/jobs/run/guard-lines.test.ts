import { describe, expect, it } from "vitest";
import type { GuardEntry, Manifest } from "../../../jobs/run/manifest.ts";
import { summary } from "../../../jobs/run/summary.ts";
import { manifest } from "./manifests.ts";

const RUN = "20261121T020003Z-roster";
const GUARD: GuardEntry = {
  violations: [
    {
      rule: "removed-percent",
      file: "enrollments",
      account_id: "103",
      message: "Lincoln High: 612 of 655 enrollments would be deleted (93 %, limit 10 %)",
    },
  ],
  causes: ["Lincoln High (103) has lost everything."],
  accepted: null,
};
const shown = (more: Partial<Manifest>) => summary(manifest(RUN, more), "/runs/r");

describe("the summary of a night", () => {
  it("that is held says why, what it looks like, and the one command that lets it through", () => {
    const error = { stage: null, code: "held.guard", message: "This night waits", hint: "Look" };
    expect(shown({ status: "held", exitCode: 4, guard: GUARD, errors: [error] })).toMatchInlineSnapshot(`
      "20261121T020003Z-roster is HELD: a person must decide
        2026-11-21T02:00:03.000Z to 2026-11-21T02:04:08.500Z (245.5 s), exit code 4
        guard     holds this night, over 1 limit
          ✗ Lincoln High: 612 of 655 enrollments would be deleted (93 %, limit 10 %)
          ? Lincoln High (103) has lost everything.
          → Is this what Canvas should be told? Then: rosterbridge rerun 20261121T020003Z-roster --accept-changes
        stages    
        delivered nothing: Canvas stays as it was
        files     /runs/r
      "
    `);
  });

  it("that was let through says who did so, when and how", () => {
    const accepted = { by: "ops@host", at: "2026-11-21T07:10:00.000Z", how: "rerun --accept-changes" };
    expect(shown({ guard: { ...GUARD, accepted } })).toContain(
      "  guard     over 1 limit, accepted by ops@host at 2026-11-21T07:10:00.000Z (rerun --accept-changes)\n" +
        "    ✗ Lincoln High: 612 of 655",
    );
  });

  it("of which nothing was to be sent says that it would be held", () => {
    const text = shown({
      dryRun: true,
      guard: { ...GUARD, violations: [...GUARD.violations, ...GUARD.violations] },
    });
    expect(text).toContain("  guard     would hold this night, over 2 limits\n");
    expect(text).toContain(": rosterbridge roster --accept-changes\n");
  });

  it("says nothing of guards that let it pass, or were not asked", () => {
    expect(shown({ guard: { violations: [], causes: [], accepted: null } })).not.toContain("guard");
    expect(shown({ guard: null })).not.toContain("guard");
  });

  it("counts what is new, changed and gone, file by file", () => {
    const files = {
      users: { rows: 1_190, added: 12, changed: 3, removed: 1, unchanged: 1_175 },
      terms: { rows: 4, added: 0, changed: 0, removed: 0, unchanged: 4 },
    };
    expect(shown({ files })).toContain("to Canvas 1,190 users (12 added, 3 changed, 1 removed) · 4 terms\n");
    expect(shown({ files: { users: { ...files.users, changed: 3, suspended: 2 } } })).toContain(
      "to Canvas 1,190 users (12 added, 1 changed, 2 suspended by the SIS, 1 removed)\n",
    );
  });
});
