/** The SIS's sessions, among which a due date finds its grading period. */
import { readRecord } from "../read-record.ts";
import type { AcademicSession } from "../records.ts";
import type { SourcePorts } from "../ports.ts";
import { AnswerFailure } from "../source-failures.ts";
import type { Members } from "./records.ts";

/** Answers with which a SIS says that it does not offer an endpoint. */
const NOT_OFFERED = [400, 403, 404, 405, 501];

/**
 * `/gradingPeriods`; where the SIS does not have it or has nothing there, all sessions, of every type. Those
 * that cannot be read are left out and counted in the log.
 * @param read gives a complete collection of the rostering service
 */
export async function readGradingPeriods(
  read: (path: string) => Promise<Members[]>,
  ports: Pick<SourcePorts, "log">,
): Promise<AcademicSession[]> {
  const own = await read("gradingPeriods").catch(ifNotOffered);
  const path = own.length > 0 ? "gradingPeriods" : "academicSessions";
  const bodies = own.length > 0 ? own : await read(path);
  const results = bodies.map((body) => readRecord("academicSessions", body));
  const unread = results.filter(({ reject }) => reject !== undefined).length;
  if (unread > 0) {
    const message = `${unread} of ${bodies.length} sessions cannot be read and were left out`;
    ports.log({ level: "warn", endpoint: path, message });
  }
  return results.flatMap(({ record }) => (record === undefined || record.gone ? [] : [record]));
}

function ifNotOffered(error: unknown): Members[] {
  if (error instanceof AnswerFailure && NOT_OFFERED.includes(error.status)) return [];
  throw error;
}
