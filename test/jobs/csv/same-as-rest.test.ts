import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nextDay } from "../../../jobs/demo/district/next-day.ts";
import { packageOf, smallDistrict } from "../night-kit.ts";
import { type Nights, startNights } from "../nights/nights.ts";
import { csvNights } from "./csv-nights.ts";

const FIRST = smallDistrict();
const SECOND = nextDay(FIRST);

describe("nights from CSV files give the very packages that the same district gives over REST", () => {
  let rest: Nights;
  const packages: Map<string, string>[] = [];
  beforeAll(async () => {
    rest = await startNights(FIRST);
    for (const district of [FIRST, SECOND]) {
      expect((await rest.night(district)).code).toBe(0);
      packages.push(packageOf(rest.home));
    }
  });
  afterAll(() => rest[Symbol.asyncDispose]());

  it.for([
    ["1.1", "bulk"],
    ["1.1", "delta"],
    ["1.2", "bulk"],
    ["1.2", "delta"],
  ] as const)("OneRoster %s, everything on the first night and %s on the second", async ([version, mode]) => {
    await using csv = csvNights({ source: { version } });
    csv.exports(FIRST, { version });
    expect(await csv.night()).toMatchObject({ code: 0 });
    expect(packageOf(csv.home)).toEqual(packages[0]);

    csv.exports(SECOND, { version, mode, before: FIRST });
    expect(await csv.night()).toMatchObject({ code: 0 });
    expect(packageOf(csv.home)).toEqual(packages[1]);
  });
});
