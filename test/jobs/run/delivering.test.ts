import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordDelivery } from "../../../jobs/run/baseline.ts";
import {
  beginDelivery,
  type Delivering,
  deliveringFile,
  endDelivery,
  newestNight,
  openDelivery,
} from "../../../jobs/run/delivering.ts";
import { keep, manifest } from "./manifests.ts";

const [OLDER, NEWER] = ["20261120T020003Z-roster", "20261121T020003Z-roster"];
let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "delivering-"));
});
afterEach(() => {
  rmSync(state, { recursive: true, force: true });
});

const of = (run: string): Delivering => ({
  run,
  since: "2026-11-21T02:05:00.000Z",
  mode: "full",
  package: { file: `${run}.zip`, sha256: "0".repeat(64) },
});

async function record(run: string): Promise<void> {
  const delivery = { kind: "sftp", target: "/incoming/x.zip", verified: true };
  const delivered = manifest(run, { delivery });
  await recordDelivery(state, keep(state, delivered), delivered, new Date("2026-11-21T02:05:01Z"));
}

describe("a delivery", () => {
  it("is open from when it begins until it ends, for its institution alone", () => {
    expect(openDelivery(state, "oakdale")).toBeUndefined();
    beginDelivery(state, "oakdale", of(NEWER));
    expect(openDelivery(state, "oakdale")).toEqual(of(NEWER));
    expect(openDelivery(state, "maple")).toBeUndefined();
    expect(statSync(deliveringFile(state, "oakdale")).mode & 0o777).toBe(0o600);
    endDelivery(state, "oakdale", OLDER);
    expect(openDelivery(state, "oakdale")).toEqual(of(NEWER));
    endDelivery(state, "oakdale", NEWER);
    expect(openDelivery(state, "oakdale")).toBeUndefined();
  });

  it("is closed by the baseline that names its run, and by no other", async () => {
    beginDelivery(state, "oakdale", of(NEWER));
    await record(OLDER);
    expect(openDelivery(state, "oakdale")).toEqual(of(NEWER));
    expect(newestNight(state, "oakdale")).toBe(NEWER);
    await record(NEWER);
    expect(openDelivery(state, "oakdale")).toBeUndefined();
    expect(newestNight(state, "oakdale")).toBe(NEWER);
  });

  it("that is taken back leaves what was open before", () => {
    beginDelivery(state, "oakdale", of(OLDER));
    const before = readFileSync(deliveringFile(state, "oakdale"), "utf8");
    beginDelivery(state, "oakdale", of(NEWER))();
    expect(readFileSync(deliveringFile(state, "oakdale"), "utf8")).toBe(before);
    endDelivery(state, "oakdale", OLDER);
    beginDelivery(state, "oakdale", of(NEWER))();
    expect(openDelivery(state, "oakdale")).toBeUndefined();
  });

  it.each(["", "{", "{}", '{ "run": "x" }'])("that nobody can tell is said to be that: %j", (text) => {
    writeFileSync(deliveringFile(state, "oakdale"), text);
    expect(openDelivery(state, "oakdale")).toBe("unreadable");
    expect(newestNight(state, "oakdale")).toBeNull();
  });
});
