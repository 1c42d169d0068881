import { describe, expect, it } from "vitest";
import { packageOf } from "../night-kit.ts";
import { tinyDistrict } from "../tiny-district.ts";
import { startNights } from "./nights.ts";

const CONFIG = { roster: { users: { moreLogins: ["email", "metadata.card.number"] } } };

describe("nights with more logins", () => {
  it("send each once, behind users.csv, and count what Canvas has", async () => {
    await using nights = await startNights(tinyDistrict(), CONFIG);
    expect((await nights.night(tinyDistrict())).code).toBe(0);
    const files = packageOf(nights.home);
    expect([...files.keys()].slice(4, 7)).toEqual(["users.csv", "logins.csv", "enrollments.csv"]);
    expect(files.get("logins.csv")?.split("\n").slice(0, 4)).toEqual([
      "user_id,login_id,existing_user_id,status",
      "0042.metadata.card.number,C-0042,0042,active",
      "42.email,42@example.org,42,active",
      "42.metadata.card.number,C-42,42,active",
    ]);
    const { rows = 0 } = nights.home.manifest().files["logins"] ?? {};

    expect((await nights.night(tinyDistrict())).code).toBe(0);
    expect([...packageOf(nights.home).keys()]).not.toContain("logins.csv");
    expect(nights.home.manifest().files["logins"]).toMatchObject({ rows: 0, unchanged: rows, removed: 0 });
  });
});
