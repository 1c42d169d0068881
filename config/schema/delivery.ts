/** `delivery`: where the package goes. */
import { z } from "zod";
import { hostKey, httpUrl, idText, secret, text, whole } from "./values.ts";

export const SftpPlace = z.strictObject({
  kind: z.literal("sftp").meta({ description: "The Canvas CSV Gateway, or any SFTP server." }),
  host: text.meta({ description: "Host name of the server." }),
  port: whole.min(1).max(65_535).default(22).meta({ description: "Port of the server." }),
  username: idText.meta({ description: "User name there." }),
  privateKey: secret.optional().meta({ description: "Private key to sign in with; and/or `password`." }),
  passphrase: secret.optional().meta({ description: "Passphrase of the private key, where it has one." }),
  password: secret.optional().meta({ description: "Password to sign in with; and/or `privateKey`." }),
  hostKey: z.union([hostKey(), z.array(hostKey()).min(1)]).meta({
    description:
      "SHA256 fingerprint of the server's host key, or a list of them. `ssh-keyscan HOST | ssh-keygen -lf -` shows it; compare it with what the server's owner states.",
  }),
  path: text.default("/").meta({ description: "Folder on the server." }),
});

const DirectoryDelivery = z.strictObject({
  kind: z.literal("directory").meta({ description: "A folder of this machine." }),
  path: text.meta({ description: "The folder." }),
});

const CanvasDelivery = z.strictObject({
  kind: z.literal("canvas-api").meta({ description: "Canvas's SIS import API." }),
  url: httpUrl.meta({ description: "Canvas, such as https://oakdale.instructure.com." }),
  token: secret.meta({ description: "Access token of an admin who may import SIS data." }),
  account: idText.prefault("self").meta({ description: "Canvas account id; `self` is the token's own." }),
});

const everyDelivery = {
  fileName: z
    .string()
    .regex(/^(?!\.)[^/\\]+\.zip$/i, "must be a file name that ends in .zip, without folders")
    .refine(
      (name) => !/\{(?!institution\}|run\})/.test(name),
      "may name only {institution} and {run} in braces",
    )
    .default("{institution}-{run}.zip")
    .meta({ description: "Name of the package there; {institution} and {run} are filled in." }),
  mode: z.enum(["full", "diffing", "changes"]).default("full").meta({
    description:
      "What the package holds: every row, every row for the gateway's diffing directory, or only what differs from the last delivered night.",
  }),
};

export const Delivery = z
  .discriminatedUnion("kind", [
    SftpPlace.extend(everyDelivery),
    DirectoryDelivery.extend(everyDelivery),
    CanvasDelivery.extend(everyDelivery),
  ])
  .meta({ description: "Where the package goes." });

export type DeliveryConfig = z.output<typeof Delivery>;
export type SftpConfig = z.output<typeof SftpPlace>;
