/** A file of `init` as its owner leaves it. */

const ANSWERS: Record<string, string> = {
  id: "oakdale",
  name: "Oakdale Unified",
  timezone: "America/Los_Angeles",
  url: "https://sis.oakdale.example.org/ims/oneroster/v1p1",
  tokenUrl: "https://sis.oakdale.example.org/key-7/oauth/token",
  kind: "oauth1",
  host: "sftp.oakdale.example.org",
  username: "oakdale",
  hostKey: `"SHA256:${"k".repeat(43)}"`,
};

/** @param answers over the usual ones, by the last part of the key */
export function filledIn(text: string, answers: Record<string, string> = {}): string {
  const all = { ...ANSWERS, ...answers };
  return text.replaceAll(/^( *)(\w+): <fill in>$/gm, (_, indent: string, key: string) => {
    const answer = all[key];
    if (answer === undefined) throw new Error(`nobody has an answer for ${key}`);
    return `${indent}${key}: ${answer}`;
  });
}

/** Takes the # away from every setting that has one; comments in words keep theirs. */
export function uncommented(text: string): string {
  return text.replaceAll(/^#(?=( {2})*\w+:( \S|$))/gm, "");
}

export const SECRETS = {
  ONEROSTER_KEY: "oakdale-key",
  ONEROSTER_SECRET: "correct horse battery",
  ONEROSTER_TOKEN: "a token of some length",
  CANVAS_TOKEN: "a token of Canvas",
  SFTP_PASSPHRASE: "a passphrase",
  SFTP_PASSWORD: "a password",
};
