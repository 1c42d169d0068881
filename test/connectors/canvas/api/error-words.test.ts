import { describe, expect, it } from "vitest";
import { canvasWords } from "../../../../connectors/canvas/api/error-words.ts";

const say = (body: unknown) =>
  canvasWords(typeof body === "string" ? body : JSON.stringify(body), (text) =>
    text.replaceAll("s3cret", "•••"),
  );

describe("what Canvas says", () => {
  it.for([
    [{ errors: [{ message: "Invalid access token." }] }, { words: "Invalid access token." }],
    [
      { status: "unauthorized", errors: [{ message: "user not authorized to perform that action" }] },
      { words: "user not authorized to perform that action", status: "unauthorized" },
    ],
    [
      { code: "not_enabled", error: "not enabled" },
      { words: "not enabled", code: "not_enabled" },
    ],
    [{ errors: { submitted_since: "Invalid datetime" } }, { words: "Invalid datetime" }],
    [{ errors: { base: [{ message: "one" }, { message: "two" }] } }, { words: "one; two" }],
    [{ message: "gone" }, { words: "gone" }],
    ["403 Forbidden (Rate Limit Exceeded)\n", { words: "403 Forbidden (Rate Limit Exceeded)" }],
    ["<html><head><title>Bad \n gateway</title></head></html>", { words: "Bad gateway" }],
    ["the token s3cret is not known", { words: "the token ••• is not known" }],
    ["", {}],
    ["null", {}],
    [[1, 2], {}],
  ] as const)("is read of %j", ([body, words]) => {
    expect(say(body)).toEqual(words);
  });

  it("is cut to one line", () => {
    expect(say("x".repeat(1000)).words).toHaveLength(300);
  });
});
