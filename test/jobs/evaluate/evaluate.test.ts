import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EvaluationReport } from "../../../jobs/evaluate/report.ts";
import { type Row, readCsv } from "../csv-reader.ts";
import {
  type Home,
  logLines,
  makeHome,
  personalData,
  smallDistrict,
  sourceOf,
  startSis,
} from "../night-kit.ts";
import { type Canvas, canvasOf, PROVISIONING, renamed, reportFolder, reportZip } from "./canvas-report.ts";

const DISTRICT = smallDistrict();
let sis: Awaited<ReturnType<typeof startSis>>;
let home: Home;
let canvas: Canvas;
let next = 0;

beforeAll(async () => {
  sis = await startSis({ district: DISTRICT });
  home = makeHome({ source: sourceOf(sis) });
  const planned = await home.call(["plan"]);
  expect(planned.code, planned.stderr).toBe(0);
  canvas = canvasOf(home);
});
afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await sis.stop();
});

async function evaluate(report: string, ...options: string[]) {
  const ended = await home.call(["evaluate", "--canvas", report, ...options]);
  const folder = join(home.runFolder(), "evaluate");
  const rows = (name: string): Row[] =>
    existsSync(join(folder, name)) ? readCsv(readFileSync(join(folder, name), "utf8")) : [];
  return { ...ended, folder, rows };
}

async function evaluated(changed: Partial<Canvas>, columns?: typeof PROVISIONING) {
  const folder = reportFolder(join(home.folder, `report-${next++}`), { ...canvas, ...changed }, columns);
  const ended = await evaluate(folder, "--json");
  expect(ended.code, ended.stderr).toBe(0);
  return { ...ended, report: JSON.parse(ended.stdout) as EvaluationReport };
}

/** Identifiers of the SIS's users by their sourcedIds. */
const IDENTIFIERS = new Map(DISTRICT.users.map((user) => [user.sourcedId, user.identifier ?? ""]));

describe("evaluate", () => {
  it("finds nothing to do where Canvas has the ids already, and delivers nothing", async () => {
    const { report, rows } = await evaluated({});
    expect(report.verdict).toBe("fits");
    for (const { tonight, results, behind } of Object.values(report.types)) {
      expect(results).toEqual({ "same-id": tonight });
      expect(behind).toEqual({});
    }
    expect(report.files.changes).toBeNull();
    expect(rows("change_sis_id.csv")).toEqual([]);
    expect(home.delivered()).toEqual([]);
    expect(home.manifest()).toMatchObject({ dryRun: true, status: "ok", package: null, delivery: null });
  });

  it("has not ended well before it has compared", async () => {
    await evaluated({});
    const log = logLines(readFileSync(join(home.runFolder(), "log.ndjson"), "utf8"));
    const compared = String(log.find(({ msg }) => String(msg).startsWith("evaluate: compared"))?.["time"]);
    expect(compared).toMatch(/^\d{4}-/);
    expect([home.manifest().finishedAt, compared].sort()).toEqual([compared, home.manifest().finishedAt]);
  });

  it("joins two worlds by logins and names, tells it in words without a person's data, and keeps no copy of it", async () => {
    const rename = (column: string) => (id: string) => `old-${column}-${id}`;
    const columns = ["account_id", "term_id", "course_id", "section_id", "user_id"];
    const other = renamed(canvas, Object.fromEntries(columns.map((column) => [column, rename(column)])));
    const folder = reportFolder(join(home.folder, "provisioning"), other, PROVISIONING);
    const zip = await reportZip(folder, join(home.folder, "provisioning_csv_21_Nov_2026_12.zip"));

    const { code, stdout, stderr, rows, folder: left } = await evaluate(zip);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain(
      "Canvas: report of 2026-11-21: provisioning_csv_21_Nov_2026_12.zip/accounts.csv",
    );
    expect(stdout).toMatch(
      new RegExp(`^ +users +${canvas.users.length} +0 +${canvas.users.length} +0 +0 +0`, "m"),
    );
    expect(stdout).toContain("by login");
    expect(stdout).toContain("1. Read ");
    const changes = rows("change_sis_id.csv");
    const all = (["accounts", "terms", "courses", "sections", "users"] as const).flatMap(
      (file) => canvas[file],
    );
    expect(changes).toHaveLength(all.length);
    for (const { old_id, new_id, type } of changes) expect(old_id).toBe(`old-${type}_id-${new_id}`);

    const ids = new Set(canvas.users.map(({ user_id }) => user_id));
    const files = readdirSync(left).map((name) => readFileSync(join(left, name), "utf8"));
    for (const text of personalData(DISTRICT).filter((text) => !ids.has(text))) {
      for (const file of [stdout, stderr, ...files]) expect(file).not.toContain(text);
    }
    expect(readdirSync(left)).not.toContain("work");
    for (const name of readdirSync(left)) expect(statSync(join(left, name)).mode & 0o777).toBe(0o600);
  });

  it("proposes the field that Canvas knows people by, instead of changing everybody's id", async () => {
    const byIdentifier = renamed(canvas, { user_id: (id) => IDENTIFIERS.get(id) ?? id });
    const { report } = await evaluated(byIdentifier);
    expect(report.verdict).toBe("choose");
    expect(report.proposals.id).toMatchObject({ now: "sourcedId", best: "identifier", foundNow: 0 });
    expect(report.steps[0]).toContain("Set roster.users.id: identifier.");
    expect(report.proposals.login).toMatchObject({ now: "username", best: "username" });

    home.configure({ roster: { users: { id: "identifier" } } });
    try {
      const again = await evaluated(byIdentifier);
      expect(again.report.types.users?.results).toEqual({ "same-id": canvas.users.length });
      expect(again.report.verdict).toBe("fits");
    } finally {
      home.configure({});
    }
  });

  it("stops where Canvas would take one person for another, and counts the logins that are taken", async () => {
    const [one = {}, two = {}, three = {}] = canvas.users;
    const users = [
      { ...one, user_id: two["user_id"] ?? "" },
      { ...two, user_id: one["user_id"] ?? "" },
      { ...three, user_id: "x-3", first_name: "Quite", last_name: "Another", email: "" },
      ...canvas.users.slice(3),
    ];
    const { report, rows } = await evaluated({ users });
    expect(report.verdict).toBe("stop");
    expect(report.types.users?.results).toMatchObject({ "other-owner": 2, perhaps: 1 });
    expect(report.claims).toEqual([{ column: "login_id", claimed: 3, solved: 0 }]);
    expect(report.meaning[0]).toContain("Ids that are another person's or thing's in Canvas: 2.");
    expect(rows("claims.csv")).toHaveLength(3);
    expect(report.steps.join("\n")).not.toContain("rosterbridge roster");
  });

  it("takes a file without rows for a Canvas that has none, and says that nobody is known", async () => {
    const { report } = await evaluated({ users: [], enrollments: [] });
    expect(report.verdict).toBe("strangers");
    expect(report.types.users).toMatchObject({ results: { new: canvas.users.length }, inCanvas: 0 });
  });

  it("says of a report without people that it tells nothing of them", async () => {
    const folder = reportFolder(join(home.folder, "places"), { accounts: canvas.accounts });
    const { code, stdout } = await evaluate(folder);
    expect(code).toBe(0);
    expect(stdout).toContain(
      "The report says nothing of terms, courses, sections, users, enrollments: whether people's ids meet cannot be told",
    );
    expect(stdout).not.toContain("The ids meet");
    expect(stdout).not.toContain("rosterbridge roster`");
    const people = await evaluate(reportFolder(join(home.folder, "people"), { users: canvas.users }));
    expect(people.stdout).toContain(
      "The ids that the report tells of meet. Of accounts, terms, courses, sections, enrollments it says nothing.",
    );
  });

  it("has somebody look where a known person's login is another's in Canvas", async () => {
    const [one = {}, ...others] = canvas.users;
    const left = { ...one, user_id: "left", first_name: "Quite", last_name: "Another", email: "" };
    const { report } = await evaluated({ users: [{ ...one, login_id: "old-login" }, ...others, left] });
    expect(report.claims).toEqual([{ column: "login_id", claimed: 1, solved: 0 }]);
    expect(report.verdict).toBe("look");
    expect(report.headline).toContain("a login that another has there");
  });

  it("knows another district's Canvas for one, and an old report for an old one", async () => {
    const strange = (row: Row) => ({ ...row, first_name: "Xx", last_name: `Y${row["user_id"] ?? ""}` });
    const users = canvas.users.map((row, at) => ({
      ...strange(row),
      user_id: `z${at}`,
      login_id: `z${at}`,
      email: "",
    }));
    const folder = reportFolder(join(home.folder, "strangers"), { users });
    const zip = await reportZip(folder, join(home.folder, "sis_export_csv_3_Jan_2020_1.zip"));
    const { code, stdout } = await evaluate(zip);
    expect(code).toBe(0);
    expect(stdout).toContain("Canvas knows next to nobody of tonight");
    expect(stdout).toMatch(/The report is [\d]+ days old/);
    expect(stdout).toContain("The report says nothing of accounts, terms, courses, sections, enrollments");
  });

  it("looks at the report before anything is asked or written", async () => {
    const runs = home.runs();
    reportFolder(join(home.folder, "twice", "a"), { users: canvas.users });
    reportFolder(join(home.folder, "twice", "b"), { users: canvas.users });
    const twice = await evaluate(join(home.folder, "twice"));
    expect(twice.code).toBe(3);
    expect(twice.stderr).toContain("which of them Canvas is today cannot be told");
    expect((await evaluate(join(home.folder, "nowhere"))).code).toBe(2);
    expect((await home.call(["evaluate"])).stderr).toContain("--canvas");
    expect(home.runs()).toEqual(runs);
  });

  it("says nothing on stdout when there is no night to compare", async () => {
    home.configure({ source: sourceOf({ ...sis, url: `${sis.url}/nowhere` }) });
    try {
      const { code, stdout, folder } = await evaluate(reportFolder(join(home.folder, "alone"), canvas));
      expect(code).toBe(3);
      expect(stdout).toBe("");
      expect(existsSync(join(folder, "work"))).toBe(false);
    } finally {
      home.configure({});
    }
  });
});
