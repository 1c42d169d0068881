import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fault, FaultRule, SandboxSis } from "../../../jobs/demo/sis.ts";
import {
  type Home,
  logLines,
  makeHome,
  OAUTH1,
  personalData,
  secretForms,
  SIS_SECRET,
  SIS_TOKEN,
  smallDistrict,
  sourceOf,
  startSis,
  until,
} from "../night-kit.ts";

const district = smallDistrict();
const ALWAYS = { times: Number.POSITIVE_INFINITY };
const always = (path: FaultRule["path"], answer: Fault): FaultRule => ({ path, answer, ...ALWAYS });

interface Case {
  /** The source section over that of a SIS that works. */
  source?: Record<string, unknown>;
  faults?: FaultRule[];
  env?: NodeJS.ProcessEnv;
  code: string;
  /** What the operator must read: the endpoint, and what is wrong. */
  says: RegExp;
  hint: RegExp;
}

const users = district.users.length;
const enrollments = district.enrollments.length;

const CASES: Record<string, Case> = {
  "a wrong secret": {
    env: { SIS_SECRET: "another one" },
    code: "source.unauthorized",
    says: /GET \/ims\/oneroster\/v1p1\/\w+\S* answered 401 Unauthorized\. The SIS says: Sandbox SIS: not authorized/,
    hint: /key, secret and signature method/,
  },
  "the wrong signature method": {
    source: {
      auth: { kind: "oauth1", key: OAUTH1.key, secret: { env: "SIS_SECRET" }, signature: "HMAC-SHA1" },
    },
    code: "source.unauthorized",
    says: /answered 401/,
    hint: /signature method/,
  },
  "a token that has expired": {
    source: { auth: { kind: "bearer", token: { env: "SIS_TOKEN" } } },
    code: "source.unauthorized",
    says: /answered 401/,
    hint: /source\.auth/,
  },
  "a key that may not read one endpoint": {
    faults: [always("/enrollments", { status: 403 })],
    code: "source.unauthorized",
    says: /GET \/ims\/oneroster\/v1p1\/enrollments\S* answered 403 Forbidden\. The SIS says: Sandbox SIS: as it was told/,
    hint: /whether the SIS lets this key read that endpoint/,
  },
  "an address that is not OneRoster's": {
    source: { url: "wrong" },
    code: "source.not-found",
    says: /GET \/wrong\/\w+\S* answered 404 Not Found\. The SIS says: Not found/,
    hint: /source\.url: it is the OneRoster root/,
  },
  "a login page instead of records": {
    faults: [always("/classes", "html")],
    code: "source.not-oneroster",
    says: /GET \/ims\/oneroster\/v1p1\/classes\S* gave .*Please sign in/,
    hint: /source\.url/,
  },
  "a school that the SIS does not have": {
    source: { schools: ["101", "0101"] },
    code: "source.unknown-school",
    says: /no school with the sourcedId 0101/,
    hint: /source\.schools\. The SIS has 10[12], 10[12]\./,
  },
  "a collection without its envelope": {
    faults: [always("/users", "no-envelope")],
    code: "source.not-oneroster",
    says: /GET \/ims\/oneroster\/v1p1\/users\S* gave/,
    hint: /source\.url/,
  },
  "JSON that stops in the middle": {
    faults: [always("/users", "cut-json")],
    code: "source.incomplete",
    says: /GET \/ims\/oneroster\/v1p1\/users\S* gave JSON that breaks off .*, in all 2 tries/,
    hint: /cuts its answers off/,
  },
  "a body that breaks off": {
    faults: [always("/courses", "truncate")],
    code: "source.incomplete",
    says: /GET \/ims\/oneroster\/v1p1\/courses\S* gave .*broke off.*, in all 2 tries/,
    hint: /smaller pages/,
  },
  "a total that changes while it is read": {
    faults: [always(/^\/enrollments\?.*offset=[1-9]/, { total: enrollments + 1 })],
    code: "source.incomplete",
    says: /\/enrollments: .*total/,
    hint: /quieter hour/,
  },
  "a page that repeats the one before": {
    faults: [always(/^\/users\?.*offset=[1-9]/, "repeat-page")],
    code: "source.incomplete",
    says: /\/users: .*\bsame\b.* instead of further ones/,
    hint: /paging repeats and skips/,
  },
  "fewer records than promised": {
    faults: [always(/^\/users\b/, { total: users + 3 })],
    code: "source.incomplete",
    says: new RegExp(`/users: .*${users}.*${users + 3}|/users: .*${users + 3}.*${users}`),
    hint: /quieter hour/,
  },
  "a SIS in trouble": {
    faults: [always(/./, { status: 503, body: '{"error":"database is being restored"}' })],
    code: "source.unavailable",
    says: /answered 503 Service Unavailable, in all 2 tries\. The SIS says: database is being restored/,
    hint: /Run again later/,
  },
  "a SIS that wants hours between requests": {
    faults: [
      always("/terms", { status: 429 }),
      always(/./, { status: 429, headers: { "retry-after": "7200" } }),
    ],
    code: "source.rate-limited",
    says: /answered 429 .* asks to wait 120 minutes/,
    hint: /requestsPerSecond/,
  },
  "a SIS that falls silent": {
    source: { timeoutSeconds: 0.2, retries: 0 },
    faults: [always("/users", "hang")],
    code: "source.timeout",
    says: /GET \/ims\/oneroster\/v1p1\/users\S*: no answer within the time-out/,
    hint: /timeoutSeconds/,
  },
  "a SIS that sends its readers elsewhere": {
    faults: [
      always("/orgs", { status: 302, headers: { location: "https://other.example.org/orgs?token=x" } }),
    ],
    code: "source.refused",
    says: /orgs\S* answered 302 Found, a redirect to https:\/\/other\.example\.org\/orgs\b/,
    hint: /source\.url/,
  },
  "a SIS that breaks every connection halfway through the night": {
    faults: [{ path: /./, answer: "reset", after: 8, ...ALWAYS }],
    code: "source.unreachable",
    says: /GET \/ims\/oneroster\/v1p1\/\w+\S*: 127\.0\.0\.1:\d+ cannot be reached: .*, in all 2 tries/,
    hint: /source\.url.* the network/,
  },
};

describe("a night whose SIS cannot be relied on delivers nothing and says why:", () => {
  it.for(Object.entries(CASES))("%s", async ([, { source = {}, faults = [], env, code, says, hint }]) => {
    await using sis = await startSis({ district });
    for (const fault of faults) sis.failNext(fault);
    const given = sourceOf(sis);
    const url = source["url"] === undefined ? sis.url : new URL("/wrong", sis.url).href;
    await using home = makeHome({ source: { ...given, ...source, url } });
    const { code: exitCode, stderr } = await home.call(["roster"], env && { env });
    expect(exitCode, stderr).toBe(3);
    expectFailure(home, stderr, { code, says, hint });
  });

  it("a SIS that dies halfway", async () => {
    await using sis = await startSis({ district, latencyMs: 20 });
    await using home = makeHome({ source: sourceOf(sis) });
    const night = home.call(["roster"]);
    await until("the night is halfway", () => sis.requests.length >= 10);
    await sis.stop();
    const { code, stderr } = await night;
    expect(code).toBe(3);
    const says = /GET \/ims\/oneroster\/v1p1\/\w+\S*.*(connection refused|connection was closed|broke off)/;
    expectFailure(home, stderr, {
      code: /^source\.(unreachable|incomplete)$/,
      says,
      hint: /./,
    });
  });

  it("a SIS that has nobody", async () => {
    const nobody = { orgs: [], academicSessions: [], courses: [], classes: [], users: [], enrollments: [] };
    await using sis = await startSis({ district: nobody });
    await using home = makeHome({ source: sourceOf(sis) });
    const { code, stderr } = await home.call(["roster"]);
    expect(code).toBe(3);
    expect(home.delivered()).toEqual([]);
    expect(home.manifest()).toMatchObject({ status: "failed", exitCode: 3, package: null, delivery: null });
    expect(stderr).toMatch(/sent nothing that Canvas could be given\. Nothing was delivered/);
  });
});

/** Nothing has left, the manifest is true, and what is seen tells no secret and nobody's name. */
function expectFailure(
  home: Home,
  stderr: string,
  { code, says, hint }: { code: string | RegExp; says: RegExp; hint: RegExp },
) {
  expect(home.delivered()).toEqual([]);
  const manifest = home.manifest();
  expect(manifest).toMatchObject({ status: "failed", exitCode: 3, package: null, delivery: null });
  expect(Date.parse(manifest.finishedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(manifest.startedAt));
  expect(manifest.stages.map(({ name, status }) => `${name} ${status}`)).toEqual([
    "extract failed",
    "map skipped",
    "check skipped",
    "package skipped",
    "deliver skipped",
  ]);
  const [error, ...others] = manifest.errors;
  expect(others).toEqual([]);
  expect(error).toEqual({
    stage: "extract",
    code: expect.stringMatching(code) as string,
    message: expect.stringMatching(says) as string,
    hint: expect.stringMatching(hint) as string,
  });

  const told = logLines(stderr).filter(({ level }) => level === 50);
  expect(told).toEqual([
    expect.objectContaining({ stage: "extract", code: error?.code, msg: error?.message, hint: error?.hint }),
  ]);
  expectNothingPrivate(home);
}

function expectNothingPrivate(home: Home) {
  const seen = home.seen();
  const telling = [...secretForms(SIS_SECRET), ...secretForms(SIS_TOKEN), ...personalData(district)];
  expect(telling.filter((text) => seen.includes(text))).toEqual([]);
}

describe("what a SIS says when it refuses", () => {
  it("reaches the operator without the secret that it repeats, however it is written", async () => {
    await using sis = await startSis({ district });
    const [plain = "", ...others] = secretForms(SIS_SECRET);
    const body = JSON.stringify({
      error_description: `unknown secret ${plain}, also ${others.join(" and ")}`,
    });
    sis.failNext(always(/./, { status: 401, body }));
    await using home = makeHome({ source: sourceOf(sis) });
    const { code, stderr } = await home.call(["roster"]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/The SIS says: unknown secret \[secret\], also \[secret\]/);
    expectNothingPrivate(home);
  });
});

describe("a night that cannot begin touches nothing:", () => {
  let sis: SandboxSis & AsyncDisposable;
  beforeAll(async () => {
    sis = await startSis({ district });
  });
  afterAll(() => sis[Symbol.asyncDispose]());

  it("a config with ten mistakes ends with 2 and names all ten", async () => {
    await using home = makeHome({ source: sourceOf(sis) });
    home.configure({
      institution: { id: "oak dale", nam: "Oakdale", timezone: "America/Oakdale" },
      source: { ...sourceOf(sis), pagesize: 10, concurrency: 0, service: "school", url: "sis.example.org" },
      roster: { courses: { identity: "teacher" }, terms: { pick: "second" } },
      delivery: { kind: "directory", path: 7 },
    });
    const { code, stderr } = await home.call(["roster"]);
    expect(code).toBe(2);
    const keys = [
      "institution.id",
      "institution.nam",
      "institution.timezone",
      "source.pagesize",
      "source.concurrency",
      "source.service",
      "source.url",
      "roster.courses.identity",
      "roster.terms.pick",
      "delivery.path",
    ];
    for (const key of keys) expect(stderr).toMatch(new RegExp(`rosterbridge\\.yaml:\\d+:\\d+: ${key}: `));
    expect(home.runs()).toEqual([]);
  });

  it("a secret that is not there ends with 2 and names the variable", async () => {
    await using home = makeHome({ source: sourceOf(sis) });
    const { code, stderr } = await home.call(["roster"], { env: {} });
    expect(code).toBe(2);
    expect(stderr).toMatch(/source\.auth\.secret.*SIS_SECRET/);
    expect(home.runs()).toEqual([]);
  });

  it("a state folder that cannot be written ends with 2 before anything is asked", async () => {
    const before = sis.requests.length;
    await using home = makeHome({ source: sourceOf(sis), state: "./rosterbridge.yaml/var" });
    const { code, stderr } = await home.call(["roster"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /The state folder \S+rosterbridge\.yaml\/var cannot be written.*Nothing was asked of the SIS/,
    );
    expect(sis.requests.length).toBe(before);
    expect(home.delivered()).toEqual([]);
  });
});

it("half a secret at the end of the SIS's words is no more told than a whole one", async () => {
  await using sis = await startSis();
  await using home = makeHome({ source: sourceOf(sis) });
  sis.failNext({
    path: "/orgs",
    times: Infinity,
    answer: { status: 403, body: "x".repeat(290) + SIS_SECRET },
  });
  expect((await home.call(["roster"])).code).toBe(3);
  expect(home.seen()).not.toContain(SIS_SECRET.slice(0, 4));
});
