// One script of all that a module needs, for a browser: Node-only modules by their twins (the `browser` condition of package.json's
// `imports`), compiled kernels as bytes.
import { rolldown } from "rolldown";

/** The code; `named`: by module name the text that it gives as its default. `format` "esm" for a module that others import. */
export async function bundleForBrowser(entry, { format = "iife", named = {} } = {}) {
  const build = await rolldown({
    input: entry,
    platform: "browser",
    moduleTypes: { ".wasm": "binary", ".css": "text" },
    plugins: [
      {
        name: "named texts",
        resolveId: (id) => (id in named ? `\0${id}` : null),
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
  const { output } = await build.generate({ format, minify: true });
  await build.close();
  return output[0].code;
}
