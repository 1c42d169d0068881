import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connectSftp } from "../../../connectors/gateway/sftp.ts";
import { ed25519Pair } from "../../../jobs/demo/gateway/keys.ts";
import { failureOf, rejectionOf, secret, writeRandom } from "./ports.ts";
import { PACKAGE_BYTES, setStage, type Stage } from "./sandbox.ts";

let stage: Stage;

beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

describe("delivery by SFTP", () => {
  it("puts the package there, and says where and how large it is", async () => {
    const delivered = await stage.gateway().put(stage.file, "night.zip");

    expect(delivered).toEqual({
      kind: "sftp",
      target: "/incoming/night.zip",
      bytes: PACKAGE_BYTES,
      verified: true,
    });
    expect(stage.content.equals(await stage.delivered("night.zip"))).toBe(true);
    expect(await stage.sandbox.files()).toEqual(["/incoming/night.zip"]);
  });

  it("writes under a temporary name that no importer takes, and renames in one step", async () => {
    await stage.gateway().put(stage.file, "night.zip");

    const [renamed] = stage.sandbox.history.filter((event) => event.kind === "rename");
    expect(renamed).toMatchObject({ path: "/incoming/night.zip", posix: true });
    expect(renamed).toHaveProperty(
      "from",
      expect.stringMatching(/^\/incoming\/\.night\.zip\.part-[0-9a-f]{8}$/),
    );
  });

  it("delivers to the root of the server", async () => {
    const { target } = await stage.gateway({ path: "/" }).put(stage.file, "night.zip");

    expect(target).toBe("/night.zip");
    expect(await stage.sandbox.files()).toEqual(["/night.zip"]);
  });

  it("signs in with a password", async () => {
    const password = secret(stage.sandbox.password);
    const { host, port, username, hostKey } = stage.sandbox;
    const place = { kind: "sftp", host, port, username, hostKey, password, path: "/incoming" } as const;
    await connectSftp({ ...place, fileName: "{run}.zip", mode: "full" }, stage.ports).put(
      stage.file,
      "night.zip",
    );

    expect(await stage.sandbox.files()).toEqual(["/incoming/night.zip"]);
  });

  it("tells the progress up to the last byte", async () => {
    const told: number[] = [];
    await stage.gateway().put(stage.file, "night.zip", { onProgress: (bytes) => told.push(bytes) });

    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(PACKAGE_BYTES);
  });

  it("takes the same package again without sending it again", async () => {
    await stage.gateway().put(stage.file, "night.zip");
    const before = stage.sandbox.history.length;
    const again = await stage.gateway().put(stage.file, "night.zip");

    expect(again).toEqual({
      kind: "sftp",
      target: "/incoming/night.zip",
      bytes: PACKAGE_BYTES,
      verified: true,
    });
    expect(stage.sandbox.history.slice(before).filter(({ kind }) => kind !== "close")).toEqual([]);
    expect(stage.ports.logged).toContain("delivery.already-there");
  });

  it("does not take a file of the same size for the same package", async () => {
    await writeRandom(join(stage.sandbox.folder, "incoming", "night.zip"), PACKAGE_BYTES);
    await stage.gateway().put(stage.file, "night.zip");

    expect(stage.content.equals(await stage.delivered("night.zip"))).toBe(true);
  });

  it("removes what a killed attempt has left behind, and nothing else", async () => {
    const incoming = join(stage.sandbox.folder, "incoming");
    await writeFile(join(incoming, ".night.zip.part-0badcafe"), "half");
    await writeFile(join(incoming, ".other.zip.part-0badcafe"), "of another night");
    await stage.gateway().put(stage.file, "night.zip");

    expect(await stage.sandbox.files()).toEqual([
      "/incoming/.other.zip.part-0badcafe",
      "/incoming/night.zip",
    ]);
  });
});

describe("another package of the same name", () => {
  it.each(["full", "diffing"] as const)("is replaced in one step in mode %s", async (mode) => {
    await writeFile(join(stage.sandbox.folder, "incoming", "night.zip"), "last night's");
    await stage.gateway({ mode }).put(stage.file, "night.zip");

    expect(stage.content.equals(await stage.delivered("night.zip"))).toBe(true);
    expect(stage.sandbox.history.filter(({ kind }) => kind === "remove")).toEqual([]);
  });

  it("is kept in mode changes: Canvas may not have seen it", async () => {
    await writeFile(join(stage.sandbox.folder, "incoming", "night.zip"), "last night's");
    const failure = await failureOf(stage.gateway({ mode: "changes" }).put(stage.file, "night.zip"));

    expect(failure).toMatchObject({ code: "delivery.name-taken", exitCode: 5 });
    expect(failure.message).toContain("/incoming/night.zip");
    expect(failure.hint).toContain("{run}");
    expect((await stage.delivered("night.zip")).toString()).toBe("last night's");
  });

  it("is kept where the gateway cannot replace it in one step", async () => {
    stage.sandbox.setFault("no-posix-rename");
    await writeFile(join(stage.sandbox.folder, "incoming", "night.zip"), "last night's");
    const failure = await failureOf(stage.gateway().put(stage.file, "night.zip"));

    expect(failure).toMatchObject({ code: "delivery.name-taken" });
    expect((await stage.delivered("night.zip")).toString()).toBe("last night's");
    expect(await stage.sandbox.files()).toEqual(["/incoming/night.zip"]);
  });

  it("is no file at all: refused before anything is sent", async () => {
    await mkdir(join(stage.sandbox.folder, "incoming", "night.zip"));

    expect(await failureOf(stage.gateway().put(stage.file, "night.zip"))).toMatchObject({
      code: "delivery.name-taken",
    });
    expect(stage.sandbox.history).toEqual([]);
  });
});

describe("whom we talk to", () => {
  it("is nobody but the owner of the pinned host key", async () => {
    const pinned = `SHA256:${"A".repeat(43)}`;
    const failure = await failureOf(stage.gateway({ hostKey: pinned }).put(stage.file, "night.zip"));

    expect(failure).toMatchObject({ code: "delivery.host-key", exitCode: 5 });
    expect(failure.message).toContain(`seen ${stage.sandbox.hostKey}, expected ${pinned}`);
    expect(failure.hint).toContain("Do not simply take over");
    expect(stage.sandbox.history).toEqual([]);
    expect(stage.ports.slept).toEqual([]);
  });

  it("may be one of several pinned keys, padded or not", async () => {
    const hostKey = [`SHA256:${"A".repeat(43)}`, `${stage.sandbox.hostKey}=`];
    await stage.gateway({ hostKey }).put(stage.file, "night.zip");

    expect(await stage.sandbox.files()).toEqual(["/incoming/night.zip"]);
  });
});

describe("signing in", () => {
  it("that is refused is not tried again, and names where the credentials are kept, never what they are", async () => {
    const failure = await failureOf(
      stage
        .gateway({ username: "somebody-else", password: secret("tops3cret") })
        .put(stage.file, "night.zip"),
    );

    expect(failure).toMatchObject({ code: "delivery.unauthorized", exitCode: 5 });
    expect(failure.message).toContain("environment variable GATEWAY_KEY");
    expect(failure.message).toContain("environment variable DELIVERY_SECRET");
    expect(`${failure.message} ${failure.hint} ${String(failure.cause)}`).not.toContain("tops3cret");
    expect(stage.ports.slept).toEqual([]);
  });

  it.each([
    ["is locked and has no passphrase", () => ed25519Pair("open sesame").private, {}],
    [
      "is locked with another passphrase",
      () => ed25519Pair("open sesame").private,
      { passphrase: secret("wrong") },
    ],
    ["is no key", () => "hello", {}],
    ["is a public key", () => ed25519Pair().public, {}],
  ])("says where the private key is when it %s", async (_, makeKey, credentials) => {
    const privateKey = secret(makeKey(), "GATEWAY_KEY");
    const failure = await failureOf(
      stage.gateway({ privateKey, ...credentials }).put(stage.file, "night.zip"),
    );

    expect(failure).toMatchObject({ code: "delivery.private-key", exitCode: 5 });
    expect(failure.message).toContain("environment variable GATEWAY_KEY");
    expect(failure.hint).toContain("delivery.passphrase");
    expect(stage.sandbox.history).toEqual([]);
  });

  it("needs a key or a password", () => {
    const { host, port, username, hostKey } = stage.sandbox;
    const place = { kind: "sftp", host, port, username, hostKey, path: "/" } as const;

    expect(() => connectSftp({ ...place, fileName: "{run}.zip", mode: "full" }, stage.ports)).toThrow(
      expect.objectContaining({ code: "usage.no-credentials" }),
    );
  });
});

describe("told to stop", () => {
  it("ends at once, leaves nothing half and does not try again", async () => {
    const stop = new AbortController();
    const onProgress = () => {
      stop.abort(new Error("Ctrl-C"));
    };
    const error = await rejectionOf(
      stage.gateway().put(stage.file, "night.zip", { signal: stop.signal, onProgress }),
    );

    expect(error.message).toBe("Ctrl-C");
    expect(await stage.sandbox.files()).toEqual([]);
    expect(stage.ports.slept).toEqual([]);
  });

  it("does not even connect when it was told before", async () => {
    const error = await rejectionOf(
      stage.gateway().put(stage.file, "night.zip", { signal: AbortSignal.abort(new Error("Ctrl-C")) }),
    );

    expect(error.message).toBe("Ctrl-C");
    expect(stage.sandbox.history).toEqual([]);
  });
});

it("says so when the package itself is gone", async () => {
  const failure = await failureOf(stage.gateway().put(`${stage.file}.gone`, "night.zip"));

  expect(failure).toMatchObject({ code: "delivery.no-package" });
  expect(await readFile(stage.file)).toHaveLength(PACKAGE_BYTES);
});
