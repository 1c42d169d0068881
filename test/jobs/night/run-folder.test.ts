import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { District, RawUser } from "../../../jobs/demo/district.ts";
import {
  type Home,
  makeHome,
  personalData,
  SIS_SECRET,
  smallDistrict,
  sourceOf,
  startSis,
} from "../night-kit.ts";

const PASSWORD = "hunter2-of-a-child";

/** As SISs do that fill OneRoster's field `password`, sometimes in odd places. */
function withPasswords(district: District): District {
  const users = district.users.map((user, index): RawUser => {
    const password = `${PASSWORD}-${index}`;
    return { ...user, password, metadata: { ...user.metadata, account: { password } } } as RawUser;
  });
  return { ...district, users };
}

/** Every page of the archive: each is a zstd frame of its own, which the index tells apart. */
function archiveOf(home: Home): string {
  const folder = join(home.runFolder(), "extract");
  const index = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as {
    name: string;
    pages: { offset: number; bytes: number }[];
  }[];
  const pages = index.flatMap(({ name, pages }) => {
    const file = readFileSync(join(folder, `${name}.json.zst`));
    return pages.map(({ offset, bytes }) =>
      zstdDecompressSync(file.subarray(offset, offset + bytes)).toString(),
    );
  });
  return pages.join("\n");
}

describe("what a night leaves in its folder", () => {
  let home: Home;
  let startedAt: number;
  let endedAt: number;
  beforeAll(async () => {
    await using sis = await startSis({ district: withPasswords(smallDistrict()) });
    startedAt = Date.now();
    // A umask that would let everybody read must not decide.
    const before = process.umask(0);
    home = makeHome({ source: sourceOf(sis, undefined, { rejectTolerancePercent: 5 }) });
    const { code, stderr } = await home.call(["roster"]).finally(() => process.umask(before));
    endedAt = Date.now();
    expect(code, stderr).toBe(0);
  });
  afterAll(() => home[Symbol.asyncDispose]());

  it("is named after the second it began in, in UTC, and the job", () => {
    const [run = ""] = home.runs();
    const [, date = "", time = ""] = /^(\d{8})T(\d{6})Z-roster$/.exec(run) ?? [];
    const iso = `${date.replace(/(....)(..)(..)/, "$1-$2-$3")}T${time.replace(/(..)(..)(..)/, "$1:$2:$3")}Z`;
    expect(Date.parse(iso)).toBeGreaterThan(startedAt - 1000);
    expect(Date.parse(iso)).toBeLessThanOrEqual(endedAt);
  });

  it("can be read by its owner alone, every folder and file of it", () => {
    const entries = readdirSync(join(home.state, "runs"), { recursive: true, withFileTypes: true });
    const modes = entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path, mode: lstatSync(path).mode & 0o777, wanted: entry.isDirectory() ? 0o700 : 0o600 };
    });
    expect(modes.length).toBeGreaterThan(10);
    expect(modes.filter(({ mode, wanted }) => mode !== wanted)).toEqual([]);
    expect(statSync(home.state).mode & 0o777).toBe(0o700);
  });

  it("has everything that is promised, and nothing half-made", () => {
    const names = readdirSync(home.runFolder());
    const zip = home.manifest().package?.file ?? "none";
    expect(names).toEqual(
      expect.arrayContaining(["manifest.json", "log.ndjson", "rejects.csv", "extract", "canvas", zip]),
    );
    const all = readdirSync(home.runFolder(), { recursive: true }).map(String);
    expect(all.filter((name) => /\.(new|part|tmp|reserve)$/.test(name))).toEqual([]);
    expect(readdirSync(join(home.runFolder(), "canvas")).sort()).toEqual(
      ["accounts", "courses", "enrollments", "sections", "terms", "users"].map((file) => `${file}.csv`),
    );
  });

  it("has a manifest that says it all", () => {
    const manifest = home.manifest();
    const [run = ""] = home.runs();
    const zip = statSync(join(home.runFolder(), `oakdale-${run}.zip`));
    const sha256 = /^[0-9a-f]{64}$/;
    const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
    const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;
    const pages = (type: string) => manifest.extracted[type]?.pages;
    expect(manifest).toMatchObject({
      run,
      job: "roster",
      status: "ok",
      exitCode: 0,
      startedAt: matching(instant),
      finishedAt: matching(instant),
      configDigest: matching(/^sha256:[0-9a-f]{64}$/),
      resumedFrom: null,
      extracted: { users: { records: 90, rejected: 0, pages: 2 }, orgs: { records: 4, gone: 1 } },
      package: { file: `oakdale-${run}.zip`, sha256: matching(sha256), bytes: zip.size },
      delivery: { kind: "directory", target: join(home.inbox, `oakdale-${run}.zip`), verified: true },
      errors: [],
    });
    expect(pages("enrollments")).toBe(Math.ceil((manifest.extracted["enrollments"]?.records ?? 0) / 60));
    expect(manifest.stages).toEqual(
      ["extract", "map", "check", "package", "deliver"].map((name) => ({
        name,
        status: "ok",
        startedAt: matching(instant),
        finishedAt: matching(instant),
      })),
    );
    const rows = (file: string) =>
      readFileSync(join(home.runFolder(), "canvas", `${file}.csv`), "utf8").split("\n").length - 2;
    for (const [file, entry] of Object.entries(manifest.files)) expect(entry.rows, file).toBe(rows(file));
    expect(Object.keys(manifest.files)).toHaveLength(6);
  });

  it("has the log in its own file, a JSON object a line", () => {
    const lines = readFileSync(join(home.runFolder(), "log.ndjson"), "utf8").trimEnd().split("\n");
    const entries = lines.map((line) => JSON.parse(line) as { stage?: string });
    expect(new Set(entries.flatMap(({ stage }) => stage ?? []))).toEqual(
      new Set(["extract", "map", "check", "package", "deliver"]),
    );
  });

  it("has what the SIS said, compressed, and of passwords nothing at all", () => {
    const text = archiveOf(home);
    const ids = smallDistrict().users.map(({ sourcedId }) => `"sourcedId":${JSON.stringify(sourcedId)}`);
    expect(ids.filter((id) => !text.includes(id))).toEqual([]);
    expect(text.includes(PASSWORD)).toBe(false);

    const others = readdirSync(home.state, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
    expect(others.filter((content) => content.includes(PASSWORD) || content.includes(SIS_SECRET))).toEqual(
      [],
    );
  });
});

describe("records that the SIS sent and no roster can take", () => {
  const REJECTS = ["type", "sourcedId", "field", "value", "reason"];
  const district = smallDistrict();
  const [first, second] = district.users.filter(
    ({ role, status }) => role === "student" && status === "active",
  );
  const broken: District = {
    ...district,
    users: district.users.map((user) =>
      user === first ? { ...user, username: (second?.username ?? "").toUpperCase() } : user,
    ),
    enrollments: district.enrollments.map((enrollment, index) =>
      index === 0 ? { ...enrollment, user: { ...enrollment.user, sourcedId: "nobody" } } : enrollment,
    ),
  };
  const rejectsOf = (home: Home) =>
    readFileSync(join(home.runFolder(), "rejects.csv"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));

  it("are in rejects.csv with field, value and reason, and the rest is delivered, under the tolerance", async () => {
    await using sis = await startSis({ district: broken });
    await using home = makeHome({ source: sourceOf(sis, undefined, { rejectTolerancePercent: 10 }) });
    const { code, stderr } = await home.call(["roster"]);
    expect(code, stderr).toBe(0);
    const [header, ...rejects] = rejectsOf(home);
    expect(header).toEqual(REJECTS);
    const unknown = broken.enrollments[0]?.sourcedId;
    expect(rejects).toContainEqual([
      "enrollments",
      unknown,
      "user",
      "nobody",
      "the SIS has sent no such user",
    ]);
    expect(rejects.filter(([type]) => type === "users")).toEqual([
      [
        "users",
        expect.any(String),
        "login_id",
        expect.any(String),
        expect.stringMatching(/is claimed by user/),
      ],
    ]);
    const { extracted } = home.manifest();
    expect(extracted["users"]?.rejected).toBe(1);
    expect(extracted["enrollments"]?.rejected).toBe(
      rejects.filter(([type]) => type === "enrollments").length,
    );
    expect(home.delivered()).toHaveLength(1);
    expect(stderr).toMatch(/rejected \d+ enrollments, 1 users; why is in rejects\.csv/);
    await home.call(["show", home.runs()[0] ?? ""]);
    const seen = home.seen();
    expect(personalData(broken).filter((text) => seen.includes(text))).toEqual([]);
  });

  it("are told as 100 % where they are all there is", async () => {
    const users = smallDistrict().users.map(
      (user) => ({ ...user, enabledUser: "perhaps" }) as unknown as RawUser,
    );
    await using sis = await startSis({ district: { ...smallDistrict(), users } });
    await using home = makeHome({ source: sourceOf(sis) });
    expect((await home.call(["roster"])).code).toBe(3);
    expect(home.manifest().errors[0]?.message).toContain("90 of 90 users (100 %)");
  });

  it("are a bad night above the tolerance: code 3, the type is named, nothing is delivered", async () => {
    await using sis = await startSis({ district: broken });
    await using home = makeHome({ source: sourceOf(sis, undefined, { rejectTolerancePercent: 0.1 }) });
    const { code } = await home.call(["roster"]);
    expect(code).toBe(3);
    expect(home.delivered()).toEqual([]);
    const { stages, errors, delivery } = home.manifest();
    expect(delivery).toBeNull();
    expect(stages.map(({ status }) => status)).toEqual(["ok", "ok", "failed", "skipped", "skipped"]);
    expect(errors).toEqual([
      {
        stage: "check",
        code: "source.too-many-rejects",
        message: expect.stringMatching(
          /1 of 90 users \(1\.1 %\).*of \d+ enrollments .*the limit is 0\.1 %/,
        ) as string,
        hint: expect.stringContaining(join(home.runFolder(), "rejects.csv")) as string,
      },
    ]);
    expect(rejectsOf(home).length).toBeGreaterThan(2);

    home.configure({ source: sourceOf(sis, undefined, { rejectTolerancePercent: 10 }) });
    const asked = sis.requests.length;
    const raised = await home.call(["rerun"], { env: {} });
    expect(raised.code, raised.stderr).toBe(0);
    expect(raised.stderr).toMatch(/config has changed since/);
    expect(sis.requests.length).toBe(asked);
    expect(home.delivered()).toHaveLength(1);
  });
});
