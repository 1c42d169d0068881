import { randomBytes } from "node:crypto";
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fetchFiles, type FetchLimits, type RemoteFile } from "../../../connectors/gateway/fetch.ts";
import type { SftpConfig } from "../../../config/schema.ts";
import { type SandboxGateway, startSandboxGateway } from "../../../jobs/demo/gateway.ts";
import { failureOf, type RecordedPorts, recordedPorts, rejectionOf, secret } from "./ports.ts";

let gateway: SandboxGateway;
let home: string;
let ports: RecordedPorts;
const WRITTEN = new Date("2026-11-21T02:00:00Z");

beforeEach(async () => {
  gateway = await startSandboxGateway({ folders: ["/reports"] });
  home = await mkdtemp(join(tmpdir(), "rosterbridge-fetch-"));
  ports = recordedPorts();
});
afterEach(async () => {
  await gateway.stop();
  await rm(home, { recursive: true });
});

function place(changed: Partial<SftpConfig> = {}): SftpConfig {
  const { host, port, username, hostKey } = gateway;
  const privateKey = secret(gateway.privateKey, "REPORTS_KEY");
  return { kind: "sftp", host, port, username, hostKey, privateKey, path: "/reports", ...changed };
}

async function put(name: string, content: string | Buffer): Promise<string> {
  const file = join(gateway.folder, "reports", name);
  await writeFile(file, content);
  await utimes(file, WRITTEN, WRITTEN);
  return file;
}

interface Changed {
  place?: Partial<SftpConfig>;
  choose?: (files: readonly RemoteFile[]) => readonly RemoteFile[];
  limits?: Partial<FetchLimits>;
  signal?: AbortSignal;
}

function fetch({ place: change = {}, choose = (files) => files, limits = {}, signal }: Changed = {}) {
  const { signal: never } = new AbortController();
  return fetchFiles(place(change), choose, join(home, "reports"), signal ?? never, ports, limits);
}

const fetched = () => readdir(join(home, "reports"));
/** Does something while the files are waited for to settle, once. */
function meanwhile(change: () => Promise<unknown>): void {
  const { sleep } = ports;
  ports.sleep = async (milliseconds, signal) => {
    ports.sleep = sleep;
    await change();
    return sleep(milliseconds, signal);
  };
}

describe("fetching files", () => {
  it("copies them byte by byte, with the time when they were written, for nobody else to read", async () => {
    const content = randomBytes(700_000);
    await put("report.zip", content);
    await put("small.csv", "one line");
    const files = await fetch();

    expect(files.map(({ name, bytes }) => ({ name, bytes }))).toEqual([
      { name: "report.zip", bytes: 700_000 },
      { name: "small.csv", bytes: 8 },
    ]);
    expect(content.equals(await readFile(join(home, "reports", "report.zip")))).toBe(true);
    const { mtime, mode } = await stat(join(home, "reports", "report.zip"));
    expect(mtime).toEqual(WRITTEN);
    expect(mode & 0o777).toBe(0o600);
  });

  it("takes only what is chosen, and changes nothing at the server", async () => {
    await put("wanted.csv", "1");
    await put("other.csv", "2");
    await fetch({ choose: (files) => files.filter(({ name }) => name === "wanted.csv") });

    expect(await fetched()).toEqual(["wanted.csv"]);
    expect(await gateway.files()).toEqual(["/reports/other.csv", "/reports/wanted.csv"]);
    expect(gateway.history).toEqual([]);
  });

  it("offers neither hidden files, nor folders, nor links that may lead elsewhere", async () => {
    await put(".report.csv.part", "half");
    await mkdir(join(gateway.folder, "reports", "old.csv"));
    await symlink("/etc/hostname", join(gateway.folder, "reports", "link.csv"));
    await put("report.csv", "whole");

    expect((await fetch()).map(({ name }) => name)).toEqual(["report.csv"]);
  });

  it("leaves an empty folder where there is nothing to fetch, and nothing of an earlier time", async () => {
    await mkdir(join(home, "reports"));
    await writeFile(join(home, "reports", "yesterday.csv"), "old");

    expect(await fetch()).toEqual([]);
    expect(await fetched()).toEqual([]);
  });

  it("works with a server that takes one request at a time", async () => {
    gateway.setFault("one-request-at-a-time");
    await put("report.csv", randomBytes(300_000));
    await fetch();

    expect(await fetched()).toEqual(["report.csv"]);
  });
});

describe("a file that is still being written", () => {
  it("is fetched again once it is complete", async () => {
    const file = await put("report.csv", "first half, ");
    meanwhile(() => appendFile(file, "second half"));
    await fetch();

    expect(await readFile(join(home, "reports", "report.csv"), "utf8")).toBe("first half, second half");
    expect(ports.logged).toEqual(["fetch.retry"]);
  });

  it("is told when it never gets complete, and no other file is kept", async () => {
    await put("complete.csv", "complete");
    const file = await put("report.csv", "first");
    const { sleep } = ports;
    ports.sleep = async (milliseconds, signal) => {
      await appendFile(file, ", more");
      return sleep(milliseconds, signal);
    };
    const failure = await failureOf(fetch());

    expect(failure).toMatchObject({ code: "source.still-written", exitCode: 3 });
    expect(failure.message).toContain("report.csv");
    expect(await readdir(home)).toEqual([]);
  });

  it("is noticed when as many bytes were written as before", async () => {
    const file = await put("report.csv", "aaaa");
    meanwhile(() => writeFile(file, "bbbb"));
    await fetch();

    expect(ports.logged).toEqual(["fetch.retry"]);
    expect(await readFile(join(home, "reports", "report.csv"), "utf8")).toBe("bbbb");
  });

  it("is noticed when it was truncated, or is empty yet", async () => {
    const file = await put("report.csv", "a long line");
    meanwhile(() => writeFile(file, ""));

    expect(await failureOf(fetch())).toMatchObject({ code: "source.still-written" });
  });

  it("is no reason to fail when it is removed again", async () => {
    await put("report.csv", "whole");
    const file = await put("retracted.csv", "a mistake");
    meanwhile(() => rm(file));
    await fetch();

    expect(await fetched()).toEqual(["report.csv"]);
  });
});

describe("a gateway that fails", () => {
  it("is tried again when it cuts the connection, and says so in the end", async () => {
    await put("report.csv", randomBytes(600_000));
    gateway.setFault({ kind: "drop-reads", afterBytes: 300_000 });
    const failure = await failureOf(fetch());

    expect(failure).toMatchObject({ code: "source.interrupted", exitCode: 3 });
    expect(ports.logged).toEqual(["fetch.retry", "fetch.retry"]);
    expect(await readdir(home)).toEqual([]);
  });

  it("is forgiven once the connection holds", async () => {
    await put("report.csv", randomBytes(600_000));
    gateway.setFault({ kind: "drop-reads", afterBytes: 300_000 });
    ports.log = () => {
      gateway.setFault(undefined);
    };
    await fetch();

    expect(await fetched()).toEqual(["report.csv"]);
  });

  it("gets nothing from us under another host key", async () => {
    const failure = await failureOf(fetch({ place: { hostKey: `SHA256:${"A".repeat(43)}` } }));

    expect(failure).toMatchObject({ code: "source.host-key", exitCode: 3 });
    expect(failure.message).toContain("grades.source.path.hostKey");
    expect(failure.message).toContain(gateway.hostKey);
    expect(`${failure.message} ${failure.hint}`).not.toContain("delivery.");
  });

  it("does not know the key: says which key of the config to look at", async () => {
    const failure = await failureOf(fetch({ place: { username: "somebody" } }));

    expect(failure).toMatchObject({ code: "source.unauthorized" });
    expect(failure.hint).toContain("grades.source.path.username");
  });

  it("has no such folder", async () => {
    gateway.setFault("missing-folder");

    expect(await failureOf(fetch())).toMatchObject({ code: "source.no-folder", exitCode: 3 });
  });

  it("does not answer at all", async () => {
    const { port } = gateway;
    await gateway.stop();
    gateway = await startSandboxGateway();
    const failure = await failureOf(fetch({ place: { port }, limits: { attempts: 1 } }));

    expect(failure.code).toBe("source.unreachable");
    expect(failure.message).not.toContain("delivery");
  });
});

describe("asking for the impossible", () => {
  it("is refused without credentials, before anything is connected", async () => {
    const { privateKey: _, ...without } = place();
    const { signal } = new AbortController();
    const failure = await failureOf(fetchFiles(without, (files) => files, home, signal, ports));

    expect(failure).toMatchObject({ code: "usage.no-credentials", exitCode: 2 });
    expect(failure.message).toContain("grades.source.path");
  });

  it("ends with the reason of the signal", async () => {
    await put("report.csv", "1");
    const controller = new AbortController();
    meanwhile(async () => {
      controller.abort(new Error("stopped by Ctrl-C"));
    });

    expect((await rejectionOf(fetch({ signal: controller.signal }))).message).toBe("stopped by Ctrl-C");
    expect(await readdir(home)).toEqual([]);
  });
});
