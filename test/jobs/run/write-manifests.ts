/** Writes manifests of many sizes into a folder, one over the other, until it is killed. */
import { writeManifest } from "../../../jobs/run/manifest.ts";
import { manifest } from "./manifests.ts";

const [folder = ""] = process.argv.slice(2);
for (let n = 0; ; n++) {
  const errors = Array.from({ length: (n * 37) % 500 }, (_, m) => ({
    ...{ stage: "extract", code: "source.x", hint: "" },
    message: `error ${m} of ${n}`,
  }));
  writeManifest(folder, manifest(`run-${n}`, { errors }), (text) => text);
  if (n === 20) process.stdout.write("writing\n");
}
