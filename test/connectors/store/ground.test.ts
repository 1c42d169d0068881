import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readGround, type RosterGround } from "../../../connectors/store/ground.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ground-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Columns of each file of a baseline, as a roster night leaves them; of several that are not asked for one is here. */
const COLUMNS = {
  accounts: "source_type,source_id,account_id,parent_account_id,name,status,nights,held",
  terms: "source_type,source_id,term_id,name,status,start_date,end_date,nights,held",
  courses: "source_type,source_id,course_id,short_name,long_name,account_id,term_id,status,nights,held",
  sections: "source_type,source_id,section_id,course_id,name,status,start_date,end_date,nights,held",
  users: "source_type,source_id,user_id,login_id,first_name,last_name,email,status,nights,held",
  enrollments:
    "source_type,source_id,course_id,section_id,user_id,role,status,start_date,end_date,nights,held",
};

const PLAIN: Record<keyof typeof COLUMNS, string[]> = {
  accounts: ["orgs,school-9,acc-9,,North High,active,,"],
  terms: ["academicSessions,t1,T1,Fall,active,2026-08-17T07:00:00Z,2026-12-19T07:59:59Z,,"],
  courses: ["classes,c1,C1,ALG,Algebra I,acc-9,T1,active,,"],
  sections: ["classes,class-1,S1,C1,Algebra P1,active,,,,"],
  users: ["users,sis-1,u1,ann,Ann,Lee,,active,,"],
  enrollments: ["enrollments,e1,C1,S1,u1,student,active,,,,"],
};

async function groundOf(
  changes: Partial<typeof PLAIN> = {},
  studentRoles: readonly string[] = ["student"],
): Promise<RosterGround> {
  const baseline = mkdtempSync(join(folder, "baseline-"));
  mkdirSync(baseline, { recursive: true });
  for (const [file, rows] of Object.entries({ ...PLAIN, ...changes })) {
    if (rows.length === 0) continue;
    const columns = COLUMNS[file as keyof typeof COLUMNS];
    writeFileSync(join(baseline, `${file}.csv`), [columns, ...rows].map((line) => `${line}\n`).join(""));
  }
  return readGround({ run: "R1", folder: baseline, studentRoles, spill: join(folder, "spill") });
}

describe("readGround", () => {
  it("knows of each section its class, its school and its term", async () => {
    const ground = await groundOf();
    expect(ground.run).toBe("R1");
    expect([...ground.sections()]).toEqual([
      {
        section_id: "S1",
        course_id: "C1",
        classId: "class-1",
        name: "Algebra P1",
        schoolId: "school-9",
        term_id: "T1",
        start_date: "2026-08-17T07:00:00Z",
        end_date: "2026-12-19T07:59:59Z",
      },
    ]);
    expect(ground.section("S1")).toEqual([...ground.sections()][0]);
    expect(ground.section("s1")).toBeUndefined();
  });

  it("takes the dates of a section before those of its term, and none where there are none", async () => {
    const sections = ["classes,class-1,S1,C1,P1,active,2026-09-01T07:00:00Z,2026-10-01T06:59:59Z,,"];
    expect((await groundOf({ sections })).section("S1")?.end_date).toBe("2026-10-01T06:59:59Z");
    const bare = await groundOf({
      terms: [],
      accounts: [],
      courses: ["classes,c1,C1,ALG,Algebra,,,active,,"],
    });
    expect(bare.section("S1")).toMatchObject({ end_date: "", term_id: "", schoolId: null });
  });

  it("knows students by their user_id, whatever of theirs that is, and where they are enrolled", async () => {
    const ground = await groundOf({
      sections: [...PLAIN.sections, "classes,class-2,S2,C1,Algebra P2,active,,,,"],
      users: [...PLAIN.users, "users,sis-42,0042,bo,Bo,Ray,,suspended,,"],
      enrollments: [...PLAIN.enrollments, "enrollments,e2,C1,S2,u1,student,active,,,,"],
    });
    expect(ground.student("u1")).toBe("sis-1");
    expect(ground.sectionsOf("u1").toSorted()).toEqual(["S1", "S2"]);
    expect(ground.student("0042")).toBe("sis-42");
    expect(ground.student("42")).toBeUndefined();
    expect(ground.sectionsOf("0042")).toEqual([]);
    expect(ground.sectionsOf("nobody")).toEqual([]);
  });

  it.each([
    ["was dropped", "enrollments,e1,C1,S1,u1,student,deleted,,,,"],
    ["has completed", "enrollments,e1,C1,S1,u1,student,completed,,,,"],
    ["went missing", "enrollments,e1,C1,S1,u1,student,active,,,1,"],
    ["teaches", "enrollments,e1,C1,S1,u1,teacher,active,,,,"],
  ])("enrolls nobody who %s", async (_, enrollment) => {
    const ground = await groundOf({ enrollments: [enrollment] });
    expect(ground.sectionsOf("u1")).toEqual([]);
    expect(ground.student("u1")).toBe("sis-1");
  });

  it("enrolls those who have any role of students, once where they have two", async () => {
    const enrollments = [...PLAIN.enrollments, "enrollments,e2,C1,S1,u1,Online's Student,active,,,,"];
    const roles = ["student", "Online's Student"];
    expect((await groundOf({ enrollments }, roles)).sectionsOf("u1")).toEqual(["S1"]);
    expect((await groundOf({ enrollments: enrollments.slice(1) }, roles)).sectionsOf("u1")).toEqual(["S1"]);
    expect((await groundOf({ enrollments }, [])).sectionsOf("u1")).toEqual([]);
  });

  it("does not know what is gone, or went missing: Canvas was told so", async () => {
    const gone = await groundOf({
      sections: ["classes,class-1,S1,C1,P1,deleted,,,,", "classes,class-2,S2,C1,P2,active,,,2,"],
      users: ["users,sis-1,u1,ann,Ann,Lee,,deleted,,", "users,sis-2,u2,bo,Bo,Ray,,active,1,"],
    });
    expect([...gone.sections()]).toEqual([]);
    expect([gone.student("u1"), gone.student("u2")]).toEqual([undefined, undefined]);
  });
});
