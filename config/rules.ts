/**
 * What the schema cannot say of one key alone. The rules read the file as it is written, believing nothing of
 * it, so that they also speak when other keys are wrong: all mistakes are told at once.
 */
import { categoryChoice, shapedFields, templateNames } from "./grade-rules.ts";
import { isHeaderValue, NO_HEADER_VALUE } from "./header-value.ts";
import { type Path, type Problem, valueAt } from "./problem.ts";
import { DEFAULT_CONCURRENCY } from "./schema/source.ts";

type Rule = (tree: unknown) => Problem[];

export const RULES: readonly Rule[] = [
  sftpCredential,
  passphraseWithoutKey,
  pauseBackwards,
  pagesAboveAll,
  headerValues,
  roles,
  adminRoles,
  templateNames,
  shapedFields,
  categoryChoice,
];

/** Every problem that a rule finds in what is written. */
export function brokenRules(tree: unknown): Problem[] {
  return RULES.flatMap((rule) => rule(tree));
}

/** A server lets nobody in without a key or a password. */
function sftpCredential(tree: unknown): Problem[] {
  return sftpPlaces(tree)
    .filter((place) => !isSet(tree, [...place, "privateKey"]) && !isSet(tree, [...place, "password"]))
    .map((place) => ({
      path: [...place, "privateKey"],
      at: "value",
      message: "is missing; an SFTP server needs privateKey, password or both",
    }));
}

/** A passphrase opens a key; alone it is a password under the wrong name. */
function passphraseWithoutKey(tree: unknown): Problem[] {
  return sftpPlaces(tree)
    .filter((place) => isSet(tree, [...place, "passphrase"]) && !isSet(tree, [...place, "privateKey"]))
    .map((place) => ({
      path: [...place, "passphrase"],
      at: "key",
      message: "belongs to a privateKey, and there is none; a password to sign in with goes under password",
    }));
}

/** Days as YYYY-MM-DD compare as text. */
function pauseBackwards(tree: unknown): Problem[] {
  const pauses = valueAt(tree, ["pauses"]);
  if (!Array.isArray(pauses)) return [];
  return pauses.flatMap((pause, index): Problem[] => {
    const from = valueAt(pause, ["from"]);
    const to = valueAt(pause, ["to"]);
    if (typeof from !== "string" || typeof to !== "string" || from <= to) return [];
    return [{ path: ["pauses", index, "to"], at: "value", message: "is before the pause begins (from)" }];
  });
}

/** Pages are part of all requests; a limit above the total would promise what cannot be. */
function pagesAboveAll(tree: unknown): Problem[] {
  const pages = valueAt(tree, ["source", "pageConcurrency"]);
  const all = valueAt(tree, ["source", "concurrency"]) ?? DEFAULT_CONCURRENCY;
  if (typeof pages !== "number" || typeof all !== "number" || pages <= all) return [];
  return [
    {
      path: ["source", "pageConcurrency"],
      at: "value",
      message: "is above source.concurrency, the limit of all requests together",
    },
  ];
}

/** Those that are written in the file; of secrets it is looked at when they are read. */
function headerValues(tree: unknown): Problem[] {
  const written = valueAt(tree, ["source", "headers"]);
  if (typeof written !== "object" || written === null) return [];
  return Object.entries(written)
    .filter(([, value]) => typeof value === "string" && !isHeaderValue(value))
    .map(([name]) => ({ path: ["source", "headers", name], at: "value", message: NO_HEADER_VALUE }));
}

/**
 * Canvas reads any role that starts with "student", in any case, as its built-in student before it looks for a
 * custom role of that name (Canvas SIS importer, enrollments). OneRoster's roles are told apart without case, so
 * of two that differ in nothing else one would be overlooked.
 */
function roles(tree: unknown): Problem[] {
  const written = valueAt(tree, ["roster", "enrollments", "roles"]);
  if (typeof written !== "object" || written === null) return [];
  const misread = Object.entries(written).flatMap(([oneRoster, canvas]): Problem[] => {
    if (typeof canvas !== "string" || !/^student/i.test(canvas) || /^student(enrollment)?$/i.test(canvas))
      return [];
    const message =
      "starts with student, so Canvas would enroll it as a student; give the custom role another name in Canvas";
    return [{ path: ["roster", "enrollments", "roles", oneRoster], at: "value", message }];
  });
  return [...misread, ...namedTwice(written, ["roster", "enrollments", "roles"])];
}

/**
 * Diffing knows an admin by user and account alone (Canvas SIS importer): of two roles there only one would come in, and
 * one that takes the place of another would leave that.
 */
function adminRoles(tree: unknown): Problem[] {
  const path = ["roster", "admins", "roles"];
  const written = valueAt(tree, path);
  if (typeof written !== "object" || written === null) return [];
  const problems = namedTwice(written, path);
  if (valueAt(tree, ["delivery", "mode"]) === "diffing" && new Set(Object.values(written)).size > 1) {
    const message =
      "gives several Canvas roles, which delivery.mode diffing cannot tell apart: Canvas compares admins by user and account alone, and a role that changes would leave the old one; give one Canvas role, or choose another mode";
    problems.push({ path, at: "value", message });
  }
  return problems;
}

function namedTwice(roles: object, at: Path): Problem[] {
  const seen = new Set<string>();
  return Object.keys(roles).flatMap((name): Problem[] => {
    const isThere = seen.has(name.toLowerCase());
    seen.add(name.toLowerCase());
    return isThere
      ? [{ path: [...at, name], at: "key", message: "is there twice, written in another case" }]
      : [];
  });
}

function sftpPlaces(tree: unknown): Path[] {
  const places: Path[] = [["delivery"], ["grades", "source", "path"]];
  return places.filter((place) => valueAt(tree, [...place, "kind"]) === "sftp");
}

function isSet(tree: unknown, path: Path): boolean {
  return valueAt(tree, path) != null;
}
