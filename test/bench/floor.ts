/**
 * The floor: the same pages, with as many in flight, read and parsed by the least code there is, and dropped.
 *
 *     node test/bench/floor.ts '{"url":"…","token":"…","pageSize":1000,"inFlight":6,"parse":true}'
 */
import { Agent, request } from "undici";

interface FloorOptions {
  url: string;
  token: string;
  pageSize: number;
  inFlight: number;
  parse: boolean;
}

const options = JSON.parse(process.argv[2] ?? "") as FloorOptions;
const dispatcher = new Agent({ connections: options.inFlight });
const headers = { authorization: `Bearer ${options.token}` };
const waiting: (() => Promise<void>)[] = [];

async function page(collection: string, offset: number): Promise<number> {
  const query = `limit=${options.pageSize}&offset=${offset}&sort=sourcedId&orderBy=asc`;
  const answer = await request(`${options.url}/${collection}?${query}`, { dispatcher, headers });
  if (answer.statusCode !== 200) throw new Error(`${collection}: HTTP ${answer.statusCode}`);
  const body = await answer.body.arrayBuffer();
  if (options.parse) JSON.parse(new TextDecoder().decode(body));
  return Number(answer.headers["x-total-count"]);
}

for (const collection of ["orgs", "academicSessions", "courses", "classes", "users", "enrollments"]) {
  waiting.push(async () => {
    const total = await page(collection, 0);
    for (let offset = options.pageSize; offset < total; offset += options.pageSize) {
      waiting.push(async () => {
        await page(collection, offset);
      });
    }
  });
}

async function work(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next();
}

// The first pages first: only they say how many others there are.
await Promise.all(waiting.splice(0).map((first) => first()));
await Promise.all(Array.from({ length: options.inFlight }, work));
await dispatcher.close();
