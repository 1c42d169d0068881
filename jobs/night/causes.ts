/** What a night that is over a limit looks like, in words: a guess for the person who must decide. */
import type { Compared, Renamed, SchoolChange } from "../../connectors/store/roster/compared.ts";
import type { RosterFile } from "../../connectors/store/roster/settle.ts";
import type { GuardFacts } from "./guard.ts";
import { count, fileChanges, grouped, schoolWithId } from "./wording.ts";

/** Schools are named up to this many, then counted. */
const MOST_SCHOOLS = 5;
/** Fewer pairs of the same name are coincidence. */
const FEWEST_PAIRS = 5;

/** Where ids of a file come from. */
const ID_ORIGINS: Partial<Record<RosterFile, string>> = {
  users: "roster.users.id, or the SIS",
  courses: "roster.courses.identity, or the SIS",
};

interface LostSchool {
  account_id: string;
  name: string;
  files: Map<RosterFile, number>;
}

/** @returns sentences, the likeliest first */
export function likelyCauses(compared: Compared, facts: GuardFacts): string[] {
  const { schools, configChanged, versionChanged } = facts;
  const lost = lostSchools(compared);
  const isUnnamed = ({ account_id }: LostSchool) =>
    schools.length > 0 && account_id !== "" && !schools.includes(account_id);
  return [
    ...emptyCollections(compared),
    ...notNamedAnyMore(lost.filter(isUnnamed)),
    ...notSent(lost.filter((school) => !isUnnamed(school))),
    ...idsGivenAnew(compared, versionChanged),
    ...(configChanged ? [CONFIG_CHANGED] : []),
  ];
}

const CONFIG_CHANGED =
  "The config is not what it was on the last delivered night; source.schools, source.filters, source.exclude, roster.users and roster.enrollments.roles decide which rows there are, and roster.missing what becomes of those that are gone.";

function emptyCollections({ files }: Compared): string[] {
  return fileChanges(files)
    .filter(([, { rows, removed }]) => rows === 0 && removed > 0)
    .map(
      ([file, { removed }]) =>
        `All ${count(removed, file)} are gone: the SIS sent none that count, or source.filters, source.exclude or the config's roles leave them out.`,
    );
}

/** Schools of which everything in a file is gone while other schools still have some. */
function lostSchools({ files, schools }: Compared): LostSchool[] {
  const lost = new Map<string, LostSchool>();
  for (const school of schools) {
    if (!isGone(school) || files[school.file]?.rows === 0) continue;
    const { account_id, name, file, removed } = school;
    const entry = lost.get(account_id) ?? { account_id, name, files: new Map() };
    lost.set(account_id, entry);
    entry.files.set(file, removed);
  }
  // The users of a school may all have moved to another one: without its classes or enrollments it is gone.
  return [...lost.values()]
    .filter(({ files }) => files.has("sections") || files.has("enrollments"))
    .sort((one, other) => rowsOf(other) - rowsOf(one) || (one.account_id < other.account_id ? -1 : 1));
}

/** New ids are another matter: as much comes as goes. */
function isGone({ last, removed, added }: SchoolChange): boolean {
  return last > 0 && removed === last && added === 0;
}

function notNamedAnyMore(schools: readonly LostSchool[]): string[] {
  return listed(schools, (school) => {
    const { account_id } = school;
    return `source.schools does not name ${account_id} any more: was it taken out on purpose? All of ${schoolWithId(school)} would go: ${rowsInWords(school)}.`;
  });
}

function notSent(schools: readonly LostSchool[]): string[] {
  return listed(
    schools,
    (school) =>
      `${schoolWithId(school)} has lost everything, ${rowsInWords(school)}: it looks as if the SIS did not send this school's data.`,
  );
}

function listed(schools: readonly LostSchool[], sentence: (school: LostSchool) => string): string[] {
  const more = schools.length - MOST_SCHOOLS;
  const rest = more > 0 ? [`The same of ${grouped(more)} more ${more === 1 ? "school" : "schools"}.`] : [];
  return [...schools.slice(0, MOST_SCHOOLS).map(sentence), ...rest];
}

/** Without examples: an id may be a login or an address (roster.users.id), and these words go out by mail. */
function idsGivenAnew({ files, renamed }: Compared, versionChanged: boolean): string[] {
  return renamed
    .filter(({ file, pairs }) => pairs >= FEWEST_PAIRS && pairs * 2 >= files[file].removed)
    .toSorted((one, other) => other.pairs - one.pairs || (one.file < other.file ? -1 : 1))
    .map(({ file, pairs, examples }) => {
      const { added, removed } = files[file];
      const origin = ID_ORIGINS[file] ?? "the SIS";
      const seen = `${file}: ${grouped(removed)} are gone and ${grouped(added)} have come, ${grouped(pairs)} of them with the same names: it looks as if ${file} got new ids (${origin}).`;
      return [
        seen,
        ...(versionChanged ? [VERSION_CHANGED] : []),
        ...(file === "users" && haveLostLetter(examples) ? [LETTER_LOST] : []),
      ].join(" ");
    });
}

const VERSION_CHANGED =
  "source.version is not what it was on that night, and some SISs have other ids in OneRoster 1.2 than in 1.1.";
/** Infinite Campus: `s123` and `t123` in 1.1, where every role has a record of its own, and `123` in 1.2. */
const LETTER_LOST =
  "The new ids are the old ones without the letter before them, as Infinite Campus has it in OneRoster 1.2; it keeps the old ones in metadata.ic.legacysourceId, which roster.users.id can name.";

function haveLostLetter(examples: Renamed["examples"]): boolean {
  const isLost = ({ before, after }: (typeof examples)[number]) =>
    after !== "" && before.endsWith(after) && /^[a-z]$/i.test(before.slice(0, -after.length));
  return examples.length > 0 && examples.every(isLost);
}

function rowsInWords({ files }: LostSchool): string {
  const words = [...files]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([file, rows]) => count(rows, file));
  const last = words.pop() ?? "";
  return words.length === 0 ? last : `${words.join(", ")} and ${last}`;
}

function rowsOf({ files }: LostSchool): number {
  return [...files.values()].reduce((all, rows) => all + rows, 0);
}
