/** `wetgrad doom setup`: builds the engine into the user's cache. */
import { Command } from "commander";
import { print, printJson } from "../manners/output.ts";

const EXAMPLES = `
Examples:
  $ wetgrad doom setup                                            source and data by apt, no root needed
  $ CLANG=/opt/wasi-sdk/bin/clang wetgrad doom setup --source chocolate-doom-3.1.0 --wad freedoom2.wad

Needs clang with a wasm target, lld, wasi-libc and clang's wasm runtime. On Debian, as root:
  apt-get install --no-install-recommends clang lld wasi-libc libclang-rt-dev-wasm32
The engine is chocolate-doom (GPL 2 or later), the data Freedoom (BSD): both are fetched and built here, and part of no package of
wetgrad. The folder is WETGRAD_CACHE/doom, else wetgrad/doom in the user's cache.`;

interface SetupFlags {
  readonly source?: string;
  readonly wad?: string;
  readonly again?: boolean;
  readonly json?: boolean;
}

export function doomSetupCommand(): Command {
  return new Command("setup")
    .description("fetch the engine's source and Freedoom, check them, and compile the engine")
    .option("--source <folder>", "a source tree of chocolate-doom, where there is no apt")
    .option("--wad <file>", "a game's WAD in place of Freedoom's")
    .option("--again", "build anew what is there already")
    .option("--json", "print what was built as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async ({ json, ...flags }: SetupFlags) => {
      const { setUpDoom } = await import("../../engines/setup.ts");
      const { folder, manifest, isNew } = await setUpDoom({
        ...flags,
        say: (line) => process.stderr.write(`${line}\n`),
      });
      if (json) return printJson({ folder, isNew, ...manifest });
      const { engine, data, source, compiler } = manifest;
      print(`${isNew ? "built" : "there already"}: ${folder}`);
      print(`engine  ${engine.sha256}  of ${source.name}, ${compiler}`);
      print(`data    ${data.sha256}  ${data.name}`);
    });
}
