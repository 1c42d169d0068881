import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createScrubber } from "../../../config/scrub.ts";
import { manifestFile, readManifest, writeManifest } from "../../../jobs/run/manifest.ts";
import { manifest } from "./manifests.ts";
import { start } from "./process.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "manifest-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the manifest", () => {
  it("is read as it was written", () => {
    const written = manifest("20261121T020003Z-roster", {
      errors: [{ stage: null, code: "a.b", message: "é 🦉\n", hint: "" }],
    });
    writeManifest(folder, written, (text) => text);
    expect(readManifest(folder)).toEqual(written);
  });

  it("is whole at whatever moment its writer is killed", async () => {
    for (let round = 0; round < 6; round++) {
      const writer = start("write-manifests.ts", [folder]);
      await writer.says("writing");
      // Reading while it is replaced, as `runs` does, sees a whole one each time.
      for (let look = 0; look < 40; look++) readManifest(folder);
      writer.kill("SIGKILL");
      await writer.ended;
      expect(readManifest(folder).run).toMatch(/^run-\d+$/);
    }
  });

  it("is refused when it is none", () => {
    writeFileSync(manifestFile(folder), "{");
    expect(() => readManifest(folder)).toThrow(SyntaxError);
  });
});

describe("secrets in the manifest", () => {
  const scrubbed = (secret: string) => {
    const scrubber = createScrubber();
    scrubber.add(secret);
    const written = manifest("20261121T020003Z-roster", {
      errors: [
        {
          stage: "extract",
          code: "source.unauthorized",
          message: `GET /?key=${secret} said ${secret}`,
          hint: secret,
        },
      ],
      warnings: [{ type: "users", field: "email", reason: secret, count: 2026, examples: [secret] }],
      package: { file: "p.zip", sha256: "0", bytes: 120_260 },
      delivery: { kind: "sftp", target: `/in/${secret}.zip`, verified: true },
    });
    writeManifest(folder, written, (text) => scrubber.scrub(text));
    return { written, text: readFileSync(manifestFile(folder), "utf8") };
  };

  it("are taken out of every text from outside", () => {
    const { text } = scrubbed('s3cr3t\\/"x');
    expect(text).not.toContain("s3cr3t");
    expect(readManifest(folder).errors).toEqual([
      {
        stage: "extract",
        code: "source.unauthorized",
        message: "GET /?key=[secret] said [secret]",
        hint: "[secret]",
      },
    ]);
    expect(readManifest(folder)).toMatchObject({
      warnings: [{ examples: ["[secret]"] }],
      delivery: { target: "/in/[secret].zip" },
    });
  });

  it.each(["2026", "1202", "true", "null", "errors", "oakdale", "roster", "extract"])(
    "leave it true and readable, whatever they are: %s",
    (secret) => {
      const { written } = scrubbed(secret);
      const { run, status, startedAt, stages, institution, package: kept } = readManifest(folder);
      expect({ run, status, startedAt, stages, institution, package: kept }).toEqual({
        ...{ run: written.run, status: written.status, startedAt: written.startedAt, stages: written.stages },
        ...{ institution: written.institution, package: written.package },
      });
    },
  );
});
