/** The last delivered roster, on which grades stand; or what to do without one. */
import { Failure } from "../../config/failure.ts";
import type { Config } from "../../config/schema.ts";
import { readGround, type RosterGround } from "../../connectors/store/ground.ts";
import { examineBaseline } from "../run/baseline.ts";

/**
 * @throws Failure usage.no-roster when no roster was delivered yet, usage.roster-damaged when what is left of it
 *   cannot be relied on
 */
export async function groundOf(config: Config, spill: string): Promise<RosterGround> {
  const found = await examineBaseline(config.state, config.institution.id);
  switch (found.kind) {
    case "none":
      throw new Failure(
        "usage.no-roster",
        `No roster of ${config.institution.id} has been delivered yet from ${config.state}: grades stand on its classes and ids, so nothing was sent.`,
        {
          hint: "Run `rosterbridge roster` first; once a night is delivered, `rosterbridge grades` can go on from it.",
        },
      );
    case "damaged":
      throw new Failure(
        "usage.roster-damaged",
        `What is kept of the last delivered roster cannot be relied on: ${found.reason}. Grades stand on its classes and ids, so nothing was sent.`,
        { hint: "Run `rosterbridge roster`; the next night that is delivered makes it good." },
      );
    case "sound":
      return readGround({
        run: found.baseline.run,
        folder: found.folder,
        studentRoles: studentRoles(config),
        spill,
      });
  }
}

/** As what Canvas has students: its own role, and the one that students of the SIS were given. */
function studentRoles({ roster }: Config): string[] {
  const given = Object.entries(roster.enrollments.roles)
    .filter(([role]) => role.toLowerCase() === "student")
    .map(([, canvas]) => canvas);
  return [...new Set(["student", "StudentEnrollment", ...given])];
}
