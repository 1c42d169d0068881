/** One institution over several nights: its SIS says something else on each, at the same address. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { District } from "../../../jobs/demo/district.ts";
import type { SandboxSis } from "../../../jobs/demo/sis.ts";
import { type Row, readCsv } from "../csv-reader.ts";
import {
  type Ended,
  type Home,
  makeHome,
  packageOf,
  rowsOf,
  smallDistrict,
  sourceOf,
  startSis,
} from "../night-kit.ts";

export interface Nights extends AsyncDisposable {
  home: Home;
  /** Of its config. */
  sections: { source: ReturnType<typeof sourceOf> };
  /** From now on the SIS holds this district; the config stays as it is. */
  becomes(district: District): Promise<SandboxSis>;
  /** The SIS as it is now. */
  sis(): SandboxSis;
  /** One `roster` on a district. */
  night(district: District, ...options: string[]): Promise<Ended>;
}

/** @param sections of the config, over the kit's own; `source` adds to that of the sandbox */
export async function startNights(
  district: District = smallDistrict(),
  { source = {}, ...sections }: { source?: Record<string, unknown>; [section: string]: unknown } = {},
): Promise<Nights> {
  let sis = await startSis({ district });
  let now = district;
  const all = { source: sourceOf(sis, undefined, source), ...sections };
  const home = makeHome(all);
  const becomes = async (next: District) => {
    if (next === now) return sis;
    const port = Number(new URL(sis.url).port);
    await sis.stop();
    sis = await startSis({ district: next, port });
    now = next;
    return sis;
  };
  return {
    home,
    sections: all,
    becomes,
    sis: () => sis,
    async night(next, ...options) {
      await becomes(next);
      return home.call(["roster", ...options]);
    },
    async [Symbol.asyncDispose]() {
      await sis.stop();
      await home[Symbol.asyncDispose]();
    },
  };
}

/** sourcedId of a school of the small district. */
export const SECOND_SCHOOL = "102";

/** The district without the enrollments of a school, as when its data was not sent. */
export function withoutEnrollments(district: District, school = SECOND_SCHOOL): District {
  return { ...district, enrollments: district.enrollments.filter((one) => one.school.sourcedId !== school) };
}

/** The district without some users, and without their enrollments. */
export function withoutUsers(district: District, ids: readonly string[]): District {
  return {
    ...district,
    users: district.users.filter(({ sourcedId }) => !ids.includes(sourcedId)),
    enrollments: district.enrollments.filter(({ user }) => !ids.includes(user.sourcedId)),
  };
}

/** sourcedIds of students who are active and enrolled, in order. */
export function studentsOf(district: District): string[] {
  const enrolled = new Set(
    district.enrollments.filter(({ status }) => status === "active").map(({ user }) => user.sourcedId),
  );
  return district.users
    .filter(({ role, status, enabledUser }) => role === "student" && status === "active" && enabledUser)
    .map(({ sourcedId }) => sourcedId)
    .filter((id) => enrolled.has(id))
    .sort();
}

/** The rows of a user in the package of a run (the newest): status, and of each enrollment `section role status`. */
export function userIn(
  home: Home,
  id: string,
  run?: string,
): { status: string | undefined; enrollments: string[] } {
  const files = packageOf(home, run);
  const one = rowsOf(files, "users").find((row) => row["user_id"] === id);
  return {
    status: one?.["status"],
    enrollments: rowsOf(files, "enrollments")
      .filter((row) => row["user_id"] === id)
      .map((row) => row["status"] ?? ""),
  };
}

export function csvOf(home: Home, file: string, run?: string): Row[] {
  return readCsv(readFileSync(join(home.runFolder(run), file), "utf8"));
}
