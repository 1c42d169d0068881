/** What a night needs once the SIS has been read, as one piece to load while the SIS is still being waited for. */
export { check } from "./check.ts";
export { deliver } from "./deliver.ts";
export { map } from "./map.ts";
export { packageFiles } from "./package.ts";
