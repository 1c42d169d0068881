import { describe, expect, it } from "vitest";
import { Failure } from "../../../config/failure.ts";
import { asFailure } from "../../../jobs/run/unforeseen.ts";

describe("asFailure", () => {
  it("leaves a Failure as it is", () => {
    const failure = new Failure("source.down", "The SIS is down.");
    expect(asFailure(failure, "/x")).toBe(failure);
  });

  it.each([
    ["a system error", Object.assign(new Error("write"), { code: "ENOSPC" })],
    [
      "one that is the cause of another",
      new Error("page 3", { cause: Object.assign(new Error("write"), { code: "ENOSPC" }) }),
    ],
    ["DuckDB's words", new Error("IO Error: Could not write all bytes to file: No space left on device")],
  ])("says plainly what a full disk is: %s", (_what, error) => {
    const failure = asFailure(error, "/var/run-1");
    expect(failure).toMatchObject({ code: "internal.disk-full", exitCode: 1 });
    expect(failure.message).toContain("/var/run-1 is full");
  });

  it.each(["EROFS", "EIO", "EACCES"])("calls a disk that is broken or read-only no defect: %s", (code) => {
    const path = "/var/run-1/map/users.csv";
    expect(asFailure(Object.assign(new Error(code), { code, path }), "/var/run-1")).toMatchObject({
      code: "internal.file-lost",
      exitCode: 1,
      message: `${path} cannot be read or written any more (${code}).`,
      hint: expect.stringContaining("rosterbridge rerun") as string,
    });
  });

  it.each([
    ["an error", new Error("odd"), "odd"],
    ["a text", "odd", "odd"],
    ["nothing", undefined, "undefined"],
  ])("makes a defect of %s", (_what, error, words) => {
    expect(asFailure(error, "/x")).toMatchObject({
      code: "internal.defect",
      exitCode: 1,
      message: expect.stringContaining(words) as string,
    });
  });
});
