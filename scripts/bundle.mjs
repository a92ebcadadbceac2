// One script of all that a module needs, for a browser: Node-only modules by their twins (the `browser` condition of package.json's
// `imports`), compiled kernels as bytes.
import { basename } from "node:path";
import { rolldown } from "rolldown";

/**
 * The code; `named`: by module name the text that it gives as its default; `replaced`: by a file's name the file that is taken in its place.
 * `format` "esm" for a module that others import; "function" where a module within
 * awaits something at its top (jax-js its WebAssembly), for what is loaded as no module.
 */
export async function bundleForBrowser(entry, { format = "iife", named = {}, replaced = {} } = {}) {
  const build = await rolldown({
    input: entry,
    platform: "browser",
    // What only unused functions need of Node falls away with them; the rest is an error below.
    external: /^node:/,
    treeshake: { moduleSideEffects: [{ test: /^node:/, sideEffects: false }] },
    moduleTypes: { ".wasm": "binary", ".css": "text" },
    plugins: [
      {
        name: "named texts",
        resolveId: (id) => (id in named ? `\0${id}` : (replaced[basename(id)] ?? null)),
        load: (id) =>
          id[0] === "\0" && id.slice(1) in named
            ? `export default ${JSON.stringify(named[id.slice(1)])}`
            : null,
      },
    ],
    onLog: (_level, log) => {
      throw new Error(`bundle of ${entry}: ${log.message}`);
    },
  });
  const { output } = await build.generate({
    format: format === "function" ? "esm" : format,
    minify: true,
    codeSplitting: false,
  });
  await build.close();
  const { code } = output[0];
  const left = code.match(/\bimport\s*(?:[\w{}*,\s$]+\bfrom\s*)?["'](node:[^"']+)/);
  if (left) throw new Error(`bundle of ${entry}: expected a twin of what it needs of Node, got ${left[1]}`);
  return format === "function" ? `(async()=>{${code}})()` : code;
}
