/** What grade passback would meet in Canvas, found out with four small requests. */
import { z } from "zod";
import { Failure } from "../../../config/failure.ts";
import { type CanvasClient, createCanvasClient } from "./client.ts";
import { canvasId, sisId } from "./ids.ts";
import type { CanvasApiConfig, CanvasPorts } from "./ports.ts";
import { readSubmission, showsSisId } from "./submissions.ts";

export interface CanvasStep {
  name: string;
  status: "ok" | "warn" | "fail";
  /** How long it took, in milliseconds. */
  ms: number;
  message: string;
  /** What to do; empty when all is well. */
  hint: string;
}

/** Somebody waits for the answer. */
const TIMEOUT_SECONDS = 30;
const LONGEST_WAIT_MS = 20_000;
const CONNECTIONS = 2;

const Account = z.object({ id: canvasId });
const Assignments = z.array(
  z.looseObject({ id: canvasId, sections: z.array(z.looseObject({ id: canvasId, sis_id: sisId })) }),
);

/**
 * Whether the token works, the account is there, assignments for the SIS are given out, and grades and SIS ids are
 * shown; up to the first without which the others make no sense.
 * @throws the signal's reason
 */
export async function* probeCanvasApi(
  config: CanvasApiConfig,
  ports: CanvasPorts,
  signal: AbortSignal,
): AsyncGenerator<CanvasStep> {
  const base = new URL(config.url.endsWith("/") ? config.url : `${config.url}/`);
  const impatient = { ...ports, sleep: shortSleep(ports) };
  const client = createCanvasClient(config, {
    ...{ ports: impatient, signal, concurrency: CONNECTIONS, comments: false },
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  const steps = stepsOf(client, base, config.account, signal);
  try {
    for (const { name, work, isVital } of steps) {
      const startedAt = ports.now();
      const step = await work().catch((error: unknown) => {
        signal.throwIfAborted();
        if (!(error instanceof Failure)) throw error;
        return {
          status: isVital ? ("fail" as const) : ("warn" as const),
          message: error.message,
          hint: error.hint,
        };
      });
      yield { name, ms: ports.now() - startedAt, hint: "", status: "ok", ...step };
      if (step.status === "fail") return;
    }
  } finally {
    await client.close();
  }
}

interface Words {
  message: string;
  status?: "ok" | "warn" | "fail";
  hint?: string;
}

interface Step {
  name: string;
  /** Whether no grades are to be had without it. */
  isVital: boolean;
  work: () => Promise<Words>;
}

function stepsOf(client: CanvasClient, base: URL, account: string, signal: AbortSignal): Step[] {
  const get = async (path: string, query: readonly (readonly [string, string])[] = []) => {
    const url = new URL(path, base);
    for (const [name, value] of query) url.searchParams.append(name, value);
    return { url, ...(await client.get(url, signal)) };
  };
  const of = encodeURIComponent(account);
  let section: { id: string; assignment: string } | undefined;

  return [
    {
      ...{ name: "Canvas token", isVital: true },
      async work() {
        await get("api/v1/users/self");
        return { message: `${base.host} takes the token` };
      },
    },
    {
      ...{ name: "Canvas account", isVital: false },
      async work() {
        const { json } = await get(`api/v1/accounts/${of}`);
        const { data } = Account.safeParse(json);
        return { message: `account ${data?.id ?? account}${account === "self" ? ", the token's own" : ""}` };
      },
    },
    {
      ...{ name: "Canvas SIS feature", isVital: true },
      async work() {
        const { json } = await get(`api/sis/accounts/${of}/assignments`, [["per_page", "20"]]);
        const { data } = Assignments.safeParse(json);
        if (data === undefined)
          return {
            message: "assignments for the SIS came in another form than Canvas's documentation has",
            ...ODD,
          };
        const [assignment] = data;
        const first = assignment?.sections[0];
        if (assignment !== undefined && first !== undefined)
          section = { id: first.id, assignment: assignment.id };
        if (data.length === 0)
          return { message: "on, but no published assignment is set to “Sync to SIS” yet", ...NONE_YET };
        const named = data.some(({ sections }) => sections.some(({ sis_id }) => sis_id !== null));
        if (!named)
          return {
            message: "on, but the first assignments are of sections without SIS ids",
            ...NO_SECTION_IDS,
          };
        return { message: "on: assignments that are set to “Sync to SIS” are given out" };
      },
    },
    {
      ...{ name: "Canvas grades", isVital: false },
      async work() {
        if (section === undefined) return { message: "not tried, as there is no such assignment yet" };
        const { url, json } = await get(`api/v1/sections/${section.id}/students/submissions`, [
          ...([
            ["student_ids[]", "all"],
            ["assignment_ids[]", section.assignment],
          ] as const),
          ...([
            ["include[]", "user"],
            ["per_page", "20"],
          ] as const),
        ]);
        const submissions = (Array.isArray(json) ? json : []).map((entry) => readSubmission(entry, url));
        if (submissions.length === 0)
          return { message: "shown; the section that was looked at has no students" };
        if (submissions.some(showsSisId)) return { message: "shown, with the SIS ids of students" };
        return { message: "shown, but without the SIS id of any student", ...NO_SIS_IDS };
      },
    },
  ];
}

const ODD = {
  status: "fail" as const,
  hint: "Check grades.source.url: it is Canvas's own address, such as https://oakdale.instructure.com.",
};
const NONE_YET = {
  status: "warn" as const,
  hint: "Nothing will be sent until instructors choose “Sync to SIS” for an assignment that has a due date and is published.",
};
const NO_SECTION_IDS = {
  status: "warn" as const,
  hint: "Grades of sections that did not come from the SIS are skipped. See whether roster packages have been imported.",
};
const NO_SIS_IDS = {
  status: "warn" as const,
  hint: "Give the role of the token's user the account permission SIS Data - read: without SIS ids no grade finds its student.",
};

function shortSleep({ sleep }: CanvasPorts): CanvasPorts["sleep"] {
  return async (ms, signal) => {
    if (ms <= LONGEST_WAIT_MS) return sleep(ms, signal);
    throw new Failure("source.rate-limited", `Canvas asks to wait ${Math.round(ms / 1000)} seconds`, {
      hint: "Check again after that, or give rosterbridge a token of its own.",
    });
  };
}
