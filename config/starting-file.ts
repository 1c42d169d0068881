/**
 * A configuration for somebody to begin with: what only they can say is there to fill in, everything else stands
 * as a comment with the value that it has anyway. Made from the schema and the profile of the SIS, so that it
 * cannot lag behind them. Pure.
 */
import { FILL_IN } from "./document.ts";
import { gradesUnsupported, type Profile } from "./profiles.ts";
import { commentLines, settingLines, type Writing } from "./starting-settings.ts";

/** In the order in which somebody fills them in. */
const TO_FILL_IN = ["institution", "source", "delivery"] as const;
const AS_THEY_ARE = ["state", "roster", "pauses", "retention"] as const;

/** How most districts begin; the file says what else there is. */
const KINDS = { source: "oneroster-rest", delivery: "sftp", "grades.source": "canvas-api" };

/** Values of keys that have no default, as YAML; a secret is only ever a place. */
const SAMPLES = {
  "source.auth.key": "{ env: ONEROSTER_KEY }",
  "source.auth.secret": "{ env: ONEROSTER_SECRET }",
  "source.auth.token": "{ env: ONEROSTER_TOKEN }",
  "delivery.privateKey": "{ file: ./id_ed25519 }",
  "delivery.passphrase": "{ env: SFTP_PASSPHRASE }",
  "delivery.password": "{ env: SFTP_PASSWORD }",
  "grades.source.token": "{ env: CANVAS_TOKEN }",
  "roster.terms.merge.pattern": `"-(?<term>[^-]+)$"`,
};

/** Written although they have a default, or need not be there: a reader looks for them. */
const SHOWN = ["source.profile", "source.version", "delivery.privateKey", "delivery.path"];

const OTHER_SOURCE =
  "To read OneRoster CSV files instead, all of `source` is: source: { kind: oneroster-csv, path: ./from-sis }";
const OTHER_DELIVERY =
  "To have the packages in a folder of this machine instead: delivery: { kind: directory, path: ./outgoing }";
const GRADES_SOURCES = "Grades may also come from gradebook-csv, grade-export or canvas-data.";

export function startingFile(name: string, profile: Profile): string {
  const unsupported = gradesUnsupported(profile);
  const { source, grades } = profile;
  const writing: Writing = {
    values: { source: { ...source, profile: name }, ...(unsupported === undefined && { grades }) },
    ask: profile.ask,
    kinds: KINDS,
    samples: SAMPLES,
    shown: SHOWN,
  };
  const section = (key: string) => settingLines(key, writing);
  const lines = [
    ...heading(profile),
    "",
    ...TO_FILL_IN.flatMap((key) => [...section(key), ""]),
    ...commentLines(OTHER_SOURCE, 0),
    ...commentLines(OTHER_DELIVERY, 0),
    "",
    ...commentLines("What follows may stay as it is. Read `roster` before the first night all the same.", 0),
    "",
    ...AS_THEY_ARE.flatMap((key) => [...section(key), ""]),
    ...(unsupported === undefined
      ? [...section("grades"), ...commentLines(GRADES_SOURCES, 1)]
      : commentLines(`No grades: ${unsupported}`, 0)),
    "",
    ...commentLines("`notify` (mail and webhooks) and the rest of `grades` are in docs/configuration.md.", 0),
  ];
  return `${lines.join("\n")}\n`;
}

function heading({ title, about, warnings }: Profile): string[] {
  const steps = [
    `1. Put your own in the place of every ${FILL_IN}. A secret is never written here: it is the value of an environment variable, { env: NAME }, or the content of a file, { file: PATH }, relative to this one.`,
    "2. `rosterbridge check` tries out everything and says how to mend what does not work.",
    "3. `rosterbridge plan` asks the SIS for everything and shows what would reach Canvas. It delivers nothing.",
    "4. `rosterbridge roster` is the night itself. Name this file with --config where it is not ./rosterbridge.yaml.",
    "What is behind # need not be there: it has that value anyway, or is an example. To change something, take the # away, also from the key that it is under.",
  ];
  const always = warnings.filter(({ when }) => Object.keys(when).every((key) => key === "grades"));
  return [
    ...commentLines(
      `${title} to Canvas, by rosterbridge. Every key is explained in docs/configuration.md.`,
      0,
    ),
    "#",
    ...commentLines(about, 0),
    ...always.flatMap(({ says, do: advice }) => ["#", ...commentLines(`${says} ${advice}`, 0)]),
    "#",
    ...steps.flatMap((step) => commentLines(step, 0)),
  ];
}
