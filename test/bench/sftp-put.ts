/**
 * One delivery over SFTP as a process of its own: `node test/bench/sftp-put.ts '{"file":"…","delivery":{…}}'`. It runs what
 * `npm run build` has made, as those who install the program do.
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { SftpConfig } from "../../config/schema.ts";
import type * as secrets from "../../config/secret.ts";
import type * as gateways from "../../connectors/gateway/gateway.ts";

const compiled = <Module>(name: string) =>
  import(new URL(`../../dist/${name}.js`, import.meta.url).href) as Promise<Module>;
const { connectGateway } = await compiled<typeof gateways>("connectors/gateway/gateway");
const { Secret } = await compiled<typeof secrets>("config/secret");

const { file, name, key, delivery } = JSON.parse(process.argv[2] ?? "") as {
  file: string;
  name: string;
  key: string;
  delivery: Pick<SftpConfig, "host" | "port" | "username" | "hostKey" | "path">;
};
const privateKey = new Secret({ file: key });
privateKey.resolve(readFileSync(key, "utf8"));
const gateway = await connectGateway(
  { kind: "sftp", privateKey, fileName: name, mode: "full", ...delivery },
  { log: () => undefined, sleep: (milliseconds) => sleep(milliseconds), random: () => Math.random() },
);
await gateway.put(file, name);
