/** A small SIS with a gradebook, and records that it takes as they are. */
import { type District, makeDistrict } from "../../../../jobs/demo/district.ts";
import type { SandboxGradebookOptions, SandboxSis, SandboxSisOptions } from "../../../../jobs/demo/sis.ts";
import { TOKEN, withSis } from "../ask.ts";

export const DISTRICT: District = makeDistrict({ seed: 7, students: 60, schools: 2, oddities: false });
/** Classes of the whole year, in both semesters, that have students. */
const [first, second] = DISTRICT.classes
  .filter(({ terms }) => terms[0]?.sourcedId.startsWith("SY-"))
  .filter(({ sourcedId }) => seatsOf(sourcedId).length > 2);
export const CLASS = first!;
export const OTHER_CLASS = second!;
export const [PUPIL = "", CLASSMATE = ""] = seatsOf(CLASS.sourcedId);
/** Somebody of the district who is not in the class. */
export const STRANGER = DISTRICT.users.find(
  ({ role, sourcedId }) => role === "student" && !seatsOf(CLASS.sourcedId).includes(sourcedId),
)!.sourcedId;

function seatsOf(classId: string): string[] {
  return DISTRICT.enrollments
    .filter((each) => each.class.sourcedId === classId && each.role === "student")
    .map(({ user }) => user.sourcedId)
    .sort();
}

export type Body = Record<string, unknown>;

export function ref(type: string, sourcedId: string) {
  return { href: `https://sis.example.org/ims/oneroster/v1p1/${type}/${sourcedId}`, sourcedId, type };
}

export function lineItem(sourcedId: string | undefined, change: Body = {}): Body {
  return {
    ...(sourcedId !== undefined && { sourcedId }),
    status: "active",
    dateLastModified: "2026-11-20T02:00:00.000Z",
    title: "Essay on rivers",
    description: "Imported from Canvas",
    assignDate: "2026-10-01T07:00:00Z",
    dueDate: "2026-10-09T06:59:59Z",
    class: ref("class", CLASS.sourcedId),
    category: null,
    gradingPeriod: null,
    resultValueMin: 0,
    resultValueMax: 20,
    ...change,
  };
}

export function result(sourcedId: string | undefined, line: string, change: Body = {}): Body {
  return {
    ...(sourcedId !== undefined && { sourcedId }),
    lineItem: ref("lineItem", line),
    student: ref("user", PUPIL),
    scoreStatus: "fully graded",
    score: 17.5,
    ...change,
  };
}

export interface Said {
  status: number;
  text: string;
  location: string | null;
  json: unknown;
}

export type Send = (method: string, path: string, body?: unknown) => Promise<Said>;

/** Does something with a SIS that has a gradebook. */
export async function withGradebook(
  gradebook: SandboxGradebookOptions,
  work: (send: Send, sis: SandboxSis) => Promise<void>,
  options: Partial<SandboxSisOptions> = {},
): Promise<void> {
  await withSis({ district: DISTRICT, gradebook, ...options }, (sis) => work(sender(sis), sis));
}

export function sender(sis: SandboxSis, headers: Record<string, string> = {}): Send {
  return async (method, path, body) => {
    const reply = await fetch(sis.url + path, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    const json: unknown = text.startsWith("{") ? JSON.parse(text) : undefined;
    return { status: reply.status, text, location: reply.headers.get("location"), json };
  };
}

/** PUTs a line item L1 that is to be there. */
export async function putLineItem(send: Send, sourcedId = "L1", change: Body = {}): Promise<void> {
  const { status, text } = await send("PUT", `/lineItems/${sourcedId}`, {
    lineItem: lineItem(sourcedId, change),
  });
  if (status > 299) throw new Error(text);
}
