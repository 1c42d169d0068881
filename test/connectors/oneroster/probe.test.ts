import { describe, expect, it } from "vitest";
import { probeOneRoster, type ProbeStep, type SisStep } from "../../../connectors/oneroster/probe.ts";
import { makeDistrict } from "../../../jobs/demo/district.ts";
import { type FaultRule, type Quirk, type SandboxAuth, startSandboxSis } from "../../../jobs/demo/sis.ts";
import { type ConfigChanges, restConfig, secretOf, testPorts } from "./reading.ts";
import { type Asked, district, records, startTinySis, type Told } from "./tiny-sis.ts";

const ENDPOINTS = ["orgs", "academicSessions", "courses", "classes", "users", "enrollments"];
const small = makeDistrict({ seed: 3, students: 20, schools: 2 });
const bearer: SandboxAuth = { kind: "bearer", token: "t0ken" };

/** What a night would meet; what is told of the SIS besides has tests of its own. */
async function probe(url: string, changes: ConfigChanges = {}, ports = testPorts()): Promise<ProbeStep[]> {
  return all(probeOneRoster(restConfig(url, changes), ports, new AbortController().signal));
}

async function all(steps: AsyncIterable<SisStep>): Promise<ProbeStep[]> {
  const found: ProbeStep[] = [];
  for await (const step of steps) if (step.section === "sis") found.push(step);
  return found;
}

interface Sandbox {
  quirks?: Quirk[];
  faults?: FaultRule[];
  auth?: SandboxAuth;
}

/** Of a sandbox of its own: the findings by name, and how often each path was asked. */
async function probeSandbox(
  changes: ConfigChanges = {},
  { quirks, faults = [], auth = bearer }: Sandbox = {},
) {
  const sis = await startSandboxSis({ district: small, auth, ...(quirks && { quirks }) });
  try {
    for (const fault of faults) sis.failNext({ times: Number.POSITIVE_INFINITY, ...fault });
    const proof = auth.kind === "oauth2" ? { auth: oauth2(sis.tokenUrl, auth.key) } : {};
    const steps = await probe(sis.url, { ...proof, ...changes });
    const asked = (path: string) => sis.requests.filter((request) => request.path === path);
    const step = (name: string) => steps.find((one) => one.name === name);
    return { steps, step, asked, tokenRequests: sis.tokenRequests };
  } finally {
    await sis.stop();
  }
}

function oauth2(tokenUrl: string, key: string): NonNullable<ConfigChanges["auth"]> {
  return { kind: "oauth2", tokenUrl, key, secret: secretOf("s3cret"), scopes: [], credentialsIn: "basic" };
}

const statuses = (steps: readonly ProbeStep[]) => steps.map(({ status, name }) => `${status} ${name}`);

describe("the probing of a SIS in order", () => {
  it("finds the server, its clock, the credentials, every endpoint and the size of pages", async () => {
    const { steps, step } = await probeSandbox();

    const names = ["SIS", "clock", "credentials", ...ENDPOINTS, "page size"];
    expect(statuses(steps)).toEqual(names.map((name) => `ok ${name}`));
    expect(step("users")?.message).toBe(`${small.users.length} records`);
    expect(steps.filter(({ name }) => ENDPOINTS.includes(name)).map(({ ms }) => typeof ms)).toEqual(
      ENDPOINTS.map(() => "number"),
    );
  });

  it("asks each endpoint for one record, and the largest for one page", async () => {
    const { asked } = await probeSandbox({ pageSize: 50 });

    for (const endpoint of ENDPOINTS)
      expect(asked(`/${endpoint}`).map(({ query }) => query.limit)).toContain("1");
    expect(asked("/users")[0]?.query.limit).toBe("1");
    expect(asked("/enrollments").map(({ query }) => query.limit)).toEqual(
      expect.arrayContaining(["1", "50"]),
    );
  });

  it("asks what a night would ask, where collections are excluded", async () => {
    const { steps, asked } = await probeSandbox({ exclude: ["users", "courses"] });

    expect(statuses(steps)).toEqual(expect.arrayContaining(["ok students", "ok teachers"]));
    // Not even for the report: a SIS may have reasons why it must not be asked.
    expect([...asked("/users"), ...asked("/courses")]).toEqual([]);
  });

  it("asks every school where a night reads school by school, and puts a collection on one line", async () => {
    const { steps, step, asked } = await probeSandbox({ service: "per-school" });

    expect(step("schools")?.message).toBe("2 schools");
    expect(step("enrollments by school")?.message).toBe(`${small.enrollments.length} records in 2 schools`);
    expect(steps.filter(({ status }) => status !== "ok")).toEqual([]);
    expect(asked("/schools/101/classes")[0]?.query.limit).toBe("1");
  });

  it.each(["basic", "body"] as const)(
    "gets a token with its credentials in the %s",
    async (credentialsIn) => {
      const auth: SandboxAuth = { kind: "oauth2", key: "id", secret: "s3cret", credentialsIn };
      const sis = await startSandboxSis({ district: small, auth });
      const proof = { ...oauth2(sis.tokenUrl, "id"), credentialsIn } as NonNullable<ConfigChanges["auth"]>;
      const steps = await probe(sis.url, { auth: proof });
      await sis.stop();

      expect(steps.find(({ name }) => name === "credentials")).toMatchObject({ status: "ok" });
      expect(sis.tokenRequests).toBe(1);
    },
  );
});

describe("the probing of a SIS that is odd", () => {
  it("tells of a missing total, a refused sort and pages that are cut, and that nights are complete", async () => {
    const { step } = await probeSandbox({ pageSize: 20 }, { quirks: ["no-total", "sort-400", "clamp-page"] });

    expect(step("users")).toMatchObject({ status: "warn" });
    expect(step("users")?.message).toBe("gives records; no total (X-Total-Count); sort is refused");
    expect(step("users")?.hint).toContain("Nothing to mend");
    expect(step("page size")).toMatchObject({ status: "warn" });
    expect(step("page size")?.message).toMatch(/^enrollments: 12 records came where 20 were asked for/);
    expect(step("page size")?.hint).toContain("source.pageSize: 12");
  });

  it("is content with a last page that is short, total or not", async () => {
    for (const quirks of [[], ["no-total"]] satisfies Quirk[][]) {
      const { step } = await probeSandbox({ pageSize: 5000 }, { quirks });
      expect(step("page size")).toMatchObject({
        status: "ok",
        message: `enrollments: ${small.enrollments.length} records in one page`,
      });
    }
  });

  it.each<[Quirk, RegExp]>([
    ["filter-400", /refused, or answered with nothing/],
    ["filter-empty", /refused, or answered with nothing/],
    ["filter-ignored", /ignored/],
  ])("notices %s", async (quirk, words) => {
    const { step } = await probeSandbox({ filters: { users: "role='teacher'" } }, { quirks: [quirk] });

    expect(step("users")).toMatchObject({ status: "warn" });
    expect(step("users")?.message).toMatch(words);
    expect(step("classes")).toMatchObject({ status: "ok" });
  });

  it("doubts a collection without records", async () => {
    const sis = await startTinySis(district([]));
    const steps = await probe(sis.url);

    expect(steps.find(({ name }) => name === "users")).toMatchObject({
      status: "warn",
      message: "0 records",
    });
  });

  it("warns only, where a night gets round a collection that fails as a whole", async () => {
    const { step, steps } = await probeSandbox({}, { quirks: ["bad-row-fails-collection"] });

    expect(step("enrollments")).toMatchObject({ status: "warn" });
    expect(step("enrollments")?.message).toMatch(/answered 500 .*a night reads it school by school instead/);
    expect(step("enrollments by school")).toMatchObject({ status: "ok" });
    expect(statuses(steps).filter((line) => line.startsWith("fail"))).toEqual([]);
  });

  it("warns only, where there are no classes by school", async () => {
    const fault: FaultRule = { path: /^\/schools\/\d+\/classes/, answer: { status: 404 } };
    const { step } = await probeSandbox({ service: "per-school" }, { faults: [fault] });

    expect(step("classes by school")).toMatchObject({ status: "warn" });
    expect(step("classes by school")?.message).toMatch(
      /^2 of 2 schools: .*a night reads all classes instead/,
    );
    expect(step("classes")).toMatchObject({ status: "ok", message: `${small.classes.length} records` });
  });
});

describe("the probing of a SIS that fails", () => {
  it.each<[string, FaultRule["answer"], RegExp, RegExp]>([
    ["403", { status: 403 }, /answered 403 Forbidden/, /whether the SIS lets this key read that endpoint/],
    ["404", { status: 404 }, /answered 404 Not Found/, /source\.exclude/],
    ["a web page", "html", /an HTML page instead of JSON/, /source\.url/],
    ["no envelope", "no-envelope", /no "users" array/, /source\.url/],
    ["a broken answer", "truncate", /an answer that broke off/, /cuts its answers off/],
  ])("finds %s at one endpoint, and goes on", async (_, answer, message, hint) => {
    const { step, steps } = await probeSandbox({}, { faults: [{ path: "/users", answer }] });

    expect(step("users")).toMatchObject({ status: "fail" });
    expect(step("users")?.message).toMatch(message);
    expect(step("users")?.hint).toMatch(hint);
    expect(statuses(steps).filter((line) => line.startsWith("fail"))).toEqual(["fail users"]);
    expect(step("page size")).toMatchObject({ status: "ok" });
  });

  it("fails an endpoint that answers 500 and whose schools do so too", async () => {
    const { step } = await probeSandbox({}, { faults: [{ path: /enrollments/, answer: { status: 500 } }] });

    expect(step("enrollments")).toMatchObject({ status: "fail" });
    expect(step("enrollments by school")?.message).toMatch(/^2 of 2 schools: .*answered 500/);
  });

  it("says once that no endpoint takes the credentials", async () => {
    const { steps } = await probeSandbox({ auth: { kind: "bearer", token: secretOf("wr0ng") } });

    expect(statuses(steps)).toEqual(["ok SIS", "ok clock", "fail credentials"]);
    expect(steps[2]?.message).toMatch(/answered 401 .* with all 6 endpoints$/);
  });

  it("says once that no token is to be had, and asks no endpoint", async () => {
    const auth: SandboxAuth = { kind: "oauth2", key: "another", secret: "s3cret", credentialsIn: "body" };
    const { steps, asked, tokenRequests } = await probeSandbox({}, { auth });

    expect(statuses(steps)).toEqual(["ok SIS", "ok clock", "fail credentials"]);
    expect(steps[2]?.message).toMatch(/the token URL.* answered 401.*no endpoint could be asked$/);
    expect(asked("/users")).toEqual([]);
    expect(tokenRequests).toBe(1);
  });

  it("says once that nothing answers, without a second try", async () => {
    const steps = await probe("http://127.0.0.1:1/ims/oneroster/v1p1");

    expect(statuses(steps)).toEqual(["fail SIS"]);
    expect(steps[0]?.message).toContain("connection refused");
  });

  it("does not wait for a SIS that asks for patience", async () => {
    const patience: Told = { status: 429, headers: { "retry-after": "600" } };
    const sis = await startTinySis(district(), ({ path }) => (path === "users" ? patience : undefined));
    const ports = testPorts();
    const steps = await probe(sis.url, {}, ports);

    const users = steps.find(({ name }) => name === "users");
    expect(users).toMatchObject({ status: "fail" });
    expect(users?.message).toContain("asks to wait 600 seconds");
    expect(ports.waits).toEqual([]);
  });

  it("finds a school that the SIS does not have", async () => {
    const { step } = await probeSandbox({ schools: ["101", "999"] });

    expect(step("schools")).toMatchObject({ status: "fail" });
    expect(step("schools")?.message).toContain("999");
    expect(step("schools")?.hint).toContain("source.schools");
  });

  it("finds that there are no schools to read one by one", async () => {
    const orgs = [{ sourcedId: "D", status: "active", type: "district", name: "D" }];
    const sis = await startTinySis({ ...district(), orgs });
    const steps = await probe(sis.url, { service: "per-school" });

    expect(steps.find(({ name }) => name === "schools")).toMatchObject({ status: "fail" });
  });

  it("doubts pages that take the SIS nearly as long as it is waited for", async () => {
    const ports = testPorts();
    const sis = await startTinySis(district(records("u", 30)), async ({ query }) => {
      if (query.get("limit") === "25") await ports.sleep(35_000, new AbortController().signal);
      return undefined;
    });
    const steps = await probe(sis.url, { pageSize: 25, timeoutSeconds: 60 }, ports);

    const pageSize = steps.find(({ name }) => name === "page size");
    expect(pageSize).toMatchObject({ status: "warn", ms: 35_000 });
    expect(pageSize?.message).toBe("users: 25 records in one page, which took 58 % of source.timeoutSeconds");
  });

  it("ends at once when it is told to", async () => {
    const stop = new AbortController();
    const sis = await startTinySis(district(), ({ path }: Asked): Told | undefined => {
      if (path !== "users") return undefined;
      stop.abort(new Error("Ctrl-C"));
      return { silent: true };
    });
    const probing = all(probeOneRoster(restConfig(sis.url), testPorts(), stop.signal));

    await expect(probing).rejects.toThrow("Ctrl-C");
  });
});

describe("the clock", () => {
  const oauth1 = { kind: "oauth1", key: "k", secret: secretOf("s3cret"), signature: "HMAC-SHA256" } as const;
  const NOW = Date.parse("2026-11-21T02:00:00Z");
  const clockOf = async (sisAheadSeconds: number, changes: ConfigChanges = {}) => {
    const date = new Date(NOW + sisAheadSeconds * 1000).toUTCString();
    const sis = await startTinySis(district(), (asked) => ({ ...told(asked), headers: { date } }));
    const steps = await probe(sis.url, { auth: oauth1, ...changes }, testPorts(NOW));
    return steps.find(({ name }) => name === "clock");
  };
  const told = ({ path }: Asked): Told => ({ body: { [path]: [] } });

  it.each([
    [0, "ok", /as the SIS's/],
    [-50, "ok", /49 seconds ahead of/],
    [50, "ok", /50 seconds behind/],
    [-120, "warn", /ahead of/],
    [240, "warn", /4 minutes behind/],
    [-420, "fail", /7 minutes ahead of/],
    [420, "fail", /7 minutes behind/],
    [26 * 3600, "fail", /26 hours behind/],
  ] as const)("that is %i s from ours is %s where requests are signed", async (seconds, status, words) => {
    const clock = await clockOf(seconds);

    expect(clock).toMatchObject({ status });
    expect(clock?.message).toMatch(words);
    expect(clock?.hint ?? "").toMatch(status === "ok" ? /^$/ : /NTP/);
  });

  it("that is far from ours is a warning where a token is all that counts", async () => {
    const auth = { kind: "bearer", token: secretOf("t0ken") } as const;
    expect(await clockOf(3600, { auth })).toMatchObject({ status: "warn" });
  });

  it("is told also by a SIS that lets nobody in", async () => {
    const date = new Date(NOW - 3_600_000).toUTCString();
    const sis = await startTinySis(district(), () => ({ status: 401, headers: { date } }));
    const steps = await probe(sis.url, { auth: oauth1 }, testPorts(NOW));

    expect(statuses(steps)).toEqual(["ok SIS", "fail clock", "fail credentials"]);
  });

  it("that the SIS does not tell is doubted", async () => {
    expect(await clockOf(Number.NaN)).toMatchObject({ status: "warn" });
  });
});
