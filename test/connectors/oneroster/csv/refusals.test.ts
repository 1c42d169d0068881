import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { csv, type Files, manifest, readExport, refusal, SMALL, zipped } from "./reading.ts";

const without = (name: string): Files =>
  Object.fromEntries(Object.entries(SMALL).filter(([one]) => one !== name));
const header = (name: string) => SMALL[name]!.toString().split("\n")[0]!;

/** Some bytes of a zip as they are not. */
function spoiled(zip: Buffer, spoil: (zip: Buffer, central: number) => Buffer | undefined): Buffer {
  return spoil(zip, zip.indexOf("PK\u0001\u0002")) ?? zip;
}

describe("an export that is not whole or not sound is refused", () => {
  it.for<[string, Files, { code: string; message: string }]>([
    [
      "without a manifest",
      without("manifest.csv"),
      { code: "source.no-manifest", message: "has no manifest.csv" },
    ],
    [
      "without a file that the manifest names",
      without("enrollments.csv"),
      { code: "source.missing-file", message: "names enrollments.csv" },
    ],
    [
      "without a file that the manifest names and no roster needs",
      { ...SMALL, "manifest.csv": manifest({ results: "bulk" }) },
      { code: "source.missing-file", message: "names results.csv" },
    ],
    [
      "without a file that a roster needs",
      { ...SMALL, "manifest.csv": manifest({ users: "absent" }) },
      { code: "source.missing-file", message: "without users.csv" },
    ],
    [
      "of another version",
      { ...SMALL, "manifest.csv": manifest({}, "1.2"), "roles.csv": "", "userProfiles.csv": "" },
      { code: "source.version", message: "The export is OneRoster 1.2, and source.version is 1.1" },
    ],
    [
      "with a manifest that says something else",
      { ...SMALL, "manifest.csv": manifest({ users: "full" }) },
      { code: "source.manifest", message: '"full" for file.users' },
    ],
    [
      "with a manifest that says two things",
      { ...SMALL, "manifest.csv": `${manifest()}file.users,delta\n` },
      { code: "source.manifest", message: "both bulk and delta of file.users" },
    ],
    [
      "with a file twice",
      { ...SMALL, "Users.csv": SMALL["users.csv"]! },
      { code: "source.export-files", message: "Users.csv and users.csv" },
    ],
    [
      "without a column that is needed",
      { ...SMALL, "enrollments.csv": csv("id,classSourcedId,userSourcedId,role", []) },
      { code: "source.export-columns", message: "enrollments.csv lacks sourcedId" },
    ],
    [
      "with a column twice",
      { ...SMALL, "orgs.csv": csv("sourcedId,name,type,SourcedId", []) },
      { code: "source.export-columns", message: "has the column sourcedId twice" },
    ],
    [
      "with an empty file",
      { ...SMALL, "orgs.csv": "" },
      { code: "source.export-columns", message: "orgs.csv lacks sourcedId" },
    ],
    [
      "that is not UTF-8",
      { ...SMALL, "orgs.csv": Buffer.from("sourcedId,name,type\n101,M\xfcnster,school\n", "latin1") },
      { code: "source.export-damaged", message: "orgs.csv cannot be read: it is not UTF-8" },
    ],
    [
      "with a quote that is never closed",
      { ...SMALL, "orgs.csv": csv("sourcedId,name,type", ['101,"First,school', "102,Second,school"]) },
      { code: "source.export-damaged", message: "a quote is not closed" },
    ],
    [
      "that breaks off",
      { ...SMALL, "enrollments.csv": `${header("enrollments.csv")}\ne1,,,C1,101,0042,student,,,\ne2,,,C1` },
      { code: "source.export-damaged", message: "enrollments.csv cannot be read: it breaks off in line 3" },
    ],
  ])("%s", async ([, files, { code, message }]) => {
    const failure = await refusal(files);
    expect(failure).toMatchObject({ code, exitCode: 3 });
    expect(failure.message).toContain(message);
    expect(failure.hint).not.toBe("");
  });

  it("and so is a place where there is none", async () => {
    const failure = await refusal(SMALL, { packed: async () => Buffer.from("no zip") });
    expect(failure).toMatchObject({ code: "source.export-damaged" });
    expect(failure.message).toContain("not a complete zip");
  });

  it("when it changes while it is read", async () => {
    const failure = await refusal(SMALL, {
      meanwhile: (path) => {
        appendFileSync(join(path, "manifest.csv"), "\n");
      },
    });
    expect(failure).toMatchObject({ code: "source.export-changed", exitCode: 3 });
  });

  it("and leaves nothing of what it had spilled", async () => {
    let spill = "";
    const broken = {
      ...SMALL,
      "manifest.csv": manifest({ users: "delta" }),
      "users.csv": `${header("users.csv")}\n"`,
    };
    const state = (await readExport(SMALL)).state;
    const meanwhile = (path: string) => (spill = join(path, "spill", "users"));
    expect((await refusal(broken, { state, meanwhile })).code).toBe("source.export-damaged");
    expect(spill).not.toBe("");
    expect(existsSync(spill)).toBe(false);
  });
});

describe("a zip is refused", () => {
  it.for<[string, (zip: Buffer, central: number) => Buffer | undefined, string]>([
    ["that is cut off", (zip) => zip.subarray(0, zip.length - 30), "not a complete zip"],
    [
      "with a name that climbs out",
      (zip) => Buffer.from(zip.toString("latin1").replaceAll("orgs.csv", "../s.csv"), "latin1"),
      "cannot be listed",
    ],
    [
      "with a file twice",
      (zip) => Buffer.from(zip.toString("latin1").replaceAll("courses.csv", "classes.csv"), "latin1"),
      "it holds classes.csv twice",
    ],
    [
      "that is locked",
      (zip, central) => {
        zip.writeUInt16LE(zip.readUInt16LE(central + 8) | 1, central + 8);
        return undefined;
      },
      "locked with a password",
    ],
    [
      "whose file is not what its checksum says",
      (zip, central) => {
        zip.writeUInt32LE(1, central + 16);
        return undefined;
      },
      "checksum of manifest.csv",
    ],
  ])("%s", async ([, spoil, message]) => {
    const failure = await refusal(SMALL, { packed: async (files) => spoiled(await zipped(files), spoil) });
    expect(failure).toMatchObject({ code: "source.export-damaged", exitCode: 3 });
    expect(failure.message).toContain(message);
  });

  it("that would grow beyond measure", async () => {
    const bomb = { ...SMALL, "results.csv": Buffer.alloc(64 * 1024 ** 2) };
    const failure = await refusal(bomb, { packed: zipped });
    expect(failure.message).toMatch(/results.csv would grow from \d+ to 67108864 bytes/);
  });
});
