import { describe, expect, it } from "vitest";
import { refuseStale } from "../../../jobs/night/deliver.ts";
import type { Baseline } from "../../../jobs/run/baseline.ts";
import { manifest } from "../run/manifests.ts";

const baseline = (run: string): Baseline => ({
  run,
  startedAt: "2026-11-21T02:00:00.000Z",
  deliveredAt: "2026-11-21T02:04:00.000Z",
  delivery: { kind: "sftp", target: "/incoming/x.zip", verified: true },
  files: {},
});

describe("a night", () => {
  it("may go out while the baseline is the one it began after, whatever the clock says", () => {
    // The clock was set back between the two nights: the newer one has the smaller id.
    const newer = manifest("20261121T010000Z-roster", { after: "20261121T020000Z-roster" });
    expect(() => {
      refuseStale(newer, baseline("20261121T020000Z-roster"));
    }).not.toThrow();
  });

  it("may go out when there is no baseline, and when it is the baseline itself", () => {
    const night = manifest("20261121T020000Z-roster", { after: null });
    expect(() => {
      refuseStale(night, undefined);
      refuseStale(night, baseline(night.run));
    }).not.toThrow();
  });

  it("is stale once another night has become the baseline", () => {
    for (const after of [null, "20261120T020000Z-roster"]) {
      const older = manifest("20261121T020000Z-roster", { after });
      expect(() => {
        refuseStale(older, baseline("20261121T030000Z-roster"));
      }).toThrow(/20261121T020000Z-roster is stale.*20261121T030000Z-roster has been delivered/);
    }
  });
});
