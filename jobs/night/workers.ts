/** Threads that parse, validate, map and compress pages while the main thread keeps the SIS busy. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Config } from "../../config/schema.ts";
import type { PageReply, PageRequest, PageWorkerData } from "./page-worker.ts";

export interface PageWorkers {
  /** Fulfilled when the first page is there: the SIS has been asked for the next ones by then. */
  begun: Promise<undefined>;
  /** Works on a page in the first thread that is free; the page's buffer is given away. */
  work(request: PageRequest): Promise<PageReply>;
  close(): Promise<void>;
}

interface Waiting {
  request: PageRequest;
  resolve(reply: PageReply): void;
  reject(error: unknown): void;
}

/** More threads than this wait for the SIS, not for a processor. */
const MOST_WORKERS = 8;

export function startPageWorkers(data: PageWorkerData): PageWorkers {
  const queue: Waiting[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Waiting>();
  let broken: Error | undefined;
  const { promise: begun, resolve: begin } = Promise.withResolvers<undefined>();

  const workers = Array.from({ length: Math.min(MOST_WORKERS, Math.max(1, availableParallelism())) }, () => {
    const worker = new Worker(new URL(workerFile(), import.meta.url), {
      workerData: data,
      // Pages are short-lived: a small nursery keeps a thread's memory to what it works on.
      resourceLimits: { maxYoungGenerationSizeMb: 16 },
    });
    worker.on("message", (reply: PageReply) => {
      const waiting = busy.get(worker);
      busy.delete(worker);
      idle.push(worker);
      next();
      waiting?.resolve(reply);
    });
    worker.on("error", (error: Error) => {
      broken = error;
      for (const waiting of [...busy.values(), ...queue.splice(0)]) waiting.reject(error);
      busy.clear();
    });
    idle.push(worker);
    return worker;
  });

  function next(): void {
    for (;;) {
      const waiting = idle.length > 0 ? queue.shift() : undefined;
      const worker = waiting === undefined ? undefined : idle.pop();
      if (waiting === undefined || worker === undefined) return;
      busy.set(worker, waiting);
      worker.postMessage(waiting.request, [waiting.request.body]);
    }
  }

  return {
    begun,
    work: (request) =>
      new Promise((resolve, reject) => {
        begin(undefined);
        if (broken !== undefined) {
          reject(broken);
          return;
        }
        queue.push({ request, resolve, reject });
        next();
      }),
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** The same file as source in a checkout and compiled in the package. */
function workerFile(): string {
  return import.meta.url.endsWith(".ts") ? "./page-worker.ts" : "./page-worker.js";
}

/**
 * What a page's drafts depend on.
 * @param today the day of the run, YYYY-MM-DD
 */
export function pageWorkerData({ roster, institution, source }: Config, today: string): PageWorkerData {
  const { users, enrollments, observers, admins } = roster;
  const { schools, endDates } = source;
  return {
    roster: { users, enrollments, observers, admins },
    schools,
    timezone: institution.timezone,
    endDates,
    today,
  };
}
