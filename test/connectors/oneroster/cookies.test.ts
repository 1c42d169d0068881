import { describe, expect, it } from "vitest";
import { createCookieJar } from "../../../connectors/oneroster/cookies.ts";

const SIS = "https://sis.example.org";
const NOW = Date.parse("2026-11-21T00:00:00Z");

describe("the cookie jar", () => {
  it("sends back what an origin has set, the latest value of each", () => {
    const jar = createCookieJar(() => NOW);
    expect(jar.header(SIS)).toBeUndefined();
    jar.keep(SIS, ["ARRAffinity=a=b; Path=/; HttpOnly", "session=1; Secure"]);
    jar.keep(SIS, ["session=2"]);
    expect(jar.header(SIS)).toBe("ARRAffinity=a=b; session=2");
  });

  it("sends nothing to another origin", () => {
    const jar = createCookieJar(() => NOW);
    jar.keep(SIS, ["session=1"]);
    expect(jar.header("http://sis.example.org")).toBeUndefined();
    expect(jar.header("https://other.example.org")).toBeUndefined();
  });

  it("forgets a cookie that the SIS takes back", () => {
    const jar = createCookieJar(() => NOW);
    jar.keep(SIS, ["a=1", "b=1", "c=1; Max-Age=60", "d=1; Expires=Sun, 22 Nov 2026 00:00:00 GMT"]);
    jar.keep(SIS, ["a=; Max-Age=0", "b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "nonsense"]);
    expect(jar.header(SIS)).toBe("c=1; d=1");
  });
});
