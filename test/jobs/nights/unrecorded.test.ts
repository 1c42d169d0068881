import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { type SandboxGateway, startSandboxGateway } from "../../../jobs/demo/gateway.ts";
import { directory, type Ended, type Home, makeHome, sftp, SIS_SECRET, smallDistrict } from "../night-kit.ts";
import { type Nights, startNights, studentsOf, userIn, withoutEnrollments, withoutUsers } from "./nights.ts";

const { waiting } = vi.hoisted(() => ({ waiting: { meanwhile: (): void => undefined } }));
// A gateway that fails is tried again after seconds: nobody needs to wait for them here.
vi.mock(import("node:timers/promises"), async (original) => ({
  ...(await original()),
  setTimeout: <T>(_delay?: number, value?: T) => {
    waiting.meanwhile();
    return Promise.resolve(value as T);
  },
}));

const FULL = smallDistrict();
const [FIRST = "", ...OTHERS] = studentsOf(FULL).slice(0, 3);
const GONE = [FIRST, ...OTHERS];
const LESS = withoutUsers(FULL, GONE);
const DIES = ["--import", join(import.meta.dirname, "killed-after-rename.ts")];

const pointer = ({ state }: Home) => join(state, "oakdale-baseline.json");
const note = ({ state }: Home) => join(state, "oakdale-delivering.json");
const baseline = (home: Home) => (JSON.parse(readFileSync(pointer(home), "utf8")) as { run: string }).run;
const zipOf = (home: Home, run: string) => home.manifest(run).package?.file ?? "none";

type Delivery = Record<string, unknown>;
const inMode = (mode: string, path = "./inbox"): Delivery => ({ ...directory(path), mode });

interface Unrecorded extends AsyncDisposable {
  home: Home;
  /** The run that took the three away and was killed. */
  killed: string;
  /** From now on packages go elsewhere, or in another mode. */
  deliver: (delivery: Delivery, more?: Record<string, unknown>) => void;
  /** One `roster` on everybody. */
  night: () => Promise<Ended>;
}

/** What one institution had when its second night was killed, by mode. */
const made = new Map<string, Nights>();
afterAll(async () => {
  for (const nights of made.values()) await nights[Symbol.asyncDispose]();
});

/** A delivered night, and one without three students that was killed right after the gateway had its package. */
async function killedNight(mode: string): Promise<Nights> {
  const nights = await startNights(FULL, { delivery: inMode(mode) });
  made.set(mode, nights);
  const { home } = nights;
  expect((await nights.night(FULL)).code).toBe(0);
  await nights.becomes(LESS);
  const night = await home.start(["roster"], { nodeOptions: DIES }).ended;
  expect(night.stderr).toContain("killed by SIGKILL");
  const [first = "", killed = ""] = home.runs();
  expect(home.delivered()).toEqual([zipOf(home, first), zipOf(home, killed)]);
  expect(home.manifest(killed)).toMatchObject({ status: "running", delivery: null });
  expect(baseline(home)).toBe(first);
  return nights;
}

/** A copy of that, and of its SIS, which has everybody again. */
async function unrecorded(mode = "changes"): Promise<Unrecorded> {
  const nights = made.get(mode) ?? (await killedNight(mode));
  await nights.becomes(FULL);
  const sections = { ...nights.sections, delivery: inMode(mode) };
  const home = makeHome(sections, nights.home);
  return {
    home,
    killed: home.runs()[1] ?? "none",
    deliver(delivery, more = {}) {
      home.configure({ delivery, ...more });
    },
    night: () => home.call(["roster"]),
    [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
  };
}

describe("a night after one that arrived and was not recorded", () => {
  it.each(["changes", "diffing"])(
    "delivers that one again first, and is compared with it: nobody stays locked out (%s)",
    async (mode) => {
      await using nights = await unrecorded(mode);
      const { home, killed } = nights;
      expect(userIn(home, FIRST, killed).status).toBe("suspended");
      // Canvas has collected it.
      rmSync(join(home.inbox, zipOf(home, killed)));
      const bytes = readFileSync(join(home.runFolder(killed), zipOf(home, killed)));

      const ended = await nights.night();
      expect(ended.code, ended.stderr).toBe(0);
      const [, , tonight = ""] = home.runs();
      expect(readFileSync(join(home.inbox, zipOf(home, killed))).equals(bytes)).toBe(true);
      expect(ended.stderr).toContain(`run ${killed} may have reached Canvas without being recorded: it is`);
      expect(home.manifest(tonight)).toMatchObject({
        after: killed,
        status: "ok",
        delivery: { verified: true },
      });
      expect(home.manifest(tonight).files["users"]).toMatchObject({ changed: 0, added: 3 });
      for (const id of GONE) expect(userIn(home, id).status).toBe("active");

      expect(home.manifest(killed)).toMatchObject({
        status: "ok",
        exitCode: 0,
        errors: [],
        delivery: { target: join(home.inbox, zipOf(home, killed)), verified: true },
      });
      expect(home.manifest(killed).stages.map(({ status }) => status)).toEqual(Array(5).fill("ok"));
      expect(readFileSync(join(home.runFolder(killed), "log.ndjson"), "utf8")).toContain(`ok, by ${tonight}`);
      expect(baseline(home)).toBe(tonight);
      expect(existsSync(note(home))).toBe(false);
    },
  );

  it("that took nobody away: takes away in full mode what only that one had added", async () => {
    const nights = await startNights(LESS, { delivery: inMode("full") });
    await using _ = nights;
    const { home } = nights;
    expect((await nights.night(LESS)).code).toBe(0);
    await nights.becomes(FULL);
    await home.start(["roster"], { nodeOptions: DIES }).ended;
    expect((await nights.night(LESS)).code).toBe(0);
    for (const id of GONE) {
      const { status, enrollments } = userIn(home, id);
      expect([status, new Set(enrollments)]).toEqual(["suspended", new Set(["deleted"])]);
    }
  });

  it("that is only looked at delivers nothing, and says with what it is compared", async () => {
    await using nights = await unrecorded();
    const { home, killed } = nights;
    rmSync(join(home.inbox, zipOf(home, killed)));
    for (const argv of [["plan"], ["roster", "--dry-run"]]) {
      const { code, stderr } = await home.call(argv);
      expect(code, stderr).toBe(0);
      expect(stderr).toMatch(
        new RegExp(`run ${killed} may have reached Canvas .* an older night than Canvas`),
      );
    }
    expect(home.delivered()).toHaveLength(1);
    expect(home.manifest(killed)).toMatchObject({ status: "running", delivery: null });
    expect((await nights.night()).code).toBe(0);
    expect(userIn(home, FIRST).status).toBe("active");
  });

  it("asks the SIS nothing while the gateway does not take that one, and goes on once it does", async () => {
    await using nights = await unrecorded();
    const { home, killed } = nights;
    nights.deliver(inMode("changes", "./nowhere"));
    const sis = made.get("changes")?.sis();
    const before = sis?.requests.length;
    for (const argv of [["roster"], ["rerun"]]) {
      const ended = await home.call(argv);
      expect(ended.code, ended.stderr).toBe(5);
      const [error] = home.manifest().errors;
      expect(error).toMatchObject({ stage: null, code: "delivery.no-folder" });
      expect(error?.message).toContain(`Run ${killed} may have reached Canvas without being recorded`);
      expect(error?.hint).toContain(`rosterbridge rerun ${killed}`);
    }
    expect(sis?.requests.length).toBe(before);
    expect(home.runs()).toHaveLength(3);
    expect(home.manifest(killed)).toMatchObject({ status: "running", delivery: null });

    nights.deliver(inMode("changes"));
    expect((await home.call(["rerun"])).code).toBe(0);
    expect(home.manifest().after).toBe(killed);
    expect(home.manifest(killed).status).toBe("ok");
    expect(userIn(home, FIRST).status).toBe("active");
  });

  it("is as ever when that run was delivered by a rerun of its own", async () => {
    await using nights = await unrecorded();
    const { home, killed } = nights;
    expect((await home.call(["rerun"])).code).toBe(0);
    expect(home.manifest(killed)).toMatchObject({ status: "ok", exitCode: 0 });
    expect(baseline(home)).toBe(killed);
    expect(existsSync(note(home))).toBe(false);
    const ended = await nights.night();
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).not.toContain("without being recorded");
    expect(userIn(home, FIRST).status).toBe("active");
  });

  it("is as ever when only the note of what was recorded was left", async () => {
    await using nights = await unrecorded();
    const { home } = nights;
    const left = readFileSync(note(home));
    expect((await home.call(["rerun"])).code).toBe(0);
    writeFileSync(note(home), left);
    rmSync(join(home.inbox, zipOf(home, nights.killed)));
    expect((await nights.night()).code).toBe(0);
    expect(home.delivered()).not.toContain(zipOf(home, nights.killed));
    expect(existsSync(note(home))).toBe(false);
  });

  it("is none of another institution's with the same state folder", async () => {
    await using nights = await unrecorded();
    const { home, killed } = nights;
    await using other = makeHome({
      ...made.get("changes")?.sections,
      institution: { id: "maple", name: "Maple Unified", timezone: "America/Los_Angeles" },
      state: home.state,
      delivery: directory("./inbox"),
    });
    const ended = await other.call(["roster"]);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).not.toContain("without being recorded");
    expect(other.delivered()).toHaveLength(1);
    expect(home.manifest(killed)).toMatchObject({ status: "running" });
    expect(existsSync(note(home))).toBe(true);
  });

  it("keeps that run, however few are to be kept", async () => {
    await using nights = await unrecorded();
    const { home, killed } = nights;
    nights.deliver(inMode("changes", "./nowhere"), { retention: { runs: 1 } });
    for (const _ of [1, 2]) expect((await nights.night()).code).toBe(5);
    expect(home.runs()).toHaveLength(3);
    expect(home.runs()).toContain(killed);
  });
});

describe("what was to be delivered before it", () => {
  it("is stale: a held night cannot be accepted any more", async () => {
    const nights = await startNights(FULL, { delivery: inMode("changes") });
    await using _ = nights;
    const { home } = nights;
    expect((await nights.night(FULL)).code).toBe(0);
    expect((await nights.night(withoutEnrollments(FULL))).code).toBe(4);
    const [, held = ""] = home.runs();
    await nights.becomes(LESS);
    await home.start(["roster"], { nodeOptions: DIES }).ended;
    const killed = home.runs()[2] ?? "none";

    const { code, stderr } = await home.call(["rerun", held, "--accept-changes"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`Run ${held} is stale: the newer night ${killed} may have reached Canvas`);
    expect(home.delivered()).toHaveLength(2);
  });
});

describe("a run that may have arrived, and whose package is not what it was,", () => {
  const held = async ({ home, night }: Unrecorded, words: string) => {
    const ended = await night();
    expect(ended.code, ended.stderr).toBe(4);
    expect(home.manifest().guard?.violations).toEqual([
      expect.objectContaining({ rule: "baseline", message: expect.stringContaining(words) as string }),
    ]);
  };

  it("holds the night until it is made again, the same", async () => {
    await using nights = await unrecorded();
    const { home, killed } = nights;
    appendFileSync(join(home.runFolder(killed), zipOf(home, killed)), "x");
    await held(nights, `run ${killed} may have reached Canvas without being recorded, and its package`);
    expect(home.manifest().guard?.violations[0]?.message).toContain(`rerun ${killed} --from check`);
    expect(home.delivered()).toHaveLength(2);

    const again = await home.call(["rerun", killed, "--from", "check"]);
    expect(again.code, again.stderr).toBe(0);
    expect(baseline(home)).toBe(killed);
    expect((await nights.night()).code).toBe(0);
    expect(userIn(home, FIRST).status).toBe("active");
  });

  it("holds the night until that is taken for the first", async () => {
    await using nights = await unrecorded();
    const { home, killed } = nights;
    rmSync(home.runFolder(killed), { recursive: true });
    await held(nights, `${home.runFolder(killed)} is gone`);
    expect((await home.call(["rerun", "--accept-changes"])).code).toBe(0);
    expect(userIn(home, FIRST).status).toBe("active");
    expect(existsSync(note(home))).toBe(false);
    expect((await nights.night()).stderr).toContain("nothing differs from the last delivered night");
  });

  it("is not delivered when it was made anew with other rows", async () => {
    await using nights = await unrecorded();
    const { home, killed } = nights;
    nights.deliver(inMode("changes"), { roster: { missing: { users: "delete" } } });
    const again = await home.call(["rerun", killed, "--from", "check"]);
    expect(again.code, again.stderr).toBe(2);
    expect(again.stderr).toContain("usage.other-package");
    nights.deliver(inMode("changes"));
    await held(nights, "what it holds now is not what was sent");
  });

  it("holds the night when delivery.mode is another now", async () => {
    await using nights = await unrecorded();
    const { home, killed } = nights;
    nights.deliver(inMode("diffing"));
    await held(nights, `with changes again, \`rosterbridge rerun ${killed}\``);
    expect(home.delivered()).toHaveLength(2);
  });

  it("holds the night when the note of it cannot be read", async () => {
    await using nights = await unrecorded();
    writeFileSync(note(nights.home), "{");
    await held(nights, `${note(nights.home)} cannot be read`);
  });
});

describe("an SFTP gateway", () => {
  const env = (gateway: SandboxGateway) => ({ SIS_SECRET, GATEWAY_KEY: gateway.privateKey });

  it("that is lost after the rename, on every try, has the next night deliver that package again", async () => {
    const gateway = await startSandboxGateway({ folders: ["/incoming"] });
    try {
      await using nights = await startNights(FULL, { delivery: sftp(gateway, { mode: "changes" }) });
      const { home } = nights;
      const call = async (...argv: string[]) => home.call(argv, { env: env(gateway) });
      expect((await call("roster")).code).toBe(0);
      await nights.becomes(LESS);
      gateway.setFault({ kind: "drop-after-rename" });
      waiting.meanwhile = () => {
        gateway.setFault({ kind: "drop-reads", afterBytes: 1 });
      };
      const lost = await call("roster");
      waiting.meanwhile = () => undefined;
      expect(lost.code, lost.stderr).toBe(5);
      const [first = "", second = ""] = home.runs();
      expect(await gateway.files()).toContain(`/incoming/${zipOf(home, second)}`);
      expect(home.manifest(second)).toMatchObject({ status: "failed", delivery: null });
      expect(baseline(home)).toBe(first);

      gateway.setFault(undefined);
      await nights.becomes(FULL);
      const ended = await call("roster");
      expect(ended.code, ended.stderr).toBe(0);
      expect(home.manifest(second)).toMatchObject({ status: "ok", exitCode: 0, errors: [] });
      expect(home.manifest().after).toBe(second);
      expect(userIn(home, FIRST).status).toBe("active");
    } finally {
      await gateway.stop();
    }
  });

  it("that refuses the rename leaves nothing open: the next night goes on by itself", async () => {
    const gateway = await startSandboxGateway({ folders: ["/incoming"] });
    try {
      await using nights = await startNights(FULL, { delivery: sftp(gateway, { mode: "changes" }) });
      const { home } = nights;
      gateway.setFault("no-rename");
      expect((await home.call(["roster"], { env: env(gateway) })).code).toBe(5);
      expect(existsSync(note(home))).toBe(false);
      gateway.setFault(undefined);
      const ended = await home.call(["roster"], { env: env(gateway) });
      expect(ended.code, ended.stderr).toBe(0);
      expect(ended.stderr).not.toContain("without being recorded");
      expect(await gateway.files()).toEqual([`/incoming/${zipOf(home, home.runs()[1] ?? "")}`]);
    } finally {
      await gateway.stop();
    }
  });
});
