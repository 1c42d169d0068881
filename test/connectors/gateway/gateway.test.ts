import { describe, expect, it } from "vitest";
import { connectGateway } from "../../../connectors/gateway/gateway.ts";
import { failureOf, recordedPorts, secret } from "./ports.ts";

const named = { fileName: "{run}.zip", mode: "full" } as const;

describe("the gateway that the configuration names", () => {
  it("is a folder", async () => {
    const gateway = await connectGateway({ kind: "directory", path: "gone", ...named }, recordedPorts());
    expect(await failureOf(gateway.put(import.meta.filename, "night.zip"))).toMatchObject({
      code: "delivery.no-folder",
    });
  });

  it("is an SFTP server, to which nothing is said before there is something to deliver", async () => {
    const place = {
      kind: "sftp",
      host: "gateway.invalid",
      port: 22,
      username: "oakdale",
      path: "/",
    } as const;
    const config = { ...place, ...named, hostKey: "SHA256:", password: secret("p") };
    expect(await connectGateway(config, recordedPorts())).toHaveProperty("put");
  });

  it("cannot be Canvas's API yet: says so plainly, as a mistake of usage", async () => {
    const canvas = {
      kind: "canvas-api",
      url: "https://oakdale.example",
      token: secret("t"),
      account: "self",
    } as const;
    await expect(connectGateway({ ...canvas, ...named }, recordedPorts())).rejects.toThrow(
      expect.objectContaining({
        code: "usage.not-built",
        exitCode: 2,
        hint: "This version delivers by sftp or to a directory: set delivery.kind to one of them.",
      }),
    );
  });
});
