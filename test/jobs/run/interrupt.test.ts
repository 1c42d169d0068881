import { describe, expect, it } from "vitest";
import { Failure } from "../../../config/failure.ts";
import { onInterrupt } from "../../../jobs/run/interrupt.ts";
import { start } from "./process.ts";

describe("onInterrupt", () => {
  it.each([
    ["SIGINT", "interrupted.signal"],
    ["SIGTERM", "terminated.signal"],
  ] as const)("turns the first %s into the end of the run, in order", async (name, code) => {
    const program = start("wait-for-signal.ts", []);
    await program.says("waiting");
    program.kill(name);
    const { code: exit, signal, output } = await program.ended;
    expect({ exit, signal }).toEqual({ exit: 0, signal: null });
    expect(output).toContain(`"code":"${code}"`);
  });

  it("leaves the second to the system: who presses twice means it", async () => {
    const program = start("wait-for-signal.ts", ["stay"]);
    await program.says("waiting");
    program.kill("SIGINT");
    await program.says("stopping");
    program.kill("SIGINT");
    expect((await program.ended).signal).toBe("SIGINT");
  });

  it("gives a reason whose exit code shells know, and forgets the process on release", () => {
    const before = [process.listenerCount("SIGINT"), process.listenerCount("SIGTERM")];
    const interrupts = onInterrupt();
    process.emit("SIGTERM", "SIGTERM");
    expect(interrupts.signal.reason).toBeInstanceOf(Failure);
    expect(interrupts.signal.reason).toMatchObject({ exitCode: 143 });
    interrupts.release();
    expect([process.listenerCount("SIGINT"), process.listenerCount("SIGTERM")]).toEqual(before);
  });
});
