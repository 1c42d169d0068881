/** The kinds of value that several keys of the configuration share. */
import { z } from "zod";
import { Secret } from "../secret.ts";

export const text = z.string().trim().min(1);
export const whole = z.number().int();

/** Ids are text, but people write 1001 and mean "1001"; numbers that YAML would alter are refused by the loader. */
export const idText = z.union([text, whole.transform(String)]);

const place = z.union([
  z.strictObject({
    env: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of an environment variable, not the secret itself")
      .meta({ description: "Name of the environment variable that holds the value." }),
  }),
  z.strictObject({
    file: z
      .string()
      .regex(/^[^\n]+$/, "must be the path of a file, not the secret itself")
      .meta({ description: "File that holds the value, relative to this file." }),
  }),
]);

export const secret = place.transform((where) => new Secret(where)).meta({ id: "secret" });

/**
 * A root that paths are joined to. Credentials and query strings are refused: they would be copied into
 * logs and manifests, and lost where a path is appended.
 */
export const httpUrl = z
  .url({ protocol: /^https?$/, error: "must be a URL that begins with https:// (or http://)" })
  .refine(isBareUrl, "must have no user name, password, query string or fragment in it");

export const calendarDay = z.iso.date();

export function hostKey() {
  return z
    .string()
    .regex(
      /^SHA256:[A-Za-z0-9+/]{43}=?$/,
      "must be a fingerprint as ssh-keygen -lf prints it: SHA256: and 43 characters",
    );
}

function isBareUrl(value: string): boolean {
  const url = URL.parse(value);
  return url === null || (url.username + url.password + url.search + url.hash === "" && !/[?#]/.test(value));
}
