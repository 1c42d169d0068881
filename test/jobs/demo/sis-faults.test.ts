import { describe, expect, it } from "vitest";
import type { Fault } from "../../../jobs/demo/sis.ts";
import { ask, TOKEN, withSis } from "./ask.ts";

describe("a fault on order", () => {
  it("strikes the wanted path, after so many, so many times, and then no more", async () => {
    await withSis({}, async (sis, get) => {
      sis.failNext({ path: "/users", after: 1, times: 2, answer: { status: 503 } });
      const statuses: number[] = [];
      for (let n = 0; n < 5; n++)
        statuses.push((await get("/users?limit=1")).status, (await get("/orgs")).status);
      expect(statuses).toEqual([200, 200, 503, 200, 503, 200, 200, 200, 200, 200]);
      expect(sis.requests.map((request) => request.status)).toEqual(statuses);
    });
  });

  it("finds its page by a pattern over path and query", async () => {
    await withSis({}, async (sis, get) => {
      sis.failNext({
        path: /^\/users\?.*offset=10\b/g,
        times: Number.POSITIVE_INFINITY,
        answer: { status: 504 },
      });
      expect((await get("/users?limit=10&offset=0")).status).toBe(200);
      expect((await get("/users?limit=10&offset=10")).status).toBe(504);
      expect((await get("/users?limit=10&offset=10")).status).toBe(504);
    });
  });

  it("can be any answer, with any headers and body", async () => {
    await withSis({}, async (sis, get) => {
      const answer = {
        status: 429,
        body: "slow down",
        headers: { "retry-after": "7" },
        contentType: "text/html",
      };
      sis.failNext({ path: "/orgs", answer });
      const reply = await get("/orgs");
      expect([reply.status, reply.text, reply.header("retry-after")]).toEqual([429, "slow down", "7"]);
      expect(reply.header("content-type")).toBe("text/html");
    });
  });

  it("never hides that a request was not authorized", async () => {
    await withSis({}, async (sis) => {
      sis.failNext({ path: "/orgs", answer: { status: 503 } });
      expect((await ask(`${sis.url}/orgs`, { authorization: "Bearer wrong" })).status).toBe(401);
    });
  });

  it("strikes the token endpoint too", async () => {
    const auth = { kind: "oauth2", key: "id", secret: "secret", credentialsIn: "body" } as const;
    await withSis({ auth }, async (sis) => {
      sis.failNext({ path: "/oauth/token", answer: { status: 500 } });
      const form = { "content-type": "application/x-www-form-urlencoded" };
      const grant = "grant_type=client_credentials&client_id=id&client_secret=secret";
      expect((await ask(sis.tokenUrl, form, grant)).status).toBe(500);
      expect((await ask(sis.tokenUrl, form, grant)).status).toBe(200);
    });
  });

  it.each<Fault>(["reset", "truncate", "truncate-chunked"])("%s breaks the connection", async (answer) => {
    await withSis({}, async (sis, get) => {
      sis.failNext({ path: "/enrollments", answer });
      await expect(get("/enrollments")).rejects.toThrow(/ECONNRESET|aborted|socket hang up/);
      expect((await get("/enrollments")).records()).toHaveLength(100);
    });
  });

  it("truncate and truncate-chunked send the right beginning first", async () => {
    await withSis({}, async (sis) => {
      for (const answer of ["truncate", "truncate-chunked"] as const) {
        sis.failNext({ path: "/enrollments", answer });
        const response = await fetch(`${sis.url}/enrollments`, {
          headers: { authorization: `Bearer ${TOKEN}` },
        });
        expect(response.status).toBe(200);
        expect(response.headers.has("content-length")).toBe(answer === "truncate");
        await expect(response.text()).rejects.toThrow("terminated");
      }
    });
  });

  it("cut-json is well-formed HTTP with half the JSON", async () => {
    await withSis({}, async (sis, get) => {
      sis.failNext({ path: "/enrollments", answer: "cut-json" });
      const reply = await get("/enrollments");
      expect(reply.status).toBe(200);
      expect(() => reply.json()).toThrow(SyntaxError);
    });
  });

  it("hang never answers, and does not keep the SIS from stopping", async () => {
    await withSis({}, async (sis, get) => {
      sis.failNext({ path: "/orgs", answer: "hang" });
      const hanging = get("/orgs");
      const outcome = expect(hanging).rejects.toThrow();
      expect((await get("/orgs")).status).toBe(200);
      await sis.stop();
      await outcome;
    });
  });

  it("html and no-envelope are 200 without a roster", async () => {
    await withSis({}, async (sis, get) => {
      sis.failNext({ path: "/orgs", answer: "html" });
      sis.failNext({ path: "/orgs", answer: "no-envelope" });
      const page = await get("/orgs");
      expect([page.status, page.header("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
      const bare = await get("/orgs");
      expect(bare.status).toBe(200);
      expect(bare.json()).not.toHaveProperty("orgs");
    });
  });

  it("a changed total comes with the right records", async () => {
    await withSis({}, async (sis, get) => {
      const right = await get("/users");
      sis.failNext({ path: "/users", answer: { total: 7 } });
      const wrong = await get("/users");
      expect(wrong.header("x-total-count")).toBe("7");
      expect(wrong.text).toBe(right.text);
    });
  });

  it("repeat-page gives the page before under the right headers", async () => {
    await withSis({}, async (sis, get) => {
      const [first, second] = [
        await get("/enrollments?limit=40"),
        await get("/enrollments?limit=40&offset=40"),
      ];
      sis.failNext({ path: "/enrollments", answer: "repeat-page" });
      const repeated = await get("/enrollments?limit=40&offset=40");
      expect(repeated.text).toBe(first.text);
      expect(repeated.header("link")).toBe(second.header("link"));
    });
  });
});
