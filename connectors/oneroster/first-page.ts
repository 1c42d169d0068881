/** Finds out how an endpoint wants to be asked: not all understand sort and filter, and some lie about it. */
import type { Asking, Page, PageFetch } from "./page-fetch.ts";
import { AnswerFailure } from "./source-failures.ts";

/** What one run has learned about a SIS. */
export interface RunMemory {
  sortRefused: boolean;
}

export interface Opening {
  asking: Asking;
  page: Page;
  warnings: string[];
}

/**
 * The first page, asked with sort and filter, or without what the SIS refuses. A filter that it refuses, or
 * answers with nothing where there is something, is applied here instead.
 */
export async function openEndpoint(
  { fetch }: PageFetch,
  filter: string | undefined,
  memory: RunMemory,
  signal: AbortSignal,
): Promise<Opening> {
  const start = { attempt: 1, index: 0, at: 0 };
  const { asking, page } = await firstAccepted(askings(filter, memory), (asking) =>
    fetch(asking, start, signal),
  );
  if (!asking.sorted) memory.sortRefused = true;
  if (filter === undefined) return { asking, page, warnings: [] };

  if (!asking.filteredBySis) {
    return {
      asking,
      page,
      warnings: [`the SIS refuses the filter ${filter}; all was read and filtered here`],
    };
  }
  if (page.summary.received > 0) return { asking, page, warnings: [] };
  const unfiltered = { ...asking, filteredBySis: false };
  const all = await fetch(unfiltered, start, signal);
  if (all.summary.received === 0) return { asking, page, warnings: [] };
  const warning = `the SIS answers the filter ${filter} with nothing; all was read and filtered here`;
  return { asking: unfiltered, page: all, warnings: [warning] };
}

/** From what we want to what every SIS must understand. */
function askings(filter: string | undefined, memory: RunMemory): Asking[] {
  const sorts = memory.sortRefused ? [false] : [true, false];
  const filters = filter === undefined ? [false] : [true, false];
  return filters.flatMap((filteredBySis) => sorts.map((sorted) => ({ sorted, filter, filteredBySis })));
}

async function firstAccepted(
  askings: Asking[],
  ask: (asking: Asking) => Promise<Page>,
): Promise<{ asking: Asking; page: Page }> {
  let refusal: unknown;
  for (const asking of askings) {
    try {
      return { asking, page: await ask(asking) };
    } catch (error) {
      if (!(error instanceof AnswerFailure) || error.status !== 400) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}
