import { describe, expect, it } from "vitest";
import {
  explainStatus,
  mayBePickyAboutConcurrency,
  type Room,
  statusOf,
} from "../../../connectors/gateway/sftp-faults.ts";

const BYTES = 1_000;
const roomy: Room = { freeBytes: 5_000, readOnly: false };
const cramped: Room = { freeBytes: 10, readOnly: false };
const sealed: Room = { freeBytes: 5_000, readOnly: true };

function answer(code: number, words = "Failure"): Error {
  return Object.assign(new Error(words), { code });
}

describe("an answer of an SFTP server", () => {
  it.each([
    ["create", 2, undefined, "delivery.no-folder"],
    ["create", 3, undefined, "delivery.read-only"],
    ["create", 12, undefined, "delivery.read-only"],
    ["create", 4, sealed, "delivery.read-only"],
    ["create", 4, cramped, "delivery.full"],
    ["create", 4, roomy, "delivery.refused"],
    ["create", 4, undefined, "delivery.refused"],
    ["write", 4, undefined, "delivery.full"],
    ["write", 4, roomy, "delivery.full"],
    ["write", 14, undefined, "delivery.full"],
    ["write", 15, roomy, "delivery.full"],
    ["rename", 2, undefined, "delivery.refused"],
    ["rename", 3, undefined, "delivery.read-only"],
    ["rename", 4, roomy, "delivery.refused"],
  ] as const)("to %s with status %i and the room %o means %s", (doing, status, room, code) => {
    const failure = explainStatus(answer(status), { doing, folder: "/incoming", bytes: BYTES, room });
    expect(failure).toMatchObject({ code, exitCode: 5 });
  });

  it("is quoted where it says more than its number", () => {
    const asked = { doing: "rename", folder: "/incoming", bytes: BYTES, room: undefined } as const;
    expect(explainStatus(answer(4, "name not allowed here"), asked).message).toContain(
      "name not allowed here",
    );
  });

  it("is told with the room that is there, where the server says", () => {
    const asked = { doing: "write", folder: "/incoming", bytes: BYTES } as const;

    expect(explainStatus(answer(4), { ...asked, room: cramped }).message).toContain("10 bytes free");
    expect(explainStatus(answer(4), { ...asked, room: roomy }).message).toContain("a quota");
  });

  it("is told apart from a broken connection", () => {
    expect(statusOf(answer(4))).toBe(4);
    expect(statusOf(Object.assign(new Error("reset"), { code: "ECONNRESET" }))).toBeUndefined();
    expect(statusOf(new Error("No response from server"))).toBeUndefined();
  });
});

describe("a refused write", () => {
  it.each([
    ["a bare failure", answer(4), undefined, true],
    ["a bare failure with room enough", answer(4), roomy, true],
    ["a bare failure without room", answer(4), cramped, false],
    ["a full disk by name", answer(14), undefined, false],
    ["a quota by name", answer(15), undefined, false],
    ["a broken connection", new Error("gone"), undefined, false],
  ])("is worth another way of writing or not: %s", (_, error, room, isWorthIt) => {
    expect(mayBePickyAboutConcurrency(error, room, BYTES)).toBe(isWorthIt);
  });
});
