import { describe, expect, it } from "vitest";
import { linksOf, TOKEN, withCanvas } from "./canvas-kit.ts";
import { ask } from "./ask.ts";

const SIS = "/api/sis/accounts/self/assignments";

describe("the sandbox Canvas, who may read", () => {
  it("takes its own token, and tells a wrong one from none in Canvas's words", async () => {
    await withCanvas({}, async ({ url }, { get }) => {
      expect((await get(SIS)).status).toBe(200);
      const none = await ask(url + SIS);
      expect(none.status).toBe(401);
      expect(none.json()).toEqual({
        status: "unauthenticated",
        errors: [{ message: "user authorization required" }],
      });
      const wrong = await get(SIS, { authorization: `Bearer ${TOKEN}x` });
      expect(wrong.status).toBe(401);
      expect(wrong.json()).toEqual({ errors: [{ message: "Invalid access token." }] });
      expect(wrong.header("www-authenticate")).toBe('Bearer realm="canvas-lms"');
    });
  });

  it("answers 404 as Canvas does for what it has not, for a bare dot, and for other methods", async () => {
    await withCanvas({}, async ({ url }, { get }) => {
      for (const path of [
        "/",
        "/api/v1/nothing",
        "/api/v1/courses/999999",
        "/api/v1/sections/sis_section_id:none/students/submissions",
        "/api/sis/courses/sis_course_id:A.B/assignments",
        "/api/v1/courses/%ZZ",
      ]) {
        const reply = await get(path);
        expect([path, reply.status]).toEqual([path, 404]);
        expect(reply.json()).toEqual({ errors: [{ message: "The specified resource does not exist." }] });
      }
      const posted = await ask(url + SIS, { authorization: `Bearer ${TOKEN}` }, "");
      expect(posted.status).toBe(404);
    });
  });

  it("refuses a token that may not view grades with a 403 that is no rate limit", async () => {
    await withCanvas({ quirks: ["no-rights"] }, async (_, { get }) => {
      for (const path of [
        SIS,
        "/api/v1/sections/sis_section_id:ALG-1/students/submissions?student_ids[]=all",
      ]) {
        const reply = await get(path);
        expect(reply.status).toBe(403);
        expect(reply.text).toContain("user not authorized to perform that action");
      }
    });
  });

  it("says who the token is, and what an account, course and section are", async () => {
    await withCanvas({}, async ({ coursework }, { get, all }) => {
      expect((await get("/api/v1/users/self")).json()).toHaveProperty("id", 1);
      expect((await get("/api/v1/accounts/self")).json()).toMatchObject({ id: 1, root_account_id: null });
      expect((await get("/api/v1/accounts/sis_account_id:North")).json()).toMatchObject({
        sis_account_id: "North",
        parent_account_id: 1,
      });
      expect((await get("/api/v1/courses/sis_course_id:ALG")).json()).toMatchObject({
        sis_course_id: "ALG",
        workflow_state: "available",
      });
      const { id } = coursework.school.sections.get("BIO-1");
      expect((await get(`/api/v1/sections/${id}`)).json()).toMatchObject({ sis_section_id: "BIO-1" });
      const sections = await all("/api/v1/courses/sis_course_id:ALG/sections?per_page=1");
      expect(sections.map((each) => each["sis_section_id"])).toEqual(["ALG-1", "ALG-2"]);
    });
  });
});

describe("the sandbox Canvas's pages", () => {
  it("lists by pages of ten unless asked, of a hundred at most, under Link headers as Canvas writes them", async () => {
    await withCanvas({ assignmentsPerCourse: 60 }, async ({ url }, { get }) => {
      expect((await get(SIS)).json()).toHaveLength(10);
      expect((await get(`${SIS}?per_page=0`)).json()).toHaveLength(1);
      const large = await get(`${SIS}?include[]=student_overrides&per_page=1000`);
      expect(large.json()).toHaveLength(100);
      const base = `${url}/api/sis/accounts/1/assignments?include%5B%5D=student_overrides`;
      expect(large.header("link")).toBe(
        `<${base}&page=1&per_page=100>; rel="current",<${base}&page=2&per_page=100>; rel="next",` +
          `<${base}&page=1&per_page=100>; rel="first",<${base}&page=2&per_page=100>; rel="last"`,
      );
      const last = await get(`${SIS}?page=2&per_page=100`);
      expect(last.json()).toHaveLength(80);
      expect(Object.keys(linksOf(last))).toEqual(["current", "prev", "first", "last"]);
      expect((await get(`${SIS}?page=3&per_page=100`)).json()).toEqual([]);
      expect((await get(`${SIS}?page=two`)).status).toBe(404);
    });
  });

  it("pages submissions by bookmarks, with neither a last nor a previous page", async () => {
    await withCanvas({}, async (_, { get, all }) => {
      const path = "/api/v1/sections/sis_section_id:ALG-1/students/submissions?student_ids[]=all";
      const first = await get(`${path}&per_page=3`);
      expect(Object.keys(linksOf(first))).toEqual(["current", "next", "first"]);
      expect(linksOf(first)["next"]).toMatch(/page=bookmark:\w+&per_page=3$/);
      const ids = (await all(`${path}&per_page=3`)).map((each) => Number(each["id"]));
      expect(ids).toHaveLength(10);
      expect(ids).toEqual([...new Set(ids)].sort((one, other) => one - other));
      expect((await get(`${path}&page=2`)).status).toBe(404);
    });
  });

  it("numbers the pages of submissions where that is its quirk, and cuts pages to what it was told", async () => {
    await withCanvas({ quirks: ["numbered-pages"], pageSize: 4 }, async (_, { get }) => {
      const path = "/api/v1/courses/sis_course_id:ALG/students/submissions?student_ids[]=all&per_page=100";
      const first = await get(path);
      expect(first.json()).toHaveLength(4);
      expect(linksOf(first)["last"]).toMatch(/page=4&per_page=4$/);
    });
  });

  it("leaves links out that would be too long for one header, and refuses an address over 8 KB", async () => {
    await withCanvas({ assignmentsPerCourse: 230 }, async ({ coursework }, { get }) => {
      const ids = coursework.assignments("ALG").map(({ id }) => `assignment_ids[]=${id}`);
      const path = "/api/v1/courses/sis_course_id:ALG/students/submissions?student_ids[]=all&";
      const some = await get(`${path}${ids.slice(0, 150).join("&")}`);
      expect(some.status).toBe(200);
      expect(Object.keys(linksOf(some))).toEqual(["next"]);
      expect(Object.keys(linksOf(await get(`${path}${ids.join("&")}`)))).toEqual([]);
      expect((await get(`${path}${[...ids, ...ids].join("&")}`)).status).toBe(414);
    });
  });
});

describe("the sandbox Canvas's SIS assignments", () => {
  it("gives published, synced assignments with group, sections and courses, by course and id", async () => {
    await withCanvas({ assignmentsPerCourse: 2 }, async ({ coursework }, { all }) => {
      const [one, two] = coursework.assignments("ALG");
      coursework.edit(one!, { post_to_sis: false });
      coursework.edit(coursework.assignments("BIO")[0]!, { workflow_state: "unpublished" });
      coursework.deleteAssignment(coursework.assignments("BIO")[1]!);
      const listed = await all(`${SIS}?per_page=1`);
      expect(listed.map(({ id }) => id)).toEqual([
        two!.id,
        ...coursework.assignments("CHE").map(({ id }) => id),
      ]);
      const [section] = coursework.school.sectionsOf(coursework.school.courses.get("ALG").id);
      const { id: course } = coursework.school.courses.get("ALG");
      expect(listed[0]).toMatchObject({
        name: two!.name,
        due_at: two!.due_at,
        course_id: course,
        points_possible: two!.points_possible,
        assignment_group: { name: "Quizzes", sis_source_id: null },
        sections: [
          {
            id: section!.id,
            name: "Algebra 1",
            sis_id: "ALG-1",
            origin_course: { id: course, name: "Algebra, first part", sis_id: "ALG", integration_id: null },
          },
          { sis_id: "ALG-2" },
        ],
      });
      expect(listed[0]).not.toHaveProperty("user_overrides");
    });
  });

  it("shows a section's dates, students' dates when asked, and a cross-listed section with both courses", async () => {
    await withCanvas({ assignmentsPerCourse: 1 }, async ({ coursework }, { all }) => {
      const [assignment] = coursework.assignments("ALG");
      coursework.redate(assignment!, { due_at: "2026-10-01T20:00:00Z" }, { section: "ALG-2" });
      coursework.redate(assignment!, { due_at: "2026-10-02T20:00:00Z" }, { students: ["0042"] });
      coursework.crossList("BIO-1", "ALG");
      const [shown] = await all(`/api/sis/courses/sis_course_id:ALG/assignments?include[]=student_overrides`);
      const { id: zora } = coursework.school.users.get("0042");
      expect(shown).toMatchObject({
        sections: [
          { sis_id: "ALG-1" },
          { sis_id: "ALG-2", override: { override_title: "Algebra 2", due_at: "2026-10-01T20:00:00Z" } },
          { sis_id: "BIO-1", origin_course: { sis_id: "BIO" }, xlist_course: { sis_id: "ALG" } },
        ],
        user_overrides: [
          { due_at: "2026-10-02T20:00:00Z", students: [{ user_id: zora, sis_user_id: "0042" }] },
        ],
      });
      coursework.edit(assignment!, { only_visible_to_overrides: true });
      const [narrowed] = await all(`/api/sis/courses/sis_course_id:ALG/assignments`);
      expect(narrowed).toMatchObject({ sections: [{ sis_id: "ALG-2" }] });
    });
  });

  it("lists an account and those below it, and the courses of a time", async () => {
    await withCanvas({ assignmentsPerCourse: 1 }, async (_, { all }) => {
      const courses = async (path: string) => (await all(path)).length;
      expect(await courses(SIS)).toBe(3);
      expect(await courses("/api/sis/accounts/sis_account_id:South/assignments")).toBe(1);
      expect(await courses(`${SIS}?ends_after=2026-11-01T00:00:00Z`)).toBe(2);
      expect(await courses(`${SIS}?starts_before=2026-08-01T00:00:00Z`)).toBe(0);
    });
  });

  it("refuses where the SIS feature is off, for the account or for a course, and for an unpublished course", async () => {
    await withCanvas({ sisExport: false }, async (_, { get }) => {
      const reply = await get(SIS);
      expect(reply.status).toBe(400);
      expect(reply.json()).toHaveProperty("code", "not_enabled");
    });
    await withCanvas({ assignmentsPerCourse: 1 }, async ({ coursework }, { get, all }) => {
      coursework.setSisExport("ALG", false);
      coursework.unpublishCourse("BIO");
      const course = (id: string) => get(`/api/sis/courses/sis_course_id:${id}/assignments`);
      expect((await course("ALG")).json()).toHaveProperty("code", "not_enabled");
      expect((await course("BIO")).json()).toEqual({
        code: "unpublished_course",
        error: "Grade data is not available for non-published courses",
      });
      expect((await course("CHE")).status).toBe(200);
      expect(await all(SIS)).toHaveLength(2);
      coursework.publishCourse("BIO");
      expect((await course("BIO")).status).toBe(200);
    });
  });
});

describe("the sandbox Canvas's submissions", () => {
  const of = (section: string, more = "") =>
    `/api/v1/sections/sis_section_id:${section}/students/submissions?student_ids[]=all&per_page=100${more}`;

  it("gives every student of the section and nobody else, with the user's SIS id where asked", async () => {
    await withCanvas({ assignmentsPerCourse: 1 }, async ({ coursework }, { all }) => {
      const [assignment] = coursework.assignments("ALG");
      coursework.grade(assignment!, "0042", 9.25, { pointsDeducted: 0.5 });
      const shown = await all(of("ALG-1", `&assignment_ids[]=${assignment!.id}&include[]=user`));
      expect(shown.map((each) => (each["user"] as Record<string, unknown>)["sis_user_id"])).toEqual([
        "0042",
        "s2",
      ]);
      expect(shown[0]).toMatchObject({
        assignment_id: assignment!.id,
        score: 9.25,
        grade: "9.25",
        entered_score: 9.75,
        points_deducted: 0.5,
        workflow_state: "graded",
        excused: false,
        user: { sortable_name: "Ántal, Zora", login_id: "zora" },
      });
      const both = await all(of("ALG-2", "&include[]=user"));
      expect(both).toHaveLength(2);
      expect((await all(of("ALG-2")))[0]).not.toHaveProperty("user");
    });
  });

  it("shows what is excused, missing, late, hidden and commented", async () => {
    await withCanvas({ assignmentsPerCourse: 0 }, async ({ coursework }, { all }) => {
      const work = coursework.createAssignment("ALG", { name: "Essay", submission_types: ["online_upload"] });
      const state = async (student: string) => {
        const { id } = coursework.school.users.get(student);
        return (await all(of("ALG-1", "&include[]=submission_comments"))).find(
          (each) => each["user_id"] === id,
        );
      };
      expect(await state("0042")).toMatchObject({
        missing: true,
        late: false,
        workflow_state: "unsubmitted",
      });
      coursework.submit(work, "0042");
      expect(await state("0042")).toMatchObject({ missing: false, late: true, seconds_late: 604_800 });
      coursework.markNone(work, "0042");
      expect(await state("0042")).toMatchObject({ late: false, late_policy_status: "none" });
      coursework.markLate(work, "0042");
      coursework.grade(work, "0042", 7);
      expect(await state("0042")).toMatchObject({ late: true, score: 7, posted_at: coursework.now });
      coursework.unpost(work, ["0042"]);
      expect(await state("0042")).toMatchObject({ score: 7, posted_at: null });
      coursework.post(work);
      expect(await state("0042")).toMatchObject({ posted_at: expect.any(String) as string });
      coursework.excuse(work, "s2");
      expect(await state("s2")).toMatchObject({ excused: true, score: null, missing: false });
      coursework.clear(work, "s2");
      coursework.markMissing(work, "s2");
      coursework.comment(work, "s2", "Please hand it in", "t1");
      expect(await state("s2")).toMatchObject({
        excused: false,
        missing: true,
        graded_at: null,
        submission_comments: [{ comment: "Please hand it in", author_name: "Tess Teach" }],
      });
    });
  });

  it("refuses assignments that are not there, and students who are not in the section", async () => {
    await withCanvas({}, async ({ coursework }, { get }) => {
      const [foreign] = coursework.assignments("BIO");
      const reply = await get(of("ALG-1", `&assignment_ids[]=${foreign!.id}`));
      expect(reply.status).toBe(403);
      expect(reply.json()).toEqual({ error: "invalid assignment ids requested" });
      const path = "/api/v1/sections/sis_section_id:ALG-1/students/submissions";
      expect((await get(`${path}?student_ids[]=sis_user_id:0042`)).json()).toHaveLength(5);
      expect((await get(`${path}?student_ids[]=sis_user_id:s3`)).status).toBe(403);
      expect((await get(path)).json()).toEqual([]);
    });
  });

  it("filters by time, state, enrollment and sync", async () => {
    await withCanvas({ assignmentsPerCourse: 0 }, async ({ coursework }, { all }) => {
      const work = coursework.createAssignment("ALG", { name: "Essay" });
      coursework.createAssignment("ALG", { name: "Diary", post_to_sis: false });
      coursework.grade(work, "0042", 1);
      const then = coursework.now;
      coursework.grade(work, "s2", 2);
      const scores = async (more: string) => (await all(of("ALG-1", more))).map((each) => each["score"]);
      expect(await scores(`&graded_since=${then}`)).toEqual([2]);
      expect(await scores("&workflow_state=graded")).toEqual([1, 2]);
      expect(await scores("&submitted_since=2020-01-01T00:00:00Z")).toEqual([]);
      coursework.conclude("s2", "ALG-1");
      expect(await scores("&enrollment_state=concluded&post_to_sis=true")).toEqual([2]);
      const guest = coursework.createUser("Gale", "Visiting");
      coursework.enrollStudent(guest.id, "ALG-1");
      expect(await scores("&post_to_sis=true")).toEqual([1, 2]);
      expect(await all(of("ALG-1"))).toHaveLength(6);
    });
  });

  it("groups by student, with totals, and only there a section that may be another one", async () => {
    await withCanvas({ assignmentsPerCourse: 0 }, async ({ coursework }, { all }) => {
      const work = coursework.createAssignment("ALG", { name: "Essay", points_possible: 10 });
      coursework.grade(work, "s2", 8);
      const path = "/api/v1/courses/sis_course_id:ALG/students/submissions";
      const shown = await all(`${path}?student_ids[]=all&grouped=true&include[]=total_scores`);
      const first = coursework.school.sections.get("ALG-1").id;
      expect(shown.map((each) => each["sis_user_id"])).toEqual(["0042", "s2", "s3"]);
      expect(shown[1]).toMatchObject({
        section_id: first,
        computed_current_score: 80,
        submissions: [{ score: 8 }],
      });
      expect(shown[0]).toMatchObject({ computed_current_score: null, computed_final_score: 0 });
    });
  });

  it("hides SIS ids from a token that may not read them", async () => {
    await withCanvas({ quirks: ["sis-ids-hidden"] }, async (_, { all }) => {
      for (const more of ["&include[]=user", "&grouped=1"]) {
        const text = JSON.stringify(await all(of("ALG-1", more)));
        expect(text).not.toContain("sis_user_id");
      }
    });
  });

  it("writes ids as text for who accepts that, and dates with an offset where that is its quirk", async () => {
    await withCanvas({ quirks: ["zoned-dates"] }, async ({ coursework }, { get }) => {
      const [assignment] = coursework.assignments("ALG");
      coursework.rename(assignment!, 'a "user_id":5 b');
      const reply = await get(SIS, { accept: "application/json+canvas-string-ids" });
      const [shown] = reply.json() as Record<string, unknown>[];
      expect(shown).toMatchObject({
        id: String(assignment!.id),
        name: 'a "user_id":5 b',
        points_possible: assignment!.points_possible,
      });
      expect(shown!["due_at"]).toMatch(/T\d\d:\d\d:\d\d-07:00$/);
      expect(Date.parse(String(shown!["due_at"]))).toBe(Date.parse(assignment!.due_at ?? ""));
    });
  });
});
