// Builds the page that anyone can open: one HTML file with all that it needs, the dish's worker in it as text. Beside it lie the worker of
// the descent, which the page loads when it is asked for, and the module `wetgrad/web` for other pages.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleForBrowser } from "./bundle.mjs";

/** Into the folder `out`. */
export async function writePage(root, out) {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "index.html"), await buildPage(root));
  const descent = await bundleForBrowser(join(root, "src", "web", "page", "descent-worker.ts"), {
    format: "function",
  });
  // As text in a script, of a worker that is no module: a page that was opened as a file may load no other kind.
  writeFileSync(join(out, "descent.js"), `globalThis.wetgradDescent = ${JSON.stringify(descent)};\n`);
  const module = await bundleForBrowser(join(root, "src", "web", "index.ts"), { format: "esm" });
  writeFileSync(join(out, "wetgrad.js"), module);
}

/** The file's text. `root`: of the repository, whose kernels are built. */
export async function buildPage(root) {
  const source = (name) => join(root, "src", "web", "page", name);
  const worker = await bundleForBrowser(source("worker.ts"));
  const script = await bundleForBrowser(source("main.tsx"), { named: { "virtual:worker": worker } });
  const style = readFileSync(source("style.css"), "utf8").replace(/\s*\n\s*/g, "\n");
  return readFileSync(source("index.html"), "utf8")
    .replace("/*STYLE*/", () => style)
    .replace("/*SCRIPT*/", () => script.replaceAll("</script", "<\\/script"));
}
