/** What the gradebook of a sandbox SIS can be told to be, and what it tells of itself. */
import type { ErrorShape } from "./error-shapes.ts";
import type { RawCategory, RawLineItem, RawResult, RecordKind, SentRecord } from "./records.ts";

/** All of it is plain JSON, so that a SIS in a process of its own can be told too. */
export interface SandboxGradebookOptions {
  /**
   * Standard (default): the client chooses the sourcedId, and PUT to it creates. Modified: the SIS allocates it,
   * refuses one on creation, and is updated by PUT to its own id.
   */
  endpoints?: "standard" | "modified";
  /**
   * Where a modified SIS takes creations: PUT /lineItems (default), PUT /lineItems/{any id that is not known}, or
   * nowhere but in sets, as in OneRoster 1.2.
   */
  creation?: "no-id" | "placeholder" | "set";
  /** How an allocated id is told: in the object, in `sourcedIdPairs` (a list, or one object), in Location. */
  allocate?: "body" | "pairs" | "pairs-object" | "location";
  /** A standard SIS that stores under an id of its own, and tells it as `allocate` says. */
  renames?: boolean;
  /** A standard SIS in which PUT only replaces: 404 for a new id. */
  updatesOnly?: boolean;
  /** Categories of all classes (default), of each class (`metadata.classId`), or some of both. */
  categories?: "global" | "per-class" | "mixed";
  /** Their titles; default: Homework, Quizzes, Tests, Projects, Participation. */
  categoryTitles?: string[];
  /** Whether POST of sets works, as in OneRoster 1.2. */
  bulk?: boolean;
  /** What becomes of the others of a set when one is refused: nothing is stored (default), or those before it are. */
  sets?: "whole" | "one-by-one";
  /** What a PUT that worked is answered with; with `200-body`, a creation is 201 with the body. */
  putAnswer?: "200-body" | "201-empty" | "204";
  /** How long every write is held back, in milliseconds; default: as every answer. */
  putLatencyMs?: number;
  /** Longest title in characters. */
  titleMaxLength?: number;
  /** What becomes of a score outside resultValueMin and resultValueMax; default `take`. */
  scoreOverMax?: "take" | "refuse";
  /** Whether every result must have a score, as OneRoster 1.1 has it. */
  needsScore?: boolean;
  /** Members that this SIS insists on besides those of the standard, such as `category` or `school`. */
  requires?: Partial<Record<RecordKind, string[]>>;
  /** Work that is due before this instant lies in a closed grading window. */
  closedBefore?: string;
  /** When the days of a term begin and end: anywhere on earth (default), or in UTC, which cuts off late evenings. */
  termDays?: "anywhere" | "utc";
  /** A second line item of the same class, title and due date, or result of the same student: taken, or 409. */
  twins?: "take" | "refuse";
  /** What DELETE does: the record is gone (default), stays as `tobedeleted`, or may not be deleted. */
  deletion?: "gone" | "tobedeleted" | "refused";
  /** How it words what it refuses; default `status-info`. */
  errorShape?: ErrorShape;
}

export interface RefusalRule {
  /** Default: line items and results. */
  kind?: RecordKind;
  /** Default: every record. */
  match?: (body: SentRecord) => boolean;
  status: number;
  /** The SIS's own words; with `status-info-set` none gives a refusal without a description. */
  words: string;
  shape?: ErrorShape;
  /** How many get it; default all. */
  times?: number;
}

export interface SandboxWrite {
  method: string;
  /** Under the OneRoster root. */
  path: string;
  /** Status that was sent; 0 when the connection was broken, or nothing has been sent yet. */
  status: number;
  /** The JSON as it was sent, wrapper and all; undefined when it was none. */
  body: unknown;
}

/** What a teacher gives who makes a column in the SIS itself. */
export interface TeachersLineItem {
  classId: string;
  title: string;
  dueDate: string;
  /** Default: the SIS's choice. */
  sourcedId?: string;
  /** A sourcedId. */
  category?: string | null;
  resultValueMax?: number;
}

export interface TeachersResult {
  lineItem: string;
  student: string;
  score: number | null;
  sourcedId?: string;
  scoreStatus?: string;
}

export interface SandboxGradebook {
  readonly categories: readonly RawCategory[];
  /** What it holds now, by sourcedId. */
  readonly lineItems: ReadonlyMap<string, RawLineItem>;
  readonly results: ReadonlyMap<string, RawResult>;
  /** The latest 100,000 requests other than GET that were let in, in the order of their arrival. */
  readonly writes: readonly SandboxWrite[];
  /** What a teacher does in the SIS itself; each throws where there is no such record. */
  editLineItem(sourcedId: string, change: Partial<RawLineItem>): void;
  editResult(sourcedId: string, change: Partial<RawResult>): void;
  /** Gives its sourcedId. */
  addLineItem(lineItem: TeachersLineItem): string;
  addResult(result: TeachersResult): string;
  /** Without a trace; a line item takes its results along. */
  remove(kind: RecordKind, sourcedId: string): void;
  /** Gives a function that lifts the rule. */
  refuse(rule: RefusalRule): () => void;
  /** While true, it answers as if all were well and keeps nothing. */
  storesNothing: boolean;
  /** sourcedIds of students whose results are answered as if all were well and not kept. */
  readonly losesResultsOf: Set<string>;
}
