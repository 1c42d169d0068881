import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { oauth1Header, signatureBase } from "../../../connectors/oneroster/oauth1.ts";
import { percentEncode } from "../../../connectors/oneroster/percent.ts";

const credentials = { key: "k€y", secret: "s&cret/+ =", signature: "HMAC-SHA256" as const };
const stamp = { timestamp: 1_795_300_000, nonce: "a1b2" };

describe("OAuth 1.0a signatures", () => {
  it("build the base string of RFC 5849 §3.4.1.1", () => {
    const url = new URL("HTTP://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b&c2&a3=2+q");
    const fields = {
      oauth_consumer_key: "9djdj82h48djs9d2",
      oauth_token: "kkk9d7dh3k39sjv7",
      oauth_signature_method: "HMAC-SHA1",
      oauth_timestamp: "137131201",
      oauth_nonce: "7d8f3e4a",
    };
    expect(signatureBase("post", url, fields)).toBe(
      "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7",
    );
  });

  it("lead to the signature of RFC 5849 §1.2", () => {
    const url = new URL("http://photos.example.net/photos?file=vacation.jpg&size=original");
    const base = signatureBase("GET", url, {
      oauth_consumer_key: "dpf43f3p2l4k3l03",
      oauth_token: "nnch734d00sl2jdk",
      oauth_signature_method: "HMAC-SHA1",
      oauth_timestamp: "137131202",
      oauth_nonce: "chapoH",
    });
    // The RFC's example has a token; OneRoster has none, so its secret is only here.
    const hmac = createHmac("sha1", "kd94hf93k423kf44&pfkkdhi9sl3r4s00");
    expect(hmac.update(base).digest("base64")).toBe("MdpQcU8iPSUjWoN/UDMsK2sui9I=");
  });

  it("encode as RFC 3986 has it, also what encodeURIComponent leaves", () => {
    expect(percentEncode("status='active' (a+b)!*~")).toBe("status%3D%27active%27%20%28a%2Bb%29%21%2A~");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(percentEncode(text)).toMatch(/^(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})*$/);
        expect(decodeURIComponent(percentEncode(text))).toBe(text);
      }),
    );
  });

  it("go into a header of exactly five fields", () => {
    const header = oauth1Header(
      "GET",
      new URL("https://sis.example.org/v1p1/users?limit=1"),
      credentials,
      stamp,
    );
    expect(header).toMatch(/^OAuth /);
    const names = [...header.matchAll(/(oauth_\w+)="/g)].map(([, name]) => name);
    expect(names).toEqual([
      "oauth_consumer_key",
      "oauth_signature_method",
      "oauth_timestamp",
      "oauth_nonce",
      "oauth_signature",
    ]);
    expect(header).toContain('oauth_consumer_key="k%E2%82%ACy"');
    expect(header).not.toContain(credentials.secret);
  });

  it.for(["HMAC-SHA256", "HMAC-SHA1"] as const)(
    "are %s over every parameter of the very URL that is sent",
    (signature) => {
      const parameter = fc.tuple(fc.string({ minLength: 1 }), fc.string({ unit: "grapheme" }));
      fc.assert(
        fc.property(fc.array(parameter), (parameters) => {
          const url = new URL("https://sis.example.org/ims/oneroster/v1p1/users");
          url.search = parameters.map((pair) => pair.map(percentEncode).join("=")).join("&");
          const header = oauth1Header("GET", url, { ...credentials, signature }, stamp);
          const given = decodeURIComponent(/oauth_signature="([^"]+)"/.exec(header)?.[1] ?? "");

          // The other way round: from the wire, as a provider verifies it.
          const fields = [...header.matchAll(/(oauth_\w+)="([^"]*)"/g)]
            .filter(([, name]) => name !== "oauth_signature")
            .map(([, name, value]) => `${name}=${value}`);
          const sent =
            url.search === ""
              ? []
              : url.search
                  .slice(1)
                  .split("&")
                  .map((pair) => (pair.includes("=") ? pair : `${pair}=`));
          const normalized = [...fields, ...sent].map((pair) => pair.split("=")).sort(byNameAndValue);
          const base = `GET&${percentEncode(url.origin + url.pathname)}&${percentEncode(normalized.map((pair) => pair.join("=")).join("&"))}`;
          const hash = signature === "HMAC-SHA1" ? "sha1" : "sha256";
          expect(given).toBe(
            createHmac(hash, `${percentEncode(credentials.secret)}&`)
              .update(base)
              .digest("base64"),
          );
        }),
      );
    },
  );
});

function byNameAndValue([a = "", x = ""]: string[], [b = "", y = ""]: string[]): number {
  return a < b ? -1 : a > b ? 1 : x < y ? -1 : Number(x > y);
}
