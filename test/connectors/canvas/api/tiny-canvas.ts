/** A small Canvas with the two APIs that grades are read from, as strict as the real one; a test decides the rest. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export const TOKEN = "7~cAnVaStOkEn";

export interface Asked {
  path: string;
  /** As on the wire. */
  address: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  /** How many requests came before this one, to the same path. */
  before: number;
}

export interface Told {
  status?: number;
  headers?: Record<string, string>;
  /** Text is sent as it stands, anything else as JSON. */
  body?: unknown;
  /** Cuts the connection: before the answer, or after half of it. */
  cut?: "before" | "midway";
  /** Never answers. */
  silent?: boolean;
}

export type Entry = Record<string, unknown>;

export interface Coursework {
  assignments: Entry[];
  /** By Canvas's id of the section. */
  work: Record<string, Entry[]>;
  /** Canvas's id of a course by its SIS id. */
  courses?: Record<string, number>;
  /** Most entries of a page, whatever is asked for. */
  pageSize?: number;
}

export interface TinyCanvas {
  url: string;
  asked: Asked[];
  /** Requests to paths that end like this, in the order they came. */
  of: (end: string) => Asked[];
  mostInFlight: () => number;
}

/** @param answer what to say; undefined for what Canvas says */
export async function startTinyCanvas(
  coursework: Coursework,
  answer: (asked: Asked) => Told | undefined | Promise<Told | undefined> = () => undefined,
): Promise<TinyCanvas> {
  const asked: Asked[] = [];
  let inFlight = 0;
  let most = 0;
  let url = "";
  const server = createServer((request, response) => {
    most = Math.max(most, ++inFlight);
    response.on("close", () => inFlight--);
    void respond(request, response);
  });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = request.url ?? "/";
    const { pathname: path, searchParams: query } = new URL(address, url);
    const before = asked.filter((one) => one.path === path).length;
    const one = { path, address, query, headers: request.headers, before };
    asked.push(one);
    const texts = (request.headers.accept ?? "").includes("application/json+canvas-string-ids");
    tell(response, (await answer(one)) ?? canvasAnswer(coursework, one, url), texts);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    of: (end) => asked.filter((one) => one.path.endsWith(end)),
    mostInFlight: () => most,
  };
}

export const NOT_FOUND: Told = {
  status: 404,
  body: { errors: [{ message: "The specified resource does not exist." }] },
};
export const NOT_ALLOWED: Told = {
  status: 403,
  body: { status: "unauthorized", errors: [{ message: "user not authorized to perform that action" }] },
};

function canvasAnswer(coursework: Coursework, asked: Asked, origin: string): Told {
  if (asked.headers.authorization !== `Bearer ${TOKEN}`) {
    return {
      status: 401,
      headers: { "www-authenticate": 'Bearer realm="canvas-lms"' },
      body: { errors: [{ message: "Invalid access token." }] },
    };
  }
  if (asked.address.length > 4096) return { status: 414, body: "URI Too Long" };
  const [, account] = /^\/api\/sis\/accounts\/([^/]+)\/assignments$/.exec(asked.path) ?? [];
  if (account !== undefined)
    return account === "self" ? assignmentsPage(coursework, asked, origin) : NOT_FOUND;
  const [, course] = /^\/api\/sis\/courses\/sis_course_id:([^/.]+)\/assignments$/.exec(asked.path) ?? [];
  if (course !== undefined) {
    const id = coursework.courses?.[decodeURIComponent(course)];
    return id === undefined ? NOT_FOUND : assignmentsPage(coursework, asked, origin, id);
  }
  const [, section] = /^\/api\/v1\/sections\/([^/]+)\/students\/submissions$/.exec(asked.path) ?? [];
  return section === undefined ? NOT_FOUND : workPage(coursework, asked, origin, section);
}

function assignmentsPage(
  { assignments, pageSize }: Coursework,
  asked: Asked,
  origin: string,
  course?: number,
): Told {
  const overrides = asked.query.getAll("include[]").includes("student_overrides");
  const listed = assignments
    .filter(({ course_id }) => course === undefined || course_id === course)
    .map((one) => (overrides ? one : { ...one, user_overrides: undefined }));
  return pageOf(listed, asked, origin, pageSize);
}

function workPage(
  { assignments, work, pageSize }: Coursework,
  asked: Asked,
  origin: string,
  section: string,
): Told {
  const all = work[section];
  if (all === undefined) return NOT_FOUND;
  const { query } = asked;
  if (query.get("student_ids[]") !== "all") return { body: [] };
  const wanted = query.getAll("assignment_ids[]");
  const known = new Set(assignments.map(({ id }) => String(id)));
  if (wanted.some((id) => !known.has(id))) {
    return { status: 403, body: { error: "invalid assignment ids requested" } };
  }
  const includes = query.getAll("include[]");
  const excluded = query.getAll("exclude_response_fields[]");
  const listed = all
    .filter(({ assignment_id }) => wanted.length === 0 || wanted.includes(String(assignment_id)))
    .map(({ user, submission_comments, ...one }) => ({
      ...Object.fromEntries(Object.entries(one).filter(([key]) => !excluded.includes(key))),
      ...(includes.includes("user") && { user }),
      ...(includes.includes("submission_comments") && { submission_comments }),
    }));
  return pageOf(listed, asked, origin, pageSize);
}

function pageOf(all: Entry[], { query, address }: Asked, origin: string, pageSize = 100): Told {
  const size = Math.min(pageSize, Number(query.get("per_page") ?? 10));
  const from = Number(/^bookmark:(\d+)$/.exec(query.get("page") ?? "")?.[1] ?? 0);
  const link = (page: number, rel: string): string => {
    const url = new URL(address, origin);
    url.searchParams.set("page", `bookmark:${page}`);
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = [
    link(from, "current"),
    ...(from + size < all.length ? [link(from + size, "next")] : []),
    link(0, "first"),
  ];
  return { headers: { link: links.join(",") }, body: all.slice(from, from + size) };
}

function tell(response: ServerResponse, told: Told, idsAsText: boolean): void {
  const { status = 200, headers = {}, body = "", cut, silent = false } = told;
  if (silent) return;
  if (cut === "before") {
    response.destroy();
    return;
  }
  const asText = (key: string, value: unknown) =>
    idsAsText && /(^|_)id$/.test(key) && typeof value === "number" ? String(value) : value;
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body, asText));
  response.writeHead(status, {
    "content-type": typeof body === "string" ? "text/plain" : "application/json; charset=utf-8",
    "content-length": bytes.length,
    ...headers,
  });
  if (cut === "midway") {
    response.write(bytes.subarray(0, bytes.length / 2), () => {
      setImmediate(() => response.destroy());
    });
    return;
  }
  response.end(bytes);
}

export interface SectionOf {
  id: number;
  sis_id?: string | null;
  override?: Entry;
  origin?: number;
}

/** An assignment as the SIS Integration API gives it, of course 10 unless told otherwise. */
export function assignment(id: number, sections: SectionOf[], more: Entry = {}): Entry {
  const course = typeof more.course_id === "number" ? more.course_id : 10;
  return {
    id,
    course_id: course,
    name: `Assignment ${id}`,
    created_at: "2026-08-20T15:00:00Z",
    due_at: "2026-10-02T06:59:59Z",
    unlock_at: null,
    lock_at: null,
    points_possible: 20,
    submission_types: ["on_paper"],
    integration_id: null,
    integration_data: {},
    include_in_final_grade: true,
    assignment_group: {
      id: 5,
      name: "Homework",
      group_weight: 40,
      sis_source_id: null,
      integration_data: {},
    },
    sections: sections.map(({ id: section, sis_id = `class-${section}`, override, origin = course }) => ({
      id: section,
      name: `Period ${section}`,
      sis_id,
      integration_id: null,
      origin_course: {
        id: origin,
        name: `Course ${origin}`,
        sis_id: `course-${origin}`,
        integration_id: null,
      },
      ...(origin !== course && {
        xlist_course: { id: course, name: "Together", sis_id: `course-${course}` },
      }),
      ...(override !== undefined && { override }),
    })),
    user_overrides: [],
    ...more,
  };
}

/** Graded and posted work as the Submissions API gives it. */
export function graded(assignment_id: number, user: number, score: number | null, more: Entry = {}): Entry {
  return {
    id: assignment_id * 1000 + user,
    assignment_id,
    user_id: user,
    score,
    grade: score === null ? null : String(score),
    entered_score: score,
    body: "what the student wrote",
    excused: false,
    missing: false,
    late: false,
    workflow_state: score === null ? "unsubmitted" : "graded",
    grade_matches_current_submission: true,
    graded_at: score === null ? null : "2026-10-03T17:00:00Z",
    posted_at: score === null ? null : "2026-10-03T18:00:00Z",
    submitted_at: null,
    user: {
      id: user,
      name: "Jo Dough",
      sortable_name: "Dough, Jo",
      login_id: "jo",
      sis_user_id: `student-${user}`,
    },
    submission_comments: [],
    ...more,
  };
}
