import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import {
  directory,
  logLines,
  makeHome,
  personalData,
  smallDistrict,
  sourceOf,
  startSis,
} from "../night-kit.ts";
import { startNights, withoutEnrollments } from "./nights.ts";

const DISTRICT = smallDistrict();

describe("a pause", () => {
  it("that covers today asks the SIS nothing and sends nothing, but a dry run is made all the same", async () => {
    const pause = { from: "2020-01-01", to: "2199-12-31", reason: "rollover" };
    await using nights = await startNights(DISTRICT, { pauses: [pause] });
    const { home } = nights;
    const { code, stderr } = await home.call(["roster"]);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("paused until 2199-12-31");
    expect(home.manifest()).toMatchObject({ status: "paused", exitCode: 0, package: null });
    expect(home.manifest().stages.map(({ status }) => status)).toEqual(Array(5).fill("skipped"));
    expect(nights.sis().requests).toEqual([]);
    expect((await home.call(["runs"])).stdout).toMatch(/paused +0/);

    expect((await home.call(["roster", "--dry-run"])).code).toBe(0);
    expect(nights.sis().requests.length).toBeGreaterThan(0);
    expect(home.manifest()).toMatchObject({ status: "ok", dryRun: true });
    expect(home.delivered()).toEqual([]);
  });
});

describe("retention", () => {
  it("keeps the newest runs, that of the baseline, and one that waits for a person", async () => {
    await using nights = await startNights(DISTRICT, { retention: { runs: 2 } });
    const { home } = nights;
    expect((await nights.night(DISTRICT)).code).toBe(0);
    expect((await nights.night(withoutEnrollments(DISTRICT))).code).toBe(4);
    const [baseline, held] = home.runs();
    // The quickest runs that there are: the SIS refuses them.
    nights.sis().failNext({ path: /./, times: Number.POSITIVE_INFINITY, answer: { status: 401 } });
    for (let run = 0; run < 3; run++) expect((await home.call(["roster"])).code).toBe(3);
    const left = home.runs();
    expect(left).toHaveLength(4);
    expect(left.slice(0, 2)).toEqual([baseline, held]);
    expect((await home.call(["show", held ?? ""])).code).toBe(0);
  });
});

/** A web server that keeps what is posted to it. */
async function startHook(status: number) {
  const posted: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      posted.push(body);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    posted,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

describe("a webhook", () => {
  it("is told once of a night that is held or failed, of none that is well, and nothing of anybody", async () => {
    await using hook = await startHook(204);
    await using broken = await startHook(500);
    const notify = [hook, broken].map(({ url }) => ({ kind: "webhook", url }));
    await using nights = await startNights(DISTRICT, { notify });
    const { home } = nights;
    expect((await nights.night(DISTRICT)).code).toBe(0);
    expect(hook.posted).toEqual([]);

    expect((await nights.night(withoutEnrollments(DISTRICT))).code).toBe(4);
    expect(hook.posted).toHaveLength(1);
    expect(broken.posted.length).toBeGreaterThan(0);
    const held = home.runs().at(-1) ?? "";
    expect(JSON.parse(hook.posted[0] ?? "")).toMatchObject({
      ...{ run: held, status: "held", exitCode: 4 },
      command: `rosterbridge rerun ${held} --accept-changes`,
    });

    home.configure({ delivery: directory(join(home.folder, "not", "there")) });
    expect((await nights.night(DISTRICT)).code).toBe(5);
    expect(hook.posted).toHaveLength(2);
    expect(JSON.parse(hook.posted[1] ?? "")).toMatchObject({ status: "failed", exitCode: 5 });
    for (const value of personalData(DISTRICT)) expect(hook.posted.join("\n")).not.toContain(value);
    expect(home.manifest().status).toBe("failed");
    expect(home.seen()).toContain("was not told");
  });
});

describe("a run that failed", () => {
  it("is taken up with another config, which is told with its keys", async () => {
    await using nights = await startNights(DISTRICT, {
      delivery: directory("./not/there"),
    });
    const { home } = nights;
    expect((await home.call(["roster"])).code).toBe(5);
    const asked = nights.sis().requests.length;
    const [run = ""] = home.runs();
    home.configure({ delivery: directory(home.inbox), retention: { runs: 7 } });
    const { code, stderr } = await home.call(["rerun"]);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`The config has changed since ${run} began (delivery.path, retention.runs)`);
    expect(home.runs()).toEqual([run]);
    expect(home.delivered()).toEqual([expect.stringContaining(run)]);
    expect(nights.sis().requests.length).toBe(asked);
  });
});

describe("two runs that start at the same second", () => {
  it("are one run, and one that says it is busy", async () => {
    // Slow enough for both to have begun before either can have ended.
    await using sis = await startSis({ latencyMs: 500 });
    await using home = makeHome({ source: sourceOf(sis) });
    const both = [home.start(["roster"]), home.start(["roster"])];
    const ended = await Promise.all(both.map((each) => each.ended));
    const codes = ended.map(({ code }) => code).sort();
    expect(codes, ended.map(({ stderr }) => stderr).join("\n")).toEqual([0, 7]);
    const busy = ended.find(({ code }) => code === 7);
    expect(logLines(busy?.stderr ?? "")).toEqual([expect.objectContaining({ code: "busy.running" })]);
    expect(home.runs()).toHaveLength(1);
    expect(home.delivered()).toHaveLength(1);
    expect(home.manifest()).toMatchObject({ status: "ok", exitCode: 0 });
  });
});
