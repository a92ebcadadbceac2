/**
 * Loads the files of `--with`. In them the name "wetgrad" is this very program, wherever they lie: what they register is what
 * the run looks up, and no second copy comes in.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { register } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { RunError } from "../error.ts";
import type { Extension } from "./extension.ts";

/** What was loaded in this thread: by path, its hash. */
const loaded = new Map<string, string>();

/** Loads the files in this thread, each once, in their order. Throws `RunError` where one cannot be loaded. */
export async function loadExtensions(files: readonly string[]): Promise<Extension[]> {
  const extensions: Extension[] = [];
  for (const file of files) {
    const path = resolve(file);
    const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
    const before = loaded.get(path);
    if (before !== undefined && before !== sha256)
      throw new RunError(`--with ${file}: it was loaded and has been changed since; start the program anew`);
    if (before === undefined) await load(file, path);
    loaded.set(path, sha256);
    extensions.push({ file, sha256 });
  }
  return extensions;
}

/** The same in another thread. Throws `RunError` where a file is another than it was. */
export async function loadAgain(extensions: readonly Extension[]): Promise<void> {
  const now = await loadExtensions(extensions.map(({ file }) => file));
  const changed = now.find(({ sha256 }, i) => sha256 !== extensions[i].sha256);
  if (changed)
    throw new RunError(`--with ${changed.file}: it has been changed since the run began; start it again`);
}

async function load(file: string, path: string): Promise<void> {
  nameThisProgram();
  try {
    await import(pathToFileURL(path).href);
  } catch (error) {
    throw new RunError(
      `--with ${file}: expected an ES module that registers tasks or methods, got: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

let isNamed = false;

/** Lets imports of "wetgrad" find the entry of this program (https://nodejs.org/api/module.html#resolvespecifier-context-nextresolve). */
function nameThisProgram(): void {
  if (isNamed) return;
  isNamed = true;
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const url = new URL(`../../index.${extension}`, import.meta.url).href;
  const hooks = `export const resolve = (name, context, next) =>
    next(name === "wetgrad" ? ${JSON.stringify(url)} : name, context);`;
  register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}
