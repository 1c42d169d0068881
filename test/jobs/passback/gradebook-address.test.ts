import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { gradebookAddress } from "../../../jobs/passback/gradebook-address.ts";
import { smallDistrict, startSis } from "../night-kit.ts";
import { forgetNights, inCanvas, inSis, startSemester, writesOf } from "./semester.ts";

afterAll(forgetNights);

describe("another gradebook than the one that the ledger is about", () => {
  it("is sent nothing, until the ledger is moved away or everything is to be sent again", async () => {
    await using semester = await startSemester({ students: 12 });
    await semester.pass();
    const { home } = semester;
    await using other = await startSis({
      district: smallDistrict({ students: 12, schools: 1, oddities: false }),
      gradebook: {},
    });
    const elsewhere = { ...semester, sis: other };
    semester.configure({}, { url: other.url });
    const [course] = readdirSync(join(home.runFolder(semester.newest()), "courses"));

    for (const options of [[], ["--dry-run"], ["--remaster", "--course", course!.replace(/\.txt$/, "")]]) {
      const { code, stderr } = await semester.pass(...options);
      expect({ code, writes: writesOf(other) }).toEqual({ code: 2, writes: {} });
      expect(stderr).toContain(`gradebook at ${gradebookAddress(semester.sis.url)}`);
      expect(stderr).toContain(`the one at ${gradebookAddress(other.url)}`);
    }
    expect((await semester.pass("--remaster", "--dry-run")).code).toBe(0);
    expect((await semester.pass()).code).toBe(2);

    expect((await semester.pass("--remaster")).code).toBe(0);
    expect(inSis(elsewhere)).toEqual(inCanvas(semester));
    expect(await semester.pass()).toMatchObject({ code: 0, writes: {} });
    semester.configure({});
    expect((await semester.pass()).code).toBe(2);

    for (const name of readdirSync(home.state).filter((one) => one.includes("-ledger.sqlite"))) {
      rmSync(join(home.state, name));
    }
    expect(await semester.pass()).toMatchObject({ code: 0, writes: {} });
    expect(inSis(semester)).toEqual(inCanvas(semester));
  });

  it.each([
    ["https://sis.example.org/ims/oneroster/v1p1", "https://sis.example.org/ims/oneroster/v1p1/"],
    [
      "https://sis.example.org/ims/oneroster/v1p1",
      "https://SIS.example.org/ims/oneroster/gradebook/v1p2?key=1",
    ],
    ["http://sis.example.org/x", "http://sis.example.org:80/x"],
  ])("is not the same under another version: %s, %s", (one, same) => {
    expect(gradebookAddress(one)).toBe(gradebookAddress(same));
  });

  it.each([
    ["https://sis.example.org/ims/oneroster/v1p1", "https://trial.example.org/ims/oneroster/v1p1"],
    ["https://sis.example.org/oakdale/v1p1", "https://sis.example.org/oakdaletest/v1p1"],
    ["https://sis.example.org:8443/v1p1", "https://sis.example.org:9443/v1p1"],
  ])("has another host, port or path: %s, %s", (one, other) => {
    expect(gradebookAddress(one)).not.toBe(gradebookAddress(other));
  });
});
