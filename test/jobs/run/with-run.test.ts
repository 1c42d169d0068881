import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfig } from "../../../config/load.ts";
import { pastRuns } from "../../../jobs/run/history.ts";
import { lockHolder } from "../../../jobs/run/lock.ts";
import { endRun, failRun, type Run } from "../../../jobs/run/run.ts";
import { withRun } from "../../../jobs/run/with-run.ts";
import { start } from "./process.ts";

const CONFIG = `
institution: { id: oakdale, name: Oakdale, timezone: America/Los_Angeles }
state: ./var
source: { kind: oneroster-rest, url: "https://sis.example.org/v1p1", auth: { kind: bearer, token: { env: TOKEN } } }
delivery: { kind: directory, path: ./out }
`;

let folder: string;
let told: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "with-run-"));
  writeFileSync(join(folder, "r.yaml"), CONFIG);
  told = "";
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const state = () => join(folder, "var");

async function run(work: (run: Run) => Promise<0 | 1>, logFormat: "json" | "pretty" = "json") {
  const terminal = {
    env: {},
    stdout: { write: () => true },
    stderr: { write: (text: string) => (told += text) },
  };
  const options = { config: join(folder, "r.yaml"), logFormat, quiet: false };
  const loaded = await loadConfig(options.config, { env: { TOKEN: "s3cr3t-token" } });
  return withRun({ terminal, options }, loaded, { job: "roster", stages: ["extract"], dryRun: false }, work);
}

const well = (given: Run) => {
  endRun(given, "ok", 0);
  return Promise.resolve(0 as const);
};

describe("withRun", () => {
  it("holds the lock while the job works, in the run's name, and lets go of it", async () => {
    let holder: unknown;
    const code = await run((given) => {
      holder = lockHolder(state(), "oakdale", "roster");
      expect(pastRuns(state(), "oakdale")[0]?.state).toBe("running");
      expect(holder).toMatchObject({ run: given.id, pid: process.pid });
      return well(given);
    });
    expect(code).toBe(0);
    expect(lockHolder(state(), "oakdale", "roster")).toBeUndefined();
    expect(pastRuns(state(), "oakdale")[0]).toMatchObject({
      state: "ok",
      manifest: { configDigest: expect.stringMatching(/^sha256:/) as string },
    });
  });

  it("lets go of the lock, and of the signals, when the job throws", async () => {
    const listeners = process.listenerCount("SIGTERM");
    await expect(run(() => Promise.reject(new Error("boom")))).rejects.toThrow("boom");
    expect(lockHolder(state(), "oakdale", "roster")).toBeUndefined();
    expect(process.listenerCount("SIGTERM")).toBe(listeners);
  });

  it("ends as it would, and goes on to those who are to hear of it, when its end cannot be written down", async () => {
    const posted: string[] = [];
    const hook = createServer((request, response) => {
      void text(request).then((body) => {
        posted.push(body);
        response.writeHead(204).end();
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
    const { port } = hook.address() as AddressInfo;
    writeFileSync(
      join(folder, "r.yaml"),
      `${CONFIG}notify: [{ kind: webhook, url: "http://127.0.0.1:${port}/hook" }]\n`,
    );
    const code = await run((given) => {
      // As of a disk that takes nothing any more: neither the manifest nor who holds the lock can be touched.
      renameSync(given.folder, join(folder, "away"));
      const words = join(state(), "locks", "oakdale-roster.json");
      rmSync(words);
      mkdirSync(join(words, "in-the-way"), { recursive: true });
      const path = join(given.folder, "extract", "users.zst");
      return Promise.resolve(failRun(given, Object.assign(new Error("EIO"), { code: "EIO", path })) as 1);
    });
    hook.close();
    expect(code).toBe(1);
    expect(told).toContain("ended cannot be written into its manifest (ENOENT)");
    expect(posted.map((body) => JSON.parse(body) as unknown)).toEqual([
      expect.objectContaining({ status: "failed", exitCode: 1 }),
    ]);
    expect(lockHolder(state(), "oakdale", "roster")).toBeUndefined();
  });

  it("touches nothing when another process is at it", async () => {
    const holder = start("hold-lock.ts", [state(), "oakdale", "other"]);
    await holder.says("held");
    await expect(run(well)).rejects.toMatchObject({ code: "busy.running", exitCode: 7 });
    expect(readdirSync(state())).toEqual(["locks"]);
    holder.kill("SIGKILL");
    await holder.ended;
  });

  it("tells people at the end how it went, and pipes in JSON lines", async () => {
    const fails = (given: Run) => Promise.resolve(failRun(given, new Error("odd: s3cr3t-token")) as 1);
    expect(await run(fails, "pretty")).toBe(1);
    expect(told).toMatch(/-roster FAILED\n/);
    expect(told).toContain("odd: [secret]");
    told = "";
    await run(fails);
    const lines = told.trimEnd().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg).at(-1)).toMatch(
      /-roster ended: failed$/,
    );
    expect(told).not.toContain("s3cr3t");
  });

  it("writes all of it down in log.ndjson as well", async () => {
    await run(well);
    const folderOfRun = pastRuns(state(), "oakdale")[0]?.folder ?? "";
    expect(readFileSync(join(folderOfRun, "log.ndjson"), "utf8")).toBe(told);
  });
});
