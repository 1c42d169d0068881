/**
 * What to do about a record that a SIS refused. SISs say the same thing in many words; these are the ones that
 * are met, from vendors' guides and users' reports, and what the status means where the words are of no help.
 */
import type { RecordKind } from "./records.ts";

export interface RefusedRecord {
  kind: RecordKind;
  method: "PUT" | "POST" | "DELETE";
  status: number;
  words: string;
}

interface KnownWords {
  says: RegExp;
  /** Only of this kind of record. */
  of?: RecordKind;
  hint: string;
}

const CLOSED =
  "The grading window is closed in the SIS. The SIS administrator can open it again; otherwise the instructor moves the due date into an open grading period, or enters the mark in the SIS.";
const OUTSIDE =
  "The SIS wants the dates inside the class's grading period. The instructor sets a due date (and available-from date) inside it in Canvas; 23:59 on its last day may count as the next day in the SIS, so choose an earlier time.";
const TOO_HIGH =
  "The SIS takes no score outside the line item's minimum and maximum. The instructor corrects the score or the points possible in Canvas, or set grades.result.overMax: cap (grades.result.negative: zero).";
const NOT_ENROLLED =
  "In the SIS this student is not, or no longer, in the class. The registrar checks the enrollment there; after the next roster run Canvas agrees.";
const TEACHERS_OWN =
  "In the SIS this is locked, or the teacher has entered a mark of their own. The teacher unlocks or removes it in the SIS, or leaves it as it is there.";
const NOT_THEIRS =
  "The SIS lets this key write only where the section's teacher is linked to it. The SIS administrator checks the teacher of the section and the key's permissions for this class.";
const CATEGORY =
  "The SIS does not take the category. The instructor puts the assignment into a group that is named like a category of the SIS, or set grades.categories (whenUnmatched and default, or override).";
const SCALE =
  "In the SIS this line item is graded by a scale or letters, not by points. The teacher changes it to points there; where the SIS wants it said, add it under grades.lineItem.metadata (PowerSchool: scoreType: POINTS).";
const SCORE_WANTED =
  "The SIS wants a score with every result. Set grades.result.exemptScore: zero, or have the instructor enter one.";
const SCORE_DATE =
  "The SIS wants another date of the score. Set grades.result.scoreDate: true, and see that the work was graded after the assignment's first day.";
const OWN_IDS =
  "The SIS gives sourcedIds itself. Set grades.endpoints: modified, and grades.bulk where it takes sets by POST.";
const TWIN =
  "The SIS has one of that name already. The instructor renames the assignment in Canvas, or removes the other one in the SIS.";

const SCORE_THERE =
  "The SIS has a score for this student and assignment already, under another sourcedId. The next run looks for it; if it is refused again, the teacher removes one of them in the SIS.";

/** The first that fits is taken: the closer ones come before the wider ones. */
const KNOWN: KnownWords[] = [
  {
    says: /(title|name).*(too long|longer|length|exceed|at most|max(imum)?\b|characters)|too (many|long).*(title|name)\b/i,
    of: "lineItem",
    hint: "The SIS wants a shorter name. The instructor shortens it in Canvas, or set grades.lineItem.titleMaxLength to what the SIS allows (PowerSchool: 50).",
  },
  {
    says: /comments?\b.*(too long|longer|length|exceed|at most|max|characters)/i,
    hint: "The SIS wants a shorter comment. The instructor shortens it in Canvas, or set grades.result.comment: false.",
  },
  {
    says: /(grading|reporting|posting|score entry|term|quarter|semester|period).*(closed|locked|not open|has ended)|closed.*(window|period|term)|(window|period).*closed/i,
    hint: CLOSED,
  },
  { says: /score ?date/i, hint: SCORE_DATE },
  {
    says: /(due|assign(ed|ment)?|start|end)[ _]?dates?\b|outside.*(period|term|session)|(class|section) or grading period/i,
    of: "lineItem",
    hint: OUTSIDE,
  },
  { says: /grad(e|ing)[ _]?scale|letter grade|scor(e|ing)[ _]?type|grade scale id/i, hint: SCALE },
  {
    says: /(score|points|mark|result ?value)\b.*(exceed|greater|above|over|more than|maximum|less than|below|minimum|range|between|negative|must be from)|out of range/i,
    of: "result",
    hint: TOO_HIGH,
  },
  {
    says: /(score|mark)\b.*(required|missing|null|empty|number|entry point|without)|(required|missing|invalid).*\bscore\b/i,
    of: "result",
    hint: SCORE_WANTED,
  },
  {
    says: /(does not|doesn't|not) teach|not (the|a) teacher|teacher.*not (assigned|linked|found)|lead (teacher|section)/i,
    hint: NOT_THEIRS,
  },
  {
    says: /student.*(not|n't|no longer|dropped|withdrawn|unknown|belong)|not (enrolled|in (the|this|that) (class|section))|(unknown|no such|invalid).*student/i,
    of: "result",
    hint: NOT_ENROLLED,
  },
  { says: /categor/i, of: "lineItem", hint: CATEGORY },
  {
    says: /grading ?period|academic ?session/i,
    hint: "The SIS does not take the grading period. Set grades.gradingPeriod (null, omit or by-due-date) as the SIS wants it, and see that the due date lies in a period of the class.",
  },
  {
    says: /sourced ?id.*(must not|may not|not allowed|not be (sent|supplied|given)|omit|assigned by|read.?only)|(must not|do not).*sourced ?id/i,
    hint: OWN_IDS,
  },
  {
    says: /already exists|duplicate|must be unique|not unique|multiple matches/i,
    of: "lineItem",
    hint: TWIN,
  },
  {
    says: /already exists|duplicate|must be unique|not unique|multiple matches/i,
    of: "result",
    hint: SCORE_THERE,
  },
  {
    says: /locked|read.?only|overridden|already (been )?(entered|graded|scored|posted)|(entered|created|owned|changed) by/i,
    hint: TEACHERS_OWN,
  },
  {
    says: /unknown (field|property|member)|additional propert|unexpected (field|property|member)|unrecognized|\bhas no \w+$/i,
    hint: "The SIS does not know one of the fields. Name it under grades.lineItem.omit or grades.result.omit.",
  },
  {
    says: /\b(class|section|gradebook)\b.*(not (found|known|exist)|unknown|does not|invalid)|(unknown|no such|invalid).*\b(class|section)\b/i,
    hint: "The SIS does not know this class any more, or it has no gradebook. The SIS administrator checks it; a roster run brings Canvas up to date.",
  },
  {
    says: /\brequired\b|\bmissing\b|must be (given|present|sent)/i,
    hint: "The SIS wants a field that is not sent. Give it under grades.lineItem.values or grades.result.values, and take it out of omit.",
  },
];

/** One or two sentences for the instructor or the administrator. */
export function hintOf({ kind, method, status, words }: RefusedRecord): string {
  if (method === "DELETE") return deletionHint(status);
  const known = KNOWN.find(({ says, of }) => (of === undefined || of === kind) && says.test(words));
  return known?.hint ?? statusHint(kind, method, status);
}

function deletionHint(status: number): string {
  return status === 403 || status === 405
    ? "The SIS lets nobody delete over OneRoster. Set grades.whenCleared: clear (or keep), or have the teacher delete it in the SIS."
    : "The teacher removes it in the SIS, or set grades.whenCleared: keep.";
}

function statusHint(kind: RecordKind, method: "PUT" | "POST", status: number): string {
  switch (status) {
    case 403:
      return "The SIS does not let this key write here. The SIS administrator gives it the right to write line items and results (with OAuth 2 the scope gradebook.createput), and checks that the section has a teacher.";
    case 404:
      if (method === "POST")
        return "The SIS does not offer this endpoint for sets, or does not know the class. Set grades.bulk: false, and check source.gradebookUrl.";
      return kind === "lineItem"
        ? "Either the SIS does not know the class any more, or it only changes line items that it has and makes none under our sourcedId: then set grades.endpoints: modified."
        : "Either the SIS has no such line item or student any more (the next run finds out), or it makes no results under our sourcedId: then set grades.endpoints: modified.";
    case 405:
    case 501:
      return "The SIS does not take this kind of request there. Check source.gradebookUrl, grades.endpoints and grades.bulk against the vendor's documentation.";
    case 409:
    case 412:
      return `The SIS holds something that is against it, mostly because somebody has changed or locked the ${nameOf(kind)} there. The teacher looks at it in the SIS; the next run tries again.`;
    case 413:
      return "The SIS finds it too large. With grades.bulk: true set it to false; otherwise shorten description or comment (grades.lineItem.omit, grades.result.comment).";
    case 415:
      return "The SIS, or a proxy before it, does not take JSON here. Check source.gradebookUrl.";
    case 429:
      return "The SIS has no time. Lower grades.concurrency, or set source.requestsPerSecond to what the SIS allows; the next run tries again.";
    default:
      return `The SIS does not take this ${nameOf(kind)} as it is. Compare what it says with the assignment in Canvas and with grades.${kind}; if it stays unclear, ask the SIS's support with the sourcedId.`;
  }
}

function nameOf(kind: RecordKind): string {
  return kind === "lineItem" ? "line item" : "result";
}
