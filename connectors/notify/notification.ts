/** What is told of a run that has ended: counts, codes and words of ours, never a student's data. */

export interface Notification {
  /** One line. */
  subject: string;
  /** Paragraphs of plain text: what happened, what it means for tomorrow morning, what to type. */
  text: string;
  facts: RunFacts;
}

/** The same for programs. Instants are ISO 8601 in UTC; members are added, none is renamed or dropped. */
export interface RunFacts {
  institution: { id: string; name: string };
  job: string;
  run: string;
  status: string;
  exitCode: number | null;
  startedAt: string;
  finishedAt: string | null;
  /** The machine that ran it, and the run's folder there. */
  host: string;
  folder: string;
  errors: { stage: string | null; code: string; message: string; hint: string }[];
  /** Records of the SIS that were left out as unfit. */
  rejected: number;
  /** Rows of each file for Canvas, and how they differ from the last delivered night. */
  files: Record<string, FileFacts>;
  /** The limits that the night is over, and what looks like the cause; null when no guard was asked. */
  guard: { violations: { rule: string; file: string | null; message: string }[]; causes: string[] } | null;
  delivery: { kind: string; target: string; verified: boolean } | null;
  /** What a grades run sent, and why some of it could not be; null of other runs. */
  grades: GradesFacts | null;
  /** What to type next, on that machine. */
  command: string;
}

export interface FileFacts {
  rows: number;
  added?: number;
  changed?: number;
  /** Of users, those of the changed ones whose own record suspends them; absent: none. */
  suspended?: number;
  removed?: number;
  unchanged?: number;
}

export interface GradesFacts {
  lineItems: CountFacts;
  results: CountFacts;
  /** The most frequent first. */
  reasons: { reason: string; count: number }[];
}

export interface CountFacts {
  sent: number;
  unchanged: number;
  skipped: number;
  refused: number;
}

/** Which run it was, when and where: small print under the text. */
export function smallPrint({ run, startedAt, finishedAt, exitCode, host, folder }: RunFacts): string[] {
  const end = finishedAt === null ? "" : ` to ${finishedAt}`;
  return [`${run}: ${startedAt}${end}, exit code ${exitCode ?? "none"}`, `${host}: ${folder}`];
}
