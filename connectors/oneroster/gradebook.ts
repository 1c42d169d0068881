/** The SIS's gradebook over OneRoster: what it holds, completely; and each record that is sent, with what became of it. */
import type { Config, RestSourceConfig } from "../../config/schema.ts";
import { createClient } from "./client.ts";
import { ofClass, ofRecord, ofSet, type Scope, SETS, under } from "./gradebook/addresses.ts";
import { type CategoryScope, createCategories } from "./gradebook/categories.ts";
import { type CollectionPlace, readCollection } from "./gradebook/collection.ts";
import { createCreation } from "./gradebook/creation.ts";
import { readGradingPeriods } from "./gradebook/grading-periods.ts";
import {
  type Body,
  isGone,
  lineItemOf,
  type Members,
  type RecordKind,
  resultOf,
  type SisCategory,
  type SisLineItem,
  type SisResult,
} from "./gradebook/records.ts";
import { createSend, type NotStored, type Sent } from "./gradebook/sending.ts";
import { readSingle } from "./gradebook/single.ts";
import { allocatedId, allocatedIds } from "./gradebook/stored-answer.ts";
import type { SourcePorts } from "./ports.ts";
import type { AcademicSession } from "./records.ts";

export type { Scope } from "./gradebook/addresses.ts";
export type { CategoryScope } from "./gradebook/categories.ts";
export type { Body, RecordKind, SisCategory, SisLineItem, SisResult } from "./gradebook/records.ts";
export type { NotStored, Sent } from "./gradebook/sending.ts";

/**
 * Every method throws Failure source.… when the SIS as a whole is of no use, and the signal's reason. Where a
 * collection or a class is not to be had that is an AnswerFailure with its status: 404 for a class that the SIS
 * does not know. After a Failure of a record that was sent, everything else is refused with the same one.
 */
export interface Gradebook {
  categories: (scope: CategoryScope) => Promise<SisCategory[]>;
  /** Complete; without those marked as deleted. */
  lineItemsOfClass: (classId: string) => Promise<SisLineItem[]>;
  resultsOfClass: (classId: string) => Promise<SisResult[]>;
  /** Undefined when the SIS does not have it, or has marked it as deleted. */
  lineItem: (sourcedId: string) => Promise<SisLineItem | undefined>;
  result: (sourcedId: string) => Promise<SisResult | undefined>;
  /** The SIS's grading periods; all its sessions where it has no endpoint for them. */
  gradingPeriods: () => Promise<AcademicSession[]>;
  /** Makes or replaces the record; repeated until the SIS has answered. */
  put: (kind: RecordKind, sourcedId: string, body: Body) => Promise<Sent>;
  /** Makes a record to which the SIS gives the sourcedId; never repeated where it may have arrived. */
  create: (kind: RecordKind, body: Body, scope: Scope) => Promise<Sent>;
  /**
   * OneRoster 1.2's POST of sets; never repeated where it may have arrived.
   * @param bodies each with a sourcedId, which need not be the one that the SIS will use
   * @returns what the SIS calls each, by the id that was supplied; one that is missing has not been confirmed
   */
  postSet: (
    kind: RecordKind,
    scope: Scope,
    bodies: readonly (Body & { sourcedId: string })[],
  ) => Promise<{ kind: "stored"; ids: Map<string, string> } | NotStored>;
  /** What is not there any more counts as removed. */
  remove: (kind: RecordKind, sourcedId: string) => Promise<Sent>;
  close: () => Promise<void>;
}

type GradesConfig = NonNullable<Config["grades"]>;

/** @param signal ends everything that is under way */
export function openGradebook(
  source: RestSourceConfig,
  grades: Pick<GradesConfig, "concurrency" | "lineItem" | "result">,
  ports: SourcePorts,
  signal: AbortSignal,
): Gradebook {
  const root = source.gradebookUrl ?? source.url;
  const failed = new AbortController();
  const all = AbortSignal.any([signal, failed.signal]);
  const client = createClient({ ...source, concurrency: grades.concurrency }, ports, all);
  const { scrub = (text: string) => text } = ports;
  const fail = (error: unknown) => {
    failed.abort(error);
  };
  const send = createSend(client, { signal: all, fail, scrub });
  const reading = { client, ports, pageSize: source.pageSize, memory: { sortRefused: false }, signal: all };
  const read = (place: CollectionPlace) => readCollection(place, reading);
  const readOwn = (path: string, filter?: string) =>
    read({ root, path, ...(filter !== undefined && { filter }) });
  const categories = createCategories(readOwn, ports);
  const version12 = source.version === "1.2";

  /** What goes out: the record with the time of its change, and its id where it has one. */
  function stamped(kind: RecordKind, body: Body, sourcedId?: string): Body {
    const { omit } = grades[kind];
    const id = sourcedId !== undefined && !omit.includes("sourcedId") && { sourcedId };
    const dateLastModified = new Date(ports.now()).toISOString();
    // The id twice: to stand first, and because the one of the address is the one that counts.
    return { ...id, ...(!omit.includes("dateLastModified") && { dateLastModified }), ...body, ...id };
  }

  async function putTo(path: string, kind: RecordKind, body: Body, repeatable: boolean): Promise<Sent> {
    const request = {
      method: "PUT",
      url: under(root, path),
      body: JSON.stringify({ [kind]: body }),
    } as const;
    const sent = await send(request, { kind, repeatable });
    if (sent.kind !== "taken") return sent;
    return { kind: "stored", sourcedId: allocatedId(kind, sent.json, sent.header) };
  }

  const postSet: Gradebook["postSet"] = async (kind, scope, bodies) => {
    const records = bodies.map((body) => stamped(kind, body));
    const url = under(root, ofSet(kind, scope));
    const body = JSON.stringify({ [SETS[kind]]: records });
    const sent = await send({ method: "POST", url, body }, { kind, repeatable: false });
    // A failure with a good status may be that of one record, when others are stored.
    if (sent.kind === "refused" && sent.status < 300) return { kind: "unknown", words: sent.words };
    if (sent.kind !== "taken") return sent;
    const supplied = bodies.map(({ sourcedId }) => sourcedId);
    return { kind: "stored", ids: allocatedIds(kind, sent.json, supplied) };
  };

  const create = createCreation({
    put: (kind, path, body) => putTo(path, kind, stamped(kind, body), false),
    ...(version12 && { post: postOne }),
  });

  async function postOne(kind: RecordKind, scope: Scope, body: Body): Promise<Sent> {
    const supplied = crypto.randomUUID();
    const sent = await postSet(kind, scope, [{ ...body, sourcedId: supplied }]);
    return sent.kind === "stored" ? { kind: "stored", sourcedId: sent.ids.get(supplied) ?? null } : sent;
  }

  /** Those that can be read; how many cannot is told. */
  function current<T>(path: string, bodies: Members[], of: (body: Members) => T | undefined): T[] {
    const kept = bodies.filter((body) => !isGone(body));
    const records = kept.flatMap((body) => of(body) ?? []);
    const unread = kept.length - records.length;
    if (unread > 0) {
      const message = `/${path}: ${unread} of ${kept.length} records lack a sourcedId or a reference and were left out`;
      ports.log({ level: "warn", endpoint: path, message });
    }
    return records;
  }

  async function ofOneClass<T>(
    classId: string,
    kind: RecordKind,
    of: (body: Members) => T | undefined,
  ): Promise<T[]> {
    const path = ofClass(classId, SETS[kind]);
    return current(path, await readOwn(path), of);
  }

  async function single<T>(kind: RecordKind, id: string, of: (body: Members) => T | undefined) {
    const body = await readSingle(under(root, ofRecord(kind, id)), kind, { client, signal: all });
    return body === undefined || isGone(body) ? undefined : of(body);
  }

  return {
    categories,
    lineItemsOfClass: (classId) => ofOneClass(classId, "lineItem", lineItemOf),
    resultsOfClass: (classId) => ofOneClass(classId, "result", resultOf),
    lineItem: (sourcedId) => single("lineItem", sourcedId, lineItemOf),
    result: (sourcedId) => single("result", sourcedId, resultOf),
    gradingPeriods: () => readGradingPeriods((path) => read({ root: source.url, path }), ports),
    put: (kind, sourcedId, body) =>
      putTo(ofRecord(kind, sourcedId), kind, stamped(kind, body, sourcedId), true),
    create: (kind, body, scope) => create(kind, scope, body),
    postSet,
    async remove(kind, sourcedId) {
      const request = { method: "DELETE", url: under(root, ofRecord(kind, sourcedId)) } as const;
      const sent = await send(request, { kind, repeatable: true });
      const isGone = sent.kind === "taken" || (sent.kind === "refused" && sent.status === 404);
      return isGone ? { kind: "stored", sourcedId } : sent;
    },
    close: () => client.close(),
  };
}
