/** What people are told of a run that has ended: short, useful at seven in the morning, and no student's data. Pure. */
import type { CountFacts, GradesFacts, Notification } from "../../connectors/notify/notification.ts";
import { countWords } from "./grades-lines.ts";
import type {
  ErrorEntry,
  FileEntry,
  GradesEntry,
  GuardEntry,
  Job,
  Manifest,
  OutcomeCounts,
} from "./manifest.ts";

const JOBS: Record<Job, string> = { roster: "roster night", grades: "grade passback" };
/** More errors or exceeded limits than these are counted; `show` has them all. */
const MOST = 5;
const LONGEST_PARAGRAPH = 1000;

/**
 * @param manifest of a run that has ended; texts from outside in it must have been scrubbed of secrets
 * @param name of the institution, for people
 * @param folder of the run
 */
export function notificationOf(manifest: Manifest, name: string, folder: string): Notification {
  const { run, job, status, exitCode, startedAt, finishedAt, guard, delivery } = manifest;
  const errors = manifest.errors.map(withoutForeignWords);
  const command = commandFor(manifest);
  const { verdict, paragraphs } = told({ ...manifest, errors });
  return {
    subject: tidy(`[rosterbridge] ${name.replaceAll(/\s+/g, " ")}: ${JOBS[job]} ${verdict}`),
    text: [...paragraphs, `${purposeOf(manifest)}: ${command}`]
      .filter((paragraph) => paragraph !== "")
      .map(tidy)
      .join("\n\n"),
    facts: {
      institution: { id: manifest.institution.id, name },
      ...{ job, run, status, exitCode, startedAt, finishedAt },
      host: manifest.process.host,
      folder,
      errors,
      rejected: rejectedIn(manifest),
      files: manifest.files,
      guard: guard && {
        violations: guard.violations.map(({ rule, file, message }) => ({ rule, file, message })),
        causes: guard.causes,
      },
      delivery,
      grades: gradesFacts(manifest.grades),
      command,
    },
  };
}

interface Words {
  verdict: string;
  /** What happened, what it means for tomorrow morning, what to do about it; empty ones are left out. */
  paragraphs: string[];
}

function told(manifest: Manifest): Words {
  const { job, status, errors } = manifest;
  const messages = errors.slice(0, MOST).map(({ message }) => message);
  const hints = [...new Set(errors.slice(0, MOST).map(({ hint }) => hint))];
  const more = errors.length > MOST ? [`And ${errors.length - MOST} more errors.`] : [];
  switch (status) {
    case "held":
      return {
        verdict: "HELD, a person must decide",
        paragraphs: [
          violationWords(manifest.guard) ?? messages.join("\n"),
          "Nothing was sent. Canvas stays as it was after the last delivered night, until somebody accepts these changes or a later night is within the limits.",
          `Look at them first: changes.csv of the run, and rosterbridge show ${manifest.run}`,
        ],
      };
    case "partial":
      return {
        verdict: "done IN PART",
        paragraphs: [
          `Some of it could not be sent, or was refused; everything else has arrived.${gradesWords(manifest.grades)}`,
          ...messages,
          ...more,
          ...hints,
        ],
      };
    case "ok":
      return { verdict: "ok", paragraphs: [delivered(manifest), rejects(manifest)] };
    default:
      return {
        verdict: `FAILED (${exitName(errors)})`,
        paragraphs: [
          ...messages,
          ...more,
          job === "roster" ? rosterStays(manifest) : gradesStay(manifest.grades),
          ...hints,
        ],
      };
  }
}

function gradesStay(grades: GradesEntry | undefined): string {
  const stay = "Grades that have not reached the SIS are still in Canvas: the next run sends them.";
  const sent = (grades?.lineItems.sent ?? 0) + (grades?.results.sent ?? 0);
  return sent === 0 ? stay : `${stay} By then these were told of:${gradesWords(grades)}`;
}

function rosterStays({ delivery, errors }: Manifest): string {
  if (delivery !== null) return "The package had been delivered by then: Canvas gets it.";
  const stays =
    "Canvas stays as it was after the last delivered night: new students and changed schedules are missing there until a night is delivered.";
  return exitName(errors) === "delivery" ? `The package is good, and kept. ${stays}` : stays;
}

function delivered({ job, delivery, files, grades }: Manifest): string {
  if (job !== "roster") return `Everything that had changed has been sent.${gradesWords(grades)}`;
  if (delivery === null) return "There was nothing to deliver: Canvas stays as it is.";
  const rows = Object.entries(files).map(([name, entry]) => `${name}: ${fileWords(entry)}`);
  return [`Delivered: ${delivery.target}`, ...rows].join("\n");
}

function gradesWords(grades: GradesEntry | undefined): string {
  if (grades === undefined) return "";
  const { lineItems, results } = grades;
  return `\nLine items: ${countWords(lineItems, false)}.\nResults: ${countWords(results, false)}.`;
}

function gradesFacts(grades: GradesEntry | undefined): GradesFacts | null {
  if (grades === undefined) return null;
  const { lineItems, results, reasons } = grades;
  const told = reasons.map(({ reason, count }) => ({ reason: withoutAddresses(reason), count }));
  return { lineItems: countFacts(lineItems), results: countFacts(results), reasons: told };
}

function countFacts({ sent, unchanged, skipped, refused }: OutcomeCounts): CountFacts {
  return { sent, unchanged, skipped, refused };
}

function fileWords({ rows, added, changed, suspended, removed }: FileEntry): string {
  const others = changed === undefined ? changed : changed - (suspended ?? 0);
  const counts = { added, changed: others, "suspended by the SIS": suspended, removed };
  const changes = Object.entries(counts).flatMap(([what, count]) =>
    count === undefined ? [] : [`${n(count)} ${what}`],
  );
  return `${n(rows)} rows${changes.length === 0 ? "" : ` (${changes.join(", ")})`}`;
}

/** A line for each limit that was exceeded, and for each likely cause. */
function violationWords(guard: GuardEntry | null): string | undefined {
  if (guard === null || guard.violations.length === 0) return undefined;
  const lines = guard.violations.map(({ message }) => message);
  const more = lines.length > MOST ? [`… and ${lines.length - MOST} more`] : [];
  return [...lines.slice(0, MOST), ...more, ...guard.causes].join("\n");
}

function rejects(manifest: Manifest): string {
  const count = rejectedIn(manifest);
  if (count === 0) return "";
  return `${n(count)} records of the SIS were left out as unfit: rejects.csv of the run says which, and why.`;
}

function rejectedIn({ extracted }: Manifest): number {
  return Object.values(extracted).reduce((sum, { rejected }) => sum + rejected, 0);
}

function purposeOf(manifest: Manifest): string {
  if (manifest.status === "held") return "To deliver it all the same";
  if (manifest.status !== "failed") return "To see all of it";
  if (!isStale(manifest)) return "To take it up again";
  return manifest.job === "roster" ? "To make a new night" : "To make a new run";
}

function commandFor(manifest: Manifest): string {
  const { run, status } = manifest;
  if (status === "held") return `rosterbridge rerun ${run} --accept-changes`;
  if (status !== "failed") return `rosterbridge show ${run}`;
  return isStale(manifest) ? `rosterbridge ${manifest.job}` : `rosterbridge rerun ${run}`;
}

/** A newer night is out: to take this one up again would be refused. */
function isStale({ errors }: Manifest): boolean {
  return errors.some(({ code }) => code === "usage.stale-run");
}

/** `delivery`, `source`, …: what the exit code says, as a word. */
function exitName([error]: readonly ErrorEntry[]): string {
  return error?.code.split(".")[0] ?? "internal";
}

/**
 * Nobody knows what a SIS puts into its own words, nor what an error that was not foreseen quotes: both stay on the
 * machine, and so does everything that looks like a mail address.
 */
function withoutForeignWords({ stage, code, message, hint }: ErrorEntry): ErrorEntry {
  const known =
    code === "internal.defect"
      ? "An unforeseen fault, which is a defect of rosterbridge; the run's log says more."
      : message.replace(/The (?:SIS|Canvas) says: .*$/s, "Its own words are in the run's manifest.");
  return { stage, code, message: withoutAddresses(known), hint: withoutAddresses(hint) };
}

function withoutAddresses(text: string): string {
  return text.replaceAll(/[^\s@<>"'`(),;:=]+@[^\s@<>"'`(),;:=]+/g, "[address]");
}

/** Of a bearable length, without what would paint on a terminal or break a header. */
function tidy(text: string): string {
  const safe = text.replaceAll(/[^\P{Cc}\n]+/gu, " ");
  return safe.length > LONGEST_PARAGRAPH ? `${safe.slice(0, LONGEST_PARAGRAPH - 1).toWellFormed()}…` : safe;
}

function n(value: number): string {
  return value.toLocaleString("en");
}
