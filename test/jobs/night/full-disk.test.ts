import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SandboxSis } from "../../../jobs/demo/sis.ts";
import { makeHome, personalData, smallDistrict, sourceOf, startSis } from "../night-kit.ts";

/** A disk of its own in memory needs a right that few accounts have; without it these tests are skipped. */
const canMount = (() => {
  const folder = mkdtempSync(join(tmpdir(), "rosterbridge-disk-"));
  try {
    mount(folder, 64);
    unmount(folder);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
})();

function mount(folder: string, kilobytes: number, how = ""): void {
  const options = `${how}size=${kilobytes}k`;
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder], { stdio: "ignore" });
}

function unmount(folder: string): void {
  execFileSync("umount", ["-l", folder], { stdio: "ignore" });
}

describe.skipIf(!canMount)("a disk that fills up", () => {
  let sis: SandboxSis & AsyncDisposable;
  beforeAll(async () => {
    sis = await startSis();
  });
  afterAll(() => sis[Symbol.asyncDispose]());

  it.for([290, 340, 400, 440])(
    "in the middle of a night (%i KiB) ends it with a clear error and a true manifest, and with room it goes on",
    async (kilobytes) => {
      await using home = makeHome({ source: sourceOf(sis) });
      mkdirSync(home.state);
      mount(home.state, kilobytes);
      try {
        const { code, stderr } = await home.call(["roster"]);
        expect(code, stderr).toBe(1);
        expect(home.delivered()).toEqual([]);
        const { status, exitCode, finishedAt, stages, errors, delivery } = home.manifest();
        expect({ status, exitCode, delivery }).toEqual({ status: "failed", exitCode: 1, delivery: null });
        expect(finishedAt).not.toBeNull();
        // It may be the manifest itself that found no room, after a stage that was done.
        const [failed] = stages.filter(({ status }) => status === "failed");
        const undone = stages.map(({ status }) => status).filter((status) => status !== "ok");
        expect(undone).toEqual(undone.map((_, index) => (index === 0 && failed ? "failed" : "skipped")));
        expect(errors).toEqual([
          {
            stage: failed?.name ?? null,
            code: "internal.disk-full",
            message: expect.stringContaining(home.state) as string,
            hint: expect.stringMatching(/[Ff]ree some space/) as string,
          },
        ]);
        const seen = home.seen();
        expect(personalData(smallDistrict()).filter((text) => seen.includes(text))).toEqual([]);

        mount(home.state, 16_384, "remount,");
        const again = await home.call(["rerun"]);
        expect(again.code, again.stderr).toBe(0);
        expect(home.delivered()).toHaveLength(1);
      } finally {
        unmount(home.state);
      }
    },
  );

  it("before anything is asked touches nothing: code 2", async () => {
    await using home = makeHome({ source: sourceOf(sis) });
    mkdirSync(home.state);
    mount(home.state, 8);
    try {
      const asked = sis.requests.length;
      const { code, stderr } = await home.call(["roster"]);
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /state folder .* cannot be written: .*[Nn]o space left.*Nothing was asked of the SIS/s,
      );
      expect(sis.requests.length).toBe(asked);
    } finally {
      unmount(home.state);
    }
  });
});
