/**
 * Cookies that a SIS sets travel back to the same origin: behind some load balancers a token is only known
 * to the server that gave it, and a cookie says which one that was.
 */

export interface CookieJar {
  /** Value of the Cookie header for a request to that origin. */
  header: (origin: string) => string | undefined;
  /** @param set the Set-Cookie headers of an answer, one a member */
  keep: (origin: string, set: string[]) => void;
}

export function createCookieJar(now: () => number): CookieJar {
  const origins = new Map<string, Map<string, string>>();
  return {
    header(origin) {
      const cookies = origins.get(origin);
      if (cookies === undefined || cookies.size === 0) return undefined;
      return [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    },
    keep(origin, set) {
      const cookies = origins.get(origin) ?? new Map<string, string>();
      origins.set(origin, cookies);
      for (const line of set) {
        const [pair = "", ...attributes] = line.split(";");
        const equals = pair.indexOf("=");
        if (equals < 1) continue;
        const name = pair.slice(0, equals).trim();
        if (isOver(attributes, now())) cookies.delete(name);
        else cookies.set(name, pair.slice(equals + 1).trim());
      }
    },
  };
}

function isOver(attributes: string[], now: number): boolean {
  for (const attribute of attributes) {
    const [name = "", value = ""] = attribute.split(/=(.*)/s);
    if (name.trim().toLowerCase() === "max-age") return Number(value) <= 0;
    if (name.trim().toLowerCase() === "expires") return Date.parse(value) <= now;
  }
  return false;
}
