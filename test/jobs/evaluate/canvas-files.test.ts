import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { underFileLimit } from "../../connectors/store/file-limit.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "canvas-files-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it("a report of which a part was written is not compared as if it were the whole", () => {
  const script = `
    const rows = Array.from({ length: 5000 }, (_, n) => "u-" + n + ",login-" + n + ",Ada,Byron,active\\n");
    const text = "user_id,login_id,first_name,last_name,status\\n" + rows.join("");
    const file = { name: "users.csv", modified: new Date(), async *read() { yield Buffer.from(text); } };
    const report = { files: [{ kind: "users", indexes: [0, 1, 2, 3, 4, -1, -1, -1], file }] };
    const kept = await on.keepReport(report, ${JSON.stringify(folder)}, new AbortController().signal);
    console.log("kept", kept.rows.users);`;
  const said = underFileLimit("jobs/evaluate/canvas-files.ts", script);
  expect(said).toContain("EFBIG");
  expect(said).not.toContain("kept");
});
