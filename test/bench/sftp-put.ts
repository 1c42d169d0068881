/** One delivery over SFTP as a process of its own: `node test/bench/sftp-put.ts '{"file":"…","delivery":{…}}'`. */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Delivery } from "../../config/schema.ts";
import { connectGateway } from "../../connectors/gateway/gateway.ts";

const { file, name, key, delivery } = JSON.parse(process.argv[2] ?? "") as {
  file: string;
  name: string;
  key: string;
  delivery: Record<string, unknown>;
};
const config = Delivery.parse({ ...delivery, kind: "sftp", privateKey: { file: key } });
if (config.kind === "sftp") config.privateKey?.resolve(readFileSync(key, "utf8"));
const gateway = connectGateway(config, {
  log: () => undefined,
  sleep: (milliseconds) => sleep(milliseconds),
  random: () => Math.random(),
});
await gateway.put(file, name);
