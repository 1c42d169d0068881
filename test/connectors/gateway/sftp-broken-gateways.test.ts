import { createServer, type Server, Socket } from "node:net";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Failure } from "../../../config/failure.ts";
import type { GatewayFault } from "../../../jobs/demo/gateway.ts";
import { failureOf, rejectionOf } from "./ports.ts";
import { PACKAGE_BYTES, setStage, type Stage } from "./sandbox.ts";

let stage: Stage;

beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

describe("a gateway that cannot take the package", () => {
  it.each<[string, GatewayFault, string, RegExp]>([
    ["is full", { kind: "full", afterBytes: 500_000 }, "delivery.full", /no room .* in \/incoming\./],
    ["may not be written", "read-only", "delivery.read-only", /not let us write into \/incoming/],
    ["lacks the folder", "missing-folder", "delivery.no-folder", /folder \/incoming does not exist/],
    ["stores less than it says", "short-write", "delivery.incomplete", /2000000 bytes sent, \d+ there/],
  ])("because it %s: says so, and leaves nothing half", async (_, fault, code, message) => {
    stage.sandbox.setFault(fault);
    const failure = await failureOf(stage.gateway().put(stage.file, "night.zip"));

    expect(failure).toMatchObject({ code, exitCode: 5 });
    expect(failure.message).toMatch(message);
    expect(failure.hint).toContain("rerun");
    expect(stage.sandbox.history.filter(({ kind }) => kind === "rename")).toEqual([]);
    expect(await leftAtTheGateway()).toEqual([]);
  });

  it("is asked once more only for faults that pass", async () => {
    stage.sandbox.setFault("read-only");
    await failureOf(stage.gateway().put(stage.file, "night.zip"));
    expect(stage.ports.slept).toEqual([]);

    stage.sandbox.setFault("short-write");
    await failureOf(stage.gateway().put(stage.file, "night.zip"));
    expect(stage.ports.slept).toHaveLength(2);
  });

  it("keeps last night's package when tonight's does not get through", async () => {
    await writeFile(join(stage.sandbox.folder, "incoming", "night.zip"), "last night's");
    stage.sandbox.setFault({ kind: "full", afterBytes: 500_000 });
    await failureOf(stage.gateway().put(stage.file, "night.zip"));

    expect(await leftAtTheGateway()).toEqual(["/incoming/night.zip"]);
    expect((await stage.delivered("night.zip")).toString()).toBe("last night's");
  });
});

describe("who must know what may have arrived", () => {
  const renames = () => stage.sandbox.history.filter(({ kind }) => kind === "rename").length;

  async function toldOf(fault: GatewayFault | undefined): Promise<string[]> {
    const told: string[] = [];
    const arrival = {
      begins: () => told.push(`begins after ${renames()} renames`),
      isRefused: () => told.push("refused"),
    };
    stage.sandbox.setFault(fault);
    await stage
      .gateway()
      .put(stage.file, "night.zip", { arrival })
      .catch((error: unknown) => told.push((error as Failure).code));
    return told;
  }

  it.each<[string, GatewayFault | undefined, string[]]>([
    ["before the rename", undefined, ["begins after 0 renames"]],
    ["before the plain rename", "no-posix-rename", ["begins after 0 renames"]],
    [
      "again where it is found after a lost answer",
      { kind: "drop-after-rename" },
      ["begins after 0 renames", "begins after 1 renames"],
    ],
    [
      "that it did not where the rename is refused",
      "no-rename",
      ["begins after 0 renames", "refused", "delivery.read-only"],
    ],
    [
      "no more than that where the gateway may have collected it",
      "collects-before-answer",
      ["begins after 0 renames", "delivery.refused"],
    ],
    ["nothing where it does not come to that", { kind: "drop", afterBytes: 1 }, ["delivery.interrupted"]],
  ])("is told %s", async (_, fault, expected) => {
    expect(await toldOf(fault)).toEqual(expected);
  });

  it("is not told that it did not, once an answer to a rename was lost", async () => {
    stage.ports.sleep = async () => {
      for (const path of await leftAtTheGateway()) await rm(join(stage.sandbox.folder, path));
      stage.sandbox.setFault("no-rename");
    };
    expect(await toldOf({ kind: "drop-after-rename" })).toEqual([
      "begins after 0 renames",
      "begins after 1 renames",
      "delivery.read-only",
    ]);
  });
});

describe("a gateway with less than the usual", () => {
  it("takes one request at a time: gets them one at a time", async () => {
    stage.sandbox.setFault("one-request-at-a-time");
    await stage.gateway().put(stage.file, "night.zip");

    expect(stage.content.equals(await stage.delivered("night.zip"))).toBe(true);
    expect(stage.ports.logged).toEqual(["delivery.one-write-at-a-time"]);
  });

  it("has no rename that replaces: gets the plain one", async () => {
    stage.sandbox.setFault("no-posix-rename");
    await stage.gateway().put(stage.file, "night.zip");

    expect(stage.content.equals(await stage.delivered("night.zip"))).toBe(true);
    expect(stage.sandbox.history).toContainEqual(expect.objectContaining({ kind: "rename", posix: false }));
  });

  it("has no rename that replaces, and the same package again: leaves it", async () => {
    stage.sandbox.setFault("no-posix-rename");
    await stage.gateway().put(stage.file, "night.zip");
    await stage.gateway().put(stage.file, "night.zip");

    expect(await leftAtTheGateway()).toEqual(["/incoming/night.zip"]);
  });
});

describe("a connection that breaks", () => {
  it("midway, every time: three attempts, further and further apart, and nothing half is left", async () => {
    stage.sandbox.setFault({ kind: "drop", afterBytes: 1_000_000 });
    const failure = await failureOf(stage.gateway().put(stage.file, "night.zip"));

    expect(failure).toMatchObject({ code: "delivery.interrupted", exitCode: 5 });
    expect(failure.message).toContain(`127.0.0.1:${stage.sandbox.port}`);
    const [first = 0, second = 0, ...more] = stage.ports.slept;
    expect(more).toEqual([]);
    expect(first).toBeGreaterThanOrEqual(1_000);
    expect(second).toBeGreaterThan(first);
    expect(await leftAtTheGateway()).toEqual([]);
  });

  it("midway, once: is tried again and delivers", async () => {
    stage.sandbox.setFault({ kind: "drop", afterBytes: 1_000_000 });
    stage.ports.sleep = async () => {
      stage.sandbox.setFault(undefined);
    };
    await stage.gateway().put(stage.file, "night.zip");

    expect(stage.content.equals(await stage.delivered("night.zip"))).toBe(true);
    expect(await leftAtTheGateway()).toEqual(["/incoming/night.zip"]);
    expect(stage.ports.logged).toEqual(["delivery.retry"]);
  });

  it("after the rename and before its answer: finds the package there, and does not send it twice", async () => {
    stage.sandbox.setFault({ kind: "drop-after-rename" });
    const delivered = await stage.gateway().put(stage.file, "night.zip");

    expect(delivered).toMatchObject({ target: "/incoming/night.zip", bytes: PACKAGE_BYTES, verified: true });
    expect(stage.sandbox.history.filter(({ kind }) => kind === "open")).toHaveLength(1);
    expect(stage.ports.logged).toEqual(["delivery.retry", "delivery.already-there"]);
    expect(await leftAtTheGateway()).toEqual(["/incoming/night.zip"]);
  });

  it("and then a stop while waiting for the next attempt: ends at once", async () => {
    const stop = new AbortController();
    stage.sandbox.setFault({ kind: "drop", afterBytes: 1_000_000 });
    stage.ports.sleep = async (_, signal) => {
      stop.abort(new Error("Ctrl-C"));
      signal?.throwIfAborted();
    };
    const error = await rejectionOf(stage.gateway().put(stage.file, "night.zip", { signal: stop.signal }));

    expect(error.message).toBe("Ctrl-C");
  });
});

describe("a gateway that cannot be reached", () => {
  let silent: Server;

  beforeEach(async () => {
    silent = createServer((socket) => socket.on("error", () => undefined)).listen(0, "127.0.0.1");
    await once(silent, "listening");
  });
  afterEach(() => {
    silent.close();
  });

  it("because nothing listens: says so after three attempts", async () => {
    const { port } = silent.address() as { port: number };
    silent.close();
    await once(silent, "close");
    const failure = await failureOf(stage.gateway({ port }).put(stage.file, "night.zip"));

    expect(failure).toMatchObject({ code: "delivery.unreachable", exitCode: 5 });
    expect(failure.message).toContain(`127.0.0.1:${port}`);
    expect(failure.message).toContain("connection refused");
    expect(stage.ports.slept).toHaveLength(2);
  });

  it("because its name does not exist: says so", async () => {
    const failure = await failureOf(
      stage.gateway({ host: "gateway.invalid" }, { attempts: 1 }).put(stage.file, "night.zip"),
    );

    expect(failure).toMatchObject({ code: "delivery.unreachable" });
    expect(failure.message).toContain("gateway.invalid");
  });

  it("because it takes the call and says nothing: gives up in time", async () => {
    const { port } = silent.address() as { port: number };
    const failure = await failureOf(
      stage.gateway({ port }, { readyMs: 100, attempts: 1 }).put(stage.file, "night.zip"),
    );

    expect(failure).toMatchObject({ code: "delivery.unreachable" });
    expect(failure.message).toContain("no answer within 0.1 seconds");
  });

  it("because it hangs up before a word is said: hints at the allow-list", async () => {
    silent.on("connection", (socket: Socket) => socket.end());
    const { port } = silent.address() as { port: number };
    const failure = await failureOf(stage.gateway({ port }, { attempts: 1 }).put(stage.file, "night.zip"));

    expect(failure).toMatchObject({ code: "delivery.unreachable" });
    expect(failure.hint).toContain("allow-list");
  });

  it("and a stop meanwhile: ends at once", async () => {
    const { port } = silent.address() as { port: number };
    const stop = new AbortController();
    silent.on("connection", () => {
      stop.abort(new Error("Ctrl-C"));
    });
    const error = await rejectionOf(
      stage.gateway({ port }).put(stage.file, "night.zip", { signal: stop.signal }),
    );

    expect(error.message).toBe("Ctrl-C");
  });
});

describe("a gateway that falls silent", () => {
  it("midway is given up in time", async () => {
    const line = await tappedLine(stage.sandbox.port);
    const onProgress = () => {
      line.fallSilent();
    };
    const gateway = stage.gateway({ port: line.port }, { stallMs: 150, graceMs: 100, attempts: 1 });
    const failure = await failureOf(gateway.put(stage.file, "night.zip", { onProgress }));
    line.close();

    expect(failure).toMatchObject({ code: "delivery.interrupted", exitCode: 5 });
    expect(failure.message).toContain("gave no answer for 0.15 seconds");
  });

  it("does not keep us from stopping at once", async () => {
    const line = await tappedLine(stage.sandbox.port);
    const stop = new AbortController();
    const onProgress = () => {
      line.fallSilent();
      stop.abort(new Error("Ctrl-C"));
    };
    const gateway = stage.gateway({ port: line.port }, { graceMs: 100 });
    const error = await rejectionOf(
      gateway.put(stage.file, "night.zip", { signal: stop.signal, onProgress }),
    );
    line.close();

    expect(error.message).toBe("Ctrl-C");
  });
});

/** What is there under any name at all, temporary ones too. */
function leftAtTheGateway(): Promise<string[]> {
  return stage.sandbox.files();
}

/** A line to the gateway that can be made to swallow what the gateway says. */
async function tappedLine(port: number) {
  const lines: Socket[] = [];
  let isSilent = false;
  const tap = createServer((near) => {
    const far = new Socket().connect(port, "127.0.0.1");
    lines.push(near, far);
    near.pipe(far);
    far.on("data", (chunk) => {
      if (!isSilent) near.write(chunk);
    });
    for (const end of [near, far]) end.on("error", () => undefined);
    near.on("close", () => far.destroy());
  }).listen(0, "127.0.0.1");
  await once(tap, "listening");
  return {
    port: (tap.address() as { port: number }).port,
    fallSilent: () => (isSilent = true),
    close() {
      tap.close();
      for (const line of lines) line.destroy();
    },
  };
}
