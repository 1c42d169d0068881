/** `roster`: how OneRoster records become Canvas files, and what may go missing between two nights. */
import { z } from "zod";
import { idText, text, whole } from "./values.ts";

const USER_FIELD = /^(sourcedId|identifier|username|email|userIds\.\S+|metadata\.\S+)$/;
const userField = z
  .string()
  .regex(USER_FIELD, "must be sourcedId, identifier, username, email, userIds.TYPE or metadata.NAME");

const removal = {
  users: z
    .enum(["suspend", "delete", "keep"])
    .default("suspend")
    .meta({ description: "Users: sent as suspended, sent as deleted, or not mentioned." }),
  enrollments: z.enum(["delete", "complete", "inactivate", "keep"]).default("delete").meta({
    description: "Enrollments: sent as deleted, completed or inactive, or not mentioned.",
  }),
  sections: z
    .enum(["delete", "keep"])
    .default("delete")
    .meta({ description: "Sections: sent as deleted, or not mentioned." }),
  courses: z.enum(["keep", "delete", "complete"]).default("keep").meta({
    description:
      "Courses: not mentioned, sent as deleted (what teachers put into them is then out of reach), or completed.",
  }),
  accounts: z.enum(["keep", "delete"]).default("keep").meta({ description: "Sub-accounts, as sections." }),
  terms: z.enum(["keep", "delete"]).default("keep").meta({ description: "Terms, as sections." }),
};

export const PACKAGE_FILES = ["accounts", "terms", "courses", "sections", "users", "enrollments"] as const;

const Users = z.strictObject({
  id: userField.default("sourcedId").meta({
    description:
      "Field that becomes user_id: sourcedId, identifier, username, email, userIds.TYPE or metadata.NAME. Canvas knows people by it: changing it later makes every person a new one.",
  }),
  login: userField
    .default("username")
    .meta({ description: "Field that becomes login_id, the name people sign in with; same choices." }),
  moreLogins: z.array(userField).default([]).meta({
    description:
      "Fields that give people more names to sign in with, beside the login (logins.csv); same choices. Canvas adds them, and can neither change nor remove them by this file.",
  }),
  names: z.enum(["legal", "preferred"]).default("legal").meta({
    description:
      "Which names become first_name and last_name: givenName and familyName, or the preferred ones of OneRoster 1.2 where a user has them.",
  }),
  include: z
    .enum(["enrolled", "all"])
    .default("enrolled")
    .meta({ description: "Only users with an enrollment in the package, or every user." }),
  authenticationProvider: idText.nullable().prefault(null).meta({
    description:
      "authentication_provider_id of every user: a type such as saml, or a number; null: no column.",
  }),
  integrationId: userField
    .nullable()
    .default(null)
    .meta({ description: "Field that becomes integration_id, same choices as `users.id`; null: no column." }),
});

const CrossLists = z.strictObject({
  rule: z.enum(["none", "teacher-period-course"]).default("none").meta({
    description:
      "Which classes: none but those named here, or classes of a school that share teachers, periods, course and term. Once together they stay so, as the work of both is in one course.",
  }),
  sections: z.record(text, text).default({}).meta({
    description:
      "section_id → course_id of the course that the section goes to; both must be in the package.",
  }),
});

const Guard = z.strictObject({
  maxRemovedPercent: z.number().min(0).max(100).default(10).meta({
    description:
      "Share of the rows of the last delivered night that may be gone, of a file and of any one school; also of users whom enabledUser suspends, and of what new dates close or open again.",
  }),
  minRowsForPercent: whole
    .min(0)
    .default(50)
    .meta({ description: "With fewer rows than this the percentage does not apply." }),
  maxRemovedRows: whole.min(0).nullable().default(null).meta({
    description:
      "How many rows of any file may be gone, or of users suspended by enabledUser; null: no limit.",
  }),
  requireFiles: z
    .array(z.enum(PACKAGE_FILES))
    .default(["users", "courses", "sections", "enrollments"])
    .meta({ description: "Files that must have rows." }),
});

const Merge = z.strictObject({
  pattern: z
    .string()
    .refine(isTermPattern, "must be a regular expression with a group named term: (?<term>…)")
    .meta({
      description: "Regular expression over a session's sourcedId; its group `term` is the term_id.",
    }),
});

export const Roster = z.strictObject({
  accounts: z
    .strictObject({
      types: z
        .array(z.enum(["department", "school", "district", "local", "state", "national"]))
        .default(["school"])
        .meta({ description: "Types of orgs that become sub-accounts." }),
    })
    .prefault({}),
  terms: z
    .strictObject({
      pick: z.enum(["covering", "first", "last", "longest", "schoolYear"]).default("covering").meta({
        description:
          "Which session is the term of a class that has several: the smallest that covers them all, the first, the last, the longest, or the school year above them.",
      }),
      merge: Merge.optional().meta({
        description: "Makes one Canvas term of the sessions that each school has for the same time.",
      }),
    })
    .prefault({}),
  courses: z
    .strictObject({
      identity: z.enum(["class", "course-term"]).default("class").meta({
        description: "One Canvas course for each class, or one for each course, school and term.",
      }),
    })
    .prefault({}),
  sections: z
    .strictObject({
      dates: z
        .enum(["none", "term"])
        .default("none")
        .meta({ description: "Whether sections carry the dates of their term." }),
    })
    .prefault({}),
  users: Users.prefault({}),
  enrollments: z
    .strictObject({
      roles: z.record(text, text).default({ student: "student", teacher: "teacher", aide: "ta" }).meta({
        description:
          "OneRoster role → Canvas role, which may be a custom one; a role that is not named is not enrolled. Replaces the default as a whole.",
      }),
    })
    .prefault({}),
  observers: z.boolean().default(false).meta({
    description:
      "Whether guardians, parents and relatives of students in the package come as users, with user_observers.csv.",
  }),
  admins: z
    .strictObject({
      roles: z.record(text, text).default({}).meta({
        description:
          "OneRoster role → Canvas account role, such as AccountAdmin or a custom one. Who holds such a role in an org that is a sub-account is an admin there, and a user although not enrolled; a role that is not named is none.",
      }),
    })
    .prefault({})
    .meta({ description: "Who administers which sub-account (admins.csv)." }),
  crossLists: CrossLists.prefault({}).meta({
    description: "Sections that are taught together in one Canvas course (xlists.csv).",
  }),
  missing: z.strictObject(removal).prefault({}).meta({
    description: "What Canvas is told of rows that were delivered last night and are gone tonight.",
  }),
  repeatMissingNights: whole
    .min(1)
    .max(30)
    .default(3)
    .meta({ description: "On how many delivered nights such a row is sent." }),
  guard: Guard.prefault({}).meta({
    description: "Over any of these limits the night is held for a person, with code 4.",
  }),
});

export type RosterConfig = z.output<typeof Roster>;

function isTermPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, "u");
    return pattern.includes("(?<term>");
  } catch {
    return false;
  }
}
