/** The bytes of a compiled kernel, from the build (`#kernel-bytes`). */
import { existsSync, readFileSync } from "node:fs";

/** `path` is below src: "culture/kernel.wasm". */
export function kernelBytes(path: string): Uint8Array {
  const places = [`../${path}`, `../../dist/src/${path}`];
  const found = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  if (found === undefined) throw new Error(`${path} is not built; run \`npm run build\``);
  return readFileSync(found);
}
