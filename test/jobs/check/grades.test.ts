import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Grades } from "../../../config/schema/grades.ts";
import type { Finding } from "../../../jobs/check/finding.ts";
import { gradesFindings } from "../../../jobs/check/grades.ts";
import { type SandboxGateway, startSandboxGateway } from "../../../jobs/demo/gateway.ts";
import { secretOf } from "../../connectors/oneroster/reading.ts";

let folder: string;
let gateway: SandboxGateway;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rosterbridge-grades-"));
  gateway = await startSandboxGateway({ folders: ["/reports"] });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await gateway.stop();
});

type Source = Parameters<typeof gradesFindings>[0];

async function findingsOf(source: Source): Promise<Finding[]> {
  const found: Finding[] = [];
  const signal = new AbortController().signal;
  for await (const finding of gradesFindings(source, (text) => text, signal)) found.push(finding);
  return found;
}

const filesAt = (kind: "gradebook-csv" | "grade-export" | "canvas-data", path: string): Source =>
  Grades.parse({ source: { kind, path } }).source;

describe("where grades come from as files", () => {
  it("is a folder with files of that kind, the newest of which is young", async () => {
    writeFileSync(join(folder, "2026-11-21T0803_Grades-ALG1.csv"), "Student\n");
    writeFileSync(join(folder, "notes.txt"), "");
    const [finding] = await findingsOf(filesAt("gradebook-csv", folder));

    expect(finding).toMatchObject({ area: "source", section: "grades", status: "ok" });
    expect(finding?.message).toContain(`1 Gradebook exports in ${folder}`);
  });

  it("is doubted where nothing new has come for a week", async () => {
    const old = join(folder, "old");
    const file = join(mkdtempSync(`${old}-`), "grade_export_csv.zip");
    writeFileSync(file, "");
    const past = new Date(Date.now() - 9.5 * 86_400_000);
    utimesSync(file, past, past);
    const [finding] = await findingsOf(filesAt("grade-export", join(file, "..")));

    expect(finding).toMatchObject({ status: "warn" });
    expect(finding?.message).toMatch(/, 9 days ago$/);
  });

  it("fails where there is no such folder, or nothing in it", async () => {
    const [none] = await findingsOf(filesAt("canvas-data", join(folder, "gone")));
    const [empty] = await findingsOf(filesAt("canvas-data", mkdtempSync(join(folder, "empty-"))));

    expect(none).toMatchObject({ area: "source", status: "fail" });
    expect(none?.hint).toContain("grades.source.path");
    expect(empty).toMatchObject({ status: "fail", hint: "Let the DAP client write its tables there." });
  });

  it("is a place at a gateway, which is only looked at", async () => {
    const { host, port, username, hostKey, privateKey } = gateway;
    const place = (path: string) => {
      const key = { privateKey: { env: "KEY" } };
      const { source } = Grades.parse({
        source: { kind: "grade-export", path: { kind: "sftp", host, port, username, hostKey, path, ...key } },
      });
      if (source.kind !== "grade-export" || typeof source.path === "string") throw new Error("not a place");
      return { ...source, path: { ...source.path, privateKey: secretOf(privateKey) } };
    };
    const [nothing] = await findingsOf(place("/reports"));
    const [gone] = await findingsOf(place("/gone"));

    expect(nothing).toMatchObject({ status: "fail" });
    expect(nothing?.message).toBe(`there are no Grade Export reports in /reports at ${host}`);
    expect(gone).toMatchObject({ area: "source", status: "fail" });
    expect(gone?.message).toContain("The folder /gone cannot be read at the gateway");
    expect(await gateway.files()).toEqual([]);
  });
});
