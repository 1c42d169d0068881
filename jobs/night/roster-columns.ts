/** The files of a night and their columns, under a config. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { RosterConfig } from "../../config/schema.ts";
import type { ExtraFile, RosterColumns } from "../../connectors/store/roster/settle.ts";
import { CANVAS_FILES, OPTIONAL_FILES } from "../../mappers/canvas-files.ts";
import { userColumns } from "../../mappers/users.ts";

export function areCrossListed({ rule, sections }: RosterConfig["crossLists"]): boolean {
  return rule !== "none" || Object.keys(sections).length > 0;
}

export function areAdministered({ roles }: RosterConfig["admins"]): boolean {
  return Object.keys(roles).length > 0;
}

/**
 * A file that the config does not ask for any more is there as long as the last delivered night knows rows of it: what
 * Canvas was told is taken back, or a guard asks.
 *
 * @param lastNight the folder of the last delivered night's baseline
 */
export function rosterColumns(roster: RosterConfig, lastNight: string | undefined): RosterColumns {
  const asked: Record<ExtraFile, boolean> = {
    xlists: areCrossListed(roster.crossLists),
    logins: roster.users.moreLogins.length > 0,
    admins: areAdministered(roster.admins),
    user_observers: roster.observers,
  };
  const wasDelivered = (file: string) =>
    lastNight !== undefined && existsSync(join(lastNight, `${file}.csv`));
  const extra = (Object.keys(asked) as ExtraFile[]).filter((file) => asked[file] || wasDelivered(file));
  return {
    ...CANVAS_FILES,
    users: userColumns(roster.users),
    ...Object.fromEntries(extra.map((file) => [file, OPTIONAL_FILES[file]])),
  };
}
