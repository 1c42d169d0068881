/** A certificate that nobody has signed but its own key (RFC 5280, RFC 8410), as local mail servers have. */
import { generateKeyPairSync, sign } from "node:crypto";

/** Valid from 2020 to 2049, for the name `localhost`; both as PEM. */
export function selfSigned(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const algorithm = der(0x30, [der(0x06, [Buffer.from([0x2b, 0x65, 0x70])])]);
  const commonName = der(0x30, [
    der(0x06, [Buffer.from([0x55, 0x04, 0x03])]),
    der(0x0c, [Buffer.from("localhost")]),
  ]);
  const name = der(0x30, [der(0x31, [commonName])]);
  const validity = der(0x30, [
    der(0x17, [Buffer.from("200101000000Z")]),
    der(0x17, [Buffer.from("490101000000Z")]),
  ]);
  const body = der(0x30, [
    der(0x02, [Buffer.from([1])]),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: "spki", format: "der" }),
  ]);
  const signature = der(0x03, [Buffer.from([0]), sign(null, body, privateKey)]);
  const whole = der(0x30, [body, algorithm, signature]).toString("base64");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${whole}\n-----END CERTIFICATE-----\n`,
  };
}

function der(tag: number, parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length =
    content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
