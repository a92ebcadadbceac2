// Copies what is shipped of a package that is not installed with wetgrad: of onnxruntime-web, 150 MB of builds for all kinds of
// pages, the one that computes in Node without native code.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const packages = join(dirname(fileURLToPath(import.meta.url)), "..", "node_modules");

/**
 * What is taken out of the modules: names of maps that are not shipped; and a global `Worker`, which one thread does not
 * need and from which jax-js would conclude that it is in a browser.
 */
const OUT = {
  "ort.node.min.mjs": ["//# sourceMappingURL=ort.node.min.mjs.map"],
  "ort-wasm-simd-threaded.mjs": ["global.Worker=ba.Worker;"],
};

export function vendor(target) {
  const from = join(packages, "onnxruntime-web", "dist");
  const to = join(target, "onnxruntime-web");
  mkdirSync(to, { recursive: true });
  for (const [name, texts] of Object.entries(OUT)) {
    let code = readFileSync(join(from, name), "utf8");
    for (const text of texts) {
      if (!code.includes(text)) throw new Error(`onnxruntime-web: expected ${text} in ${name}`);
      code = code.replace(text, "");
    }
    writeFileSync(join(to, name), code);
  }
  copyFileSync(join(from, "ort-wasm-simd-threaded.wasm"), join(to, "ort-wasm-simd-threaded.wasm"));
}
