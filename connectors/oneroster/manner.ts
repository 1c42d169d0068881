/** How the client goes about each kind of request: what is an answer, what is trouble, what may be sent again. */
import type { Failure } from "../../config/failure.ts";
import type { Answer, HttpRequest } from "./http.ts";
import type { Refusal } from "./refusal.ts";
import { hasNotArrived, type Trouble } from "./retry.ts";
import { failureOf } from "./source-failures.ts";

/** What was read of an answer; or why it is worth no more than a broken connection. */
export type Reading<T> = { value: T } | { trouble: Trouble };

/** Runs a task when a place is free, as p-limit does. */
export type Slot = <T>(task: () => Promise<T>) => Promise<T>;

export interface WriteRequest {
  method: "POST" | "PUT" | "DELETE";
  url: URL;
  body?: string;
}

/** A request without an answer that could be read: the SIS may have done what it asked for, or not. */
export interface GivenUp {
  kind: "given-up";
  refusal: Refusal;
  /** The same in words. */
  failure: Failure;
}

export interface Manner<T> {
  authorized: boolean;
  /** Whether an answer is for the reader, and not trouble. */
  isForReader: (status: number) => boolean;
  mayRepeat: (trouble: Trouble) => boolean;
  giveUp: (refusal: Refusal) => T;
}

export function readingManner<T>(request: HttpRequest): Manner<T> {
  return { authorized: true, isForReader: isGood, mayRepeat: always, giveUp: thrown(request) };
}

/** A token request's refusals are for who asked to explain; only what may pass is retried. */
export function tokenManner<T>(request: HttpRequest): Manner<T> {
  return {
    authorized: false,
    isForReader: (status) => isGood(status) || (status < 500 && status !== 408 && status !== 429),
    mayRepeat: always,
    giveUp: thrown(request),
  };
}

/** @param repeatable whether it may arrive twice */
export function writingManner<T>(
  request: HttpRequest,
  repeatable: boolean,
  now: () => number,
): Manner<T | GivenUp> {
  return {
    authorized: true,
    isForReader: (status) => isGood(status) || isRefusal(status),
    mayRepeat: repeatable ? always : (trouble) => hasNotArrived(trouble, now()),
    giveUp: (refusal) => ({ kind: "given-up", refusal, failure: failureOf(request, refusal) }),
  };
}

export async function judge<T>(
  result: Answer | Trouble,
  read: (answer: Answer) => Promise<Reading<T>>,
  isForReader: (status: number) => boolean,
): Promise<Reading<T>> {
  if ("kind" in result) return { trouble: result };
  const { status } = result;
  if (isForReader(status)) return read(result);
  return { trouble: { kind: "status", status, retryAfter: result.header("retry-after") } };
}

function isGood(status: number): boolean {
  return status >= 200 && status < 300;
}

/** An answer to what was sent, and not to who sent it or when. */
function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 401 && status !== 408 && status !== 429;
}

function always(): boolean {
  return true;
}

function thrown(request: HttpRequest): (refusal: Refusal) => never {
  return (refusal) => {
    throw failureOf(request, refusal);
  };
}
