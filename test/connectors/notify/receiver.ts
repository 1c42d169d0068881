/** A small HTTP server that takes webhooks and answers what a test decides. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A status with headers; or what it does instead of answering. */
export type Reaction =
  { status: number; headers?: Record<string, string> } | "silent" | "hang up" | "chatter";

export interface Post {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Receiver {
  /** With a path that is a secret, as those of Slack and Teams are. */
  url: string;
  posts: Post[];
}

export const SECRET_PATH = "/services/T0001/B0002/pr1vate-key";

/** Reacts to one POST after the other; to those that come after the last reaction with 200. */
export async function startReceiver(...reactions: Reaction[]): Promise<Receiver> {
  const posts: Post[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      const { method = "", url: path = "", headers } = request;
      const reaction = reactions[posts.length] ?? { status: 200 };
      posts.push({ method, path, headers, body });
      if (reaction === "silent") return;
      if (reaction === "hang up") {
        response.destroy();
      } else if (reaction === "chatter") {
        response.writeHead(200).write("ok, and more to come");
      } else {
        response.writeHead(reaction.status, reaction.headers).end("what they say");
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${SECRET_PATH}`, posts };
}
