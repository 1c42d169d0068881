import { describe, expect, it } from "vitest";
import { CANVAS_FILES } from "../../../../mappers/canvas-files.ts";
import { lastOf } from "./delivered.ts";
import { SEPARATOR, settle, type Row } from "./night.ts";
import { column, enrollment, gone, reasons, refused, school, user } from "./rows.ts";

const ids = (rows: readonly Row[]) => column(rows, "user_id");

describe("users that are needed", () => {
  it("are those with an enrollment in the package; the others are counted as left out", async () => {
    const { rows, leftOut, rejects } = await settle(
      school({ users: [user("bob"), user("alice"), user("carol")], enrollments: [enrollment("alice@math")] }),
    );
    expect(ids(rows.users)).toEqual(["alice"]);
    expect(leftOut).toEqual({ users: { "not enrolled in a class of the package": 2 } });
    expect(rejects).toEqual([]);
  });

  it("are all with include: all, of every school", async () => {
    const { rows } = await settle(
      school({ users: [user("bob", { orgs: "" }), user("alice")], enrollments: [enrollment("alice@math")] }),
      { include: "all" },
    );
    expect(ids(rows.users)).toEqual(["alice", "bob"]);
  });

  it("are with include: all those of the schools taken, and who is enrolled there in any case", async () => {
    const { rows, leftOut } = await settle(
      school({
        users: [
          user("alice", { orgs: "elsewhere" }),
          user("bob", { orgs: `district${SEPARATOR}school` }),
          user("carol", { orgs: "elsewhere" }),
          user("dave", { orgs: "school-2" }),
        ],
        enrollments: [enrollment("alice@math")],
      }),
      { include: "all", schools: ["school"] },
    );
    expect(ids(rows.users)).toEqual(["alice", "bob"]);
    expect(leftOut).toEqual({ users: { "school not selected": 2 } });
  });

  it("are those of earlier nights too, who are in the package and not counted as left out", async () => {
    const enrolled = school({ users: [user("alice")], enrollments: [enrollment("alice@math")] });
    const { rows, leftOut } = await lastOf([enrolled, school({ users: [user("alice"), user("bob")] })]);
    expect(ids(rows.users)).toEqual(["alice"]);
    expect(leftOut).toEqual({ users: { "not enrolled in a class of the package": 1 } });
  });

  it("keep their whole row, optional columns last", async () => {
    const { rows } = await settle(
      school({
        users: [
          user("alice", { integration_id: "I1", authentication_provider_id: "saml", email: "a@b.org" }),
        ],
        enrollments: [enrollment("alice@math")],
      }),
      { userColumns: [...CANVAS_FILES.users, "integration_id", "authentication_provider_id"] },
    );
    expect(Object.entries(rows.users[0] ?? {})).toEqual([
      ["user_id", "alice"],
      ["login_id", "alice.login"],
      ["first_name", "Ada"],
      ["last_name", "Of alice"],
      ["email", "a@b.org"],
      ["status", "active"],
      ["integration_id", "I1"],
      ["authentication_provider_id", "saml"],
    ]);
  });
});

describe("users that cannot be a row", () => {
  const long = (length: number) => "x".repeat(length);
  const broken: [string, Row, string, string][] = [
    [
      "a login of 101 characters",
      { login_id: long(101) },
      "login_id",
      "longer than the 100 characters that Canvas takes",
    ],
    ["no login", { login_id: "" }, "login_id", "Canvas needs a value here"],
    [
      "an id of 256 characters",
      { user_id: long(256) },
      "user_id",
      "longer than the 255 characters that Canvas takes",
    ],
    [
      "an address of 256 characters",
      { email: long(256) },
      "email",
      "longer than the 255 characters that Canvas takes",
    ],
    [
      "names that are too long only together",
      { first_name: long(128), last_name: long(127) },
      "first_name last_name",
      "longer than the 255 characters that Canvas takes",
    ],
    [
      "an unknown status",
      { status: "inactive" },
      "status",
      "not of the form that Canvas takes: ^(active|suspended|deleted)$",
    ],
  ];

  it.each(broken)("are rejected with their enrollments: %s", async (_what, values, field, reason) => {
    const { rows, rejects } = await settle(
      school({
        users: [user("alice", values), user("bob")],
        enrollments: [enrollment("alice@math"), enrollment("bob@math")],
      }),
    );
    expect(ids(rows.users)).toEqual(["bob"]);
    expect(rejects.map(({ value: _value, ...reject }) => reject)).toEqual([
      {
        type: "enrollments",
        sourcedId: "alice@math",
        field: "user",
        reason: `its user was left out: ${reason}`,
      },
      { type: "users", sourcedId: "alice", field, reason },
    ]);
  });

  it("pass where Canvas's limits are just met", async () => {
    const values = { login_id: long(100), first_name: long(127), last_name: long(127), email: long(255) };
    const { rows, rejects } = await settle(
      school({ users: [user("alice", values)], enrollments: [enrollment("alice@math")] }),
    );
    expect(rejects).toEqual([]);
    expect(rows.users).toEqual([{ user_id: "alice", status: "active", ...values }]);
  });

  it("hold optional columns against their rules only where they are configured", async () => {
    const input = school({
      users: [user("alice", { integration_id: long(256) })],
      enrollments: [enrollment("alice@math")],
    });
    const without = await settle(input);
    const configured = await settle(input, { userColumns: [...CANVAS_FILES.users, "integration_id"] });
    expect(ids(without.rows.users)).toEqual(["alice"]);
    expect(reasons(configured.rejects)).toContain(
      "users alice: longer than the 255 characters that Canvas takes",
    );
  });

  it("are of no consequence while nobody needs them", async () => {
    const { rejects, leftOut } = await settle(
      school({
        users: [user("bob", { login_id: "" }), user("alice")],
        enrollments: [enrollment("alice@math")],
        rest: [refused("unmapped", "users", "carol", "no username")],
      }),
    );
    expect(rejects).toEqual([]);
    expect(leftOut).toEqual({ users: { "not enrolled in a class of the package": 2 } });
  });

  it("are rejected once when they are needed, and each enrollment says why", async () => {
    const { rejects, rejected } = await settle(
      school({
        enrollments: [enrollment("carol@math"), enrollment("carol@art")],
        rest: [refused("unmapped", "users", "carol", "no username")],
      }),
    );
    expect(reasons(rejects)).toEqual([
      "enrollments carol@art: its user was left out: no username",
      "enrollments carol@math: its user was left out: no username",
      "users carol: no username",
    ]);
    expect(rejected).toEqual({ enrollments: 2, users: 1 });
  });

  it("are all rejected, each once, with include: all", async () => {
    const { rejects } = await settle(
      school({
        users: [user("bob", { login_id: "" })],
        enrollments: [enrollment("carol@math")],
        rest: [
          refused("unmapped", "users", "carol", "no username"),
          refused("unmapped", "users", "dave", "no username"),
        ],
      }),
      { include: "all" },
    );
    expect(reasons(rejects)).toEqual([
      "enrollments carol@math: its user was left out: no username",
      "users bob: Canvas needs a value here",
      "users carol: no username",
      "users dave: no username",
    ]);
  });

  it("are rejected needed or not when they are malformed", async () => {
    const { rejects } = await settle(
      school({
        enrollments: [enrollment("erin@art")],
        rest: [
          refused("malformed", "users", "erin", "no enabledUser"),
          refused("malformed", "users", "finn", "no enabledUser"),
        ],
      }),
    );
    expect(reasons(rejects)).toEqual([
      "enrollments erin@art: its user was left out: no enabledUser",
      "users erin: no enabledUser",
      "users finn: no enabledUser",
    ]);
  });

  it("go with their enrollments, without a reject, when the SIS says that they are gone", async () => {
    const {
      rejects,
      gone: counted,
      leftOut,
    } = await settle(
      school({ enrollments: [enrollment("gus@math"), enrollment("gus@art")], rest: [gone("users", "gus")] }),
    );
    expect(rejects).toEqual([]);
    expect(counted).toEqual({ users: 1 });
    expect(leftOut).toEqual({ enrollments: { "its user is gone": 2 } });
  });
});

describe("several records with one user_id", () => {
  const teacher = user("T1", { user_id: "jo", login_id: "jo", first_name: "Jo", last_name: "Reyes" });
  const parent = user("P1", { user_id: "jo", login_id: "jo.p", first_name: "JO", last_name: "reyes" });
  const enrollments = [enrollment("T1@math", { role: "teacher" }), enrollment("P1@art", { role: "ta" })];

  it("are one person when they bear one name, and the enrollments of all lead there", async () => {
    const { rows, rejects, leftOut } = await settle(school({ users: [parent, teacher], enrollments }));
    expect(column(rows.users, "login_id")).toEqual(["jo.p"]);
    expect(rows.enrollments.map((row) => [row["user_id"], row["section_id"], row["role"]])).toEqual([
      ["jo", "art", "ta"],
      ["jo", "math", "teacher"],
    ]);
    expect(rejects).toEqual([]);
    expect(leftOut).toEqual({ users: { "another record of the same person stands for it": 1 } });
  });

  it.each([
    ["active before suspended", { status: "suspended" }, {}, "jo"],
    ["then the newest", { modified: "2026-09-01" }, { modified: "2026-09-02" }, "jo"],
    ["then the smaller sourcedId", {}, {}, "jo.p"],
  ])("takes the row of one of them: %s", async (_rule, ofParent, ofTeacher, login) => {
    const users = [
      { ...parent, ...ofParent },
      { ...teacher, ...ofTeacher },
    ];
    const { rows } = await settle(school({ users, enrollments }));
    expect(column(rows.users, "login_id")).toEqual([login]);
  });

  it("are in the schools of all of them", async () => {
    const users = [
      { ...parent, orgs: "elsewhere" },
      { ...teacher, orgs: "school" },
    ];
    const { rows } = await settle(school({ users }), { include: "all", schools: ["school"] });
    expect(ids(rows.users)).toEqual(["jo"]);
  });

  it("are all rejected when they bear different names: two people would become one", async () => {
    const users = [{ ...parent, first_name: "Joan" }, teacher, user("alice")];
    const { rows, rejects } = await settle(
      school({ users, enrollments: [...enrollments, enrollment("alice@art")] }),
    );
    const reason = "several users (P1, T1) have this id and different names";
    expect(ids(rows.users)).toEqual(["alice"]);
    expect(ids(rows.enrollments)).toEqual(["alice"]);
    expect(reasons(rejects)).toEqual([
      `enrollments P1@art: its user was left out: ${reason}`,
      `enrollments T1@math: its user was left out: ${reason}`,
      `users P1: ${reason}`,
      `users T1: ${reason}`,
    ]);
  });

  it("are told apart by case: ids are", async () => {
    const users = [user("u1"), user("U1", { login_id: "other" })];
    const { rows } = await settle(
      school({ users, enrollments: [enrollment("u1@math"), enrollment("U1@math")] }),
    );
    expect(ids(rows.users)).toEqual(["U1", "u1"]);
  });
});

describe("a login that several users claim", () => {
  const enrollments = ["alice@math", "bob@math", "bob@art"].map((id) => enrollment(id));
  const claim = (ofAlice: Row, ofBob: Row) =>
    school({
      users: [user("alice", { login_id: "Sam.É", ...ofAlice }), user("bob", { login_id: "SAM.é", ...ofBob })],
      enrollments,
    });

  it("goes to the smaller user_id, whatever the case of the letters, and the other is told so", async () => {
    const { rows, rejects, rejected } = await settle(claim({}, {}));
    expect(ids(rows.users)).toEqual(["alice"]);
    expect(ids(rows.enrollments)).toEqual(["alice"]);
    expect(rejects).toEqual([
      ...["bob@art", "bob@math"].map((sourcedId) => ({
        ...{ type: "enrollments", sourcedId, field: "user", value: "bob" },
        reason: "its user was left out: the login is claimed by user alice already",
      })),
      {
        ...{ type: "users", sourcedId: "bob", field: "login_id", value: "SAM.é" },
        reason: "the login is claimed by user alice already",
      },
    ]);
    expect(rejected).toEqual({ enrollments: 2, users: 1 });
  });

  it("goes to an active user before a suspended one", async () => {
    const { rows } = await settle(claim({ status: "suspended" }, {}));
    expect(ids(rows.users)).toEqual(["bob"]);
    expect(column(rows.enrollments, "section_id")).toEqual(["art", "math"]);
  });

  it("is not claimed by a user that nobody needs", async () => {
    const input = claim({}, {});
    const { rows, rejects } = await settle({ ...input, enrollments: [enrollment("bob@math")] });
    expect(ids(rows.users)).toEqual(["bob"]);
    expect(rejects).toEqual([]);
  });

  it("goes to who is enrolled before who had it and is merely still there", async () => {
    const before = school({
      users: [user("alice", { login_id: "sam" })],
      enrollments: [enrollment("alice@math")],
    });
    const { rows, rejects } = await lastOf([
      before,
      { ...claim({ login_id: "sam" }, { login_id: "Sam" }), enrollments: [enrollment("bob@math")] },
    ]);
    expect(ids(rows.users)).toEqual(["bob"]);
    expect(ids(rows.enrollments.filter(({ status }) => status === "active"))).toEqual(["bob"]);
    expect(reasons(rejects)).toEqual([expect.stringMatching(/^users alice: .* claimed by user bob already/)]);
  });

  it("is claimed by every user with include: all", async () => {
    const input = claim({}, {});
    const { rows } = await settle({ ...input, enrollments: [enrollment("bob@math")] }, { include: "all" });
    expect(ids(rows.users)).toEqual(["alice"]);
    expect(rows.enrollments).toEqual([]);
  });

  it.each([true, false])(
    "holds for integration_id too, blank ones apart, when it is configured: %s",
    async (configured) => {
      const users = [
        user("alice", { integration_id: "I1" }),
        user("bob", { integration_id: "I1" }),
        user("carol", { integration_id: "" }),
        user("dave", { integration_id: "" }),
      ];
      const { rows, rejects } = await settle(
        school({ users, enrollments: users.map(({ user_id }) => enrollment(`${user_id ?? ""}@math`)) }),
        configured ? { userColumns: [...CANVAS_FILES.users, "integration_id"] } : {},
      );
      expect(ids(rows.users)).toEqual(
        configured ? ["alice", "carol", "dave"] : ["alice", "bob", "carol", "dave"],
      );
      expect(reasons(rejects)).toEqual(
        configured
          ? [
              "enrollments bob@math: its user was left out: the integration_id is claimed by user alice already",
              "users bob: the integration_id is claimed by user alice already",
            ]
          : [],
      );
    },
  );
});
