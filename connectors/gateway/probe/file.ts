/** The file that a gateway is probed with: small, harmless, and with a name that no importer takes for a package. */

export const PROBE_CONTENT = Buffer.from(
  "Written by `rosterbridge check`, which removes it again.\n".repeat(64),
);

/** Its names, before and after it is renamed: hidden, new every time, and ending in neither .zip nor .csv. */
export function probeNames(random: () => number): { first: string; second: string } {
  const short = Math.floor(random() * 0x1_0000_0000)
    .toString(16)
    .padStart(8, "0");
  return { first: `.rosterbridge-check-${short}.part`, second: `.rosterbridge-check-${short}.probe` };
}

/** Under it, a night's package may not find room soon; one of a large district has some 60 MB. */
const LITTLE_ROOM_BYTES = 256 * 1024 * 1024;

/** @param freeBytes undefined where the gateway does not say */
export function roomWords(freeBytes: number | undefined): { message: string; doubt?: string } {
  if (freeBytes === undefined) return { message: "the gateway does not say how much is free" };
  const message = `${inWords(freeBytes)} free`;
  return freeBytes < LITTLE_ROOM_BYTES
    ? { message, doubt: "Free some space there, or have the quota raised, before a package finds no room." }
    : { message };
}

function inWords(bytes: number): string {
  const gib = bytes / 1024 ** 3;
  return gib >= 1 ? `${Math.floor(gib).toLocaleString("en")} GiB` : `${Math.floor(gib * 1024)} MiB`;
}
