import { describe, expect, it } from "vitest";
import { createSending, type Parcel } from "../../../jobs/passback/sending.ts";

const PARCELS: Parcel[] = ["s1", "s2"].map((key) => ({ key, sourcedId: `r-${key}`, isNew: true, body: {} }));

async function sentInSet(kind: "lineItem" | "result", ids: Map<string, string>) {
  const gradebook = {
    put: () => Promise.reject(new Error("no single record is sent")),
    create: () => Promise.reject(new Error("no single record is sent")),
    postSet: () => Promise.resolve({ kind: "stored", ids } as const),
  };
  const told = new Map<string, unknown>();
  const send = createSending(gradebook, { endpoints: "standard", bulk: true });
  await send(kind, { classId: "c", lineItemId: "l" }, PARCELS, {
    done: ({ key }, sent) => told.set(key, sent),
    look: () => Promise.reject(new Error("there is nothing to look for")),
  });
  return told;
}

describe("a set that the SIS has taken", () => {
  it("confirms only the results that it names, where it names some", async () => {
    const told = await sentInSet("result", new Map([["r-s1", "theirs"]]));
    expect(told.get("s1")).toEqual({ kind: "stored", sourcedId: "theirs" });
    expect(told.get("s2")).toMatchObject({ kind: "unknown" });
  });

  it("confirms all results where it names none", async () => {
    const told = await sentInSet("result", new Map());
    expect([...told.values()]).toEqual(Array(2).fill({ kind: "stored", sourcedId: null }));
  });

  it("has line items that it does not name looked up", async () => {
    const told = await sentInSet("lineItem", new Map([["r-s1", "theirs"]]));
    expect(told.get("s2")).toEqual({ kind: "stored", sourcedId: null });
  });
});
