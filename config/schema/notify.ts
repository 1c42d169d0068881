/** `notify`: who is told how a run ended. */
import { z } from "zod";
import { httpUrl, idText, secret, text, whole } from "./values.ts";

const everyNotice = {
  on: z
    .array(z.enum(["failed", "held", "partial", "ok"]))
    .default(["failed", "held", "partial"])
    .meta({ description: "Outcomes that are told." }),
};

export const Notify = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("email").meta({ description: "By mail, over SMTP." }),
    ...everyNotice,
    host: text.meta({ description: "SMTP server." }),
    port: whole.min(1).max(65_535).default(587).meta({ description: "Port of the server." }),
    secure: z.boolean().default(false).meta({ description: "TLS from the first byte, as on port 465." }),
    username: idText.optional().meta({ description: "User name, where the server wants one." }),
    password: secret.optional().meta({ description: "Password that belongs to it." }),
    from: text.meta({ description: "Address of the sender." }),
    to: z.union([text, z.array(text).min(1)]).meta({ description: "Address of the recipient, or a list." }),
  }),
  z.strictObject({
    kind: z.literal("webhook").meta({ description: "By HTTP POST." }),
    ...everyNotice,
    url: z
      .union([httpUrl, secret])
      .meta({ description: "Where to post; a secret where the URL carries a key or a query string." }),
    format: z
      .enum(["json", "slack", "teams"])
      .default("json")
      .meta({ description: "Shape of the body: our own JSON, or a message for Slack or Teams." }),
  }),
]);
