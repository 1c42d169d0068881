/** Reads Canvas as a run does, with a clock that runs only while somebody waits. */
import { Secret } from "../../../../config/secret.ts";
import { readCanvasApi } from "../../../../connectors/canvas/api/canvas-api.ts";
import type { CanvasApiOptions, CanvasPorts } from "../../../../connectors/canvas/api/ports.ts";
import type { SectionGrades } from "../../../../connectors/canvas/records.ts";
import { TOKEN } from "./tiny-canvas.ts";

export interface TestPorts extends CanvasPorts {
  messages: string[];
  /** Every wait, in milliseconds. */
  waits: number[];
}

/** Nobody really waits: the clock jumps. */
export function testPorts(start = Date.parse("2026-11-21T02:00:00Z")): TestPorts {
  let now = start;
  const messages: string[] = [];
  const waits: number[] = [];
  return {
    messages,
    waits,
    log: ({ message }) => messages.push(message),
    scrub: (text) => text.replaceAll(TOKEN, "•••"),
    now: () => now,
    random: () => 0.5,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
  };
}

export function tokenOf(value: string): Secret {
  const secret = new Secret({ env: "CANVAS_TOKEN" });
  secret.resolve(value);
  return secret;
}

export type Choices = Partial<CanvasApiOptions> & { account?: string; token?: string };

export function open(
  url: string,
  { account = "self", token = TOKEN, ...options }: Choices = {},
): AsyncGenerator<SectionGrades> {
  return readCanvasApi(
    { url, token: tokenOf(token), account },
    {
      ports: testPorts(),
      signal: new AbortController().signal,
      concurrency: 4,
      comments: false,
      timeoutSeconds: 10,
      ...options,
    },
  );
}

export async function collect<T>(things: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const thing of things) all.push(thing);
  return all;
}

export function readAll(url: string, choices: Choices = {}): Promise<SectionGrades[]> {
  return collect(open(url, choices));
}

/** The Failure that reading ends with. */
export async function failureOf(
  reading: Promise<unknown>,
): Promise<{ code: string; message: string; hint: string; exitCode: number }> {
  return reading.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: unknown) => error as { code: string; message: string; hint: string; exitCode: number },
  );
}
