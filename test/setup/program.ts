/**
 * This program in a process of its own: from the build, which begins in a third of the time, where nothing is newer than it (`npm test`
 * builds first); from source otherwise.
 */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

function isBuilt(): boolean {
  const stamp = join(root, "dist", ".built");
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  return readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).every(
    (name) => statSync(join(root, "src", name)).mtimeMs <= built,
  );
}

const [folder, extension, loader] = isBuilt()
  ? [join(root, "dist", "src"), ".js", []]
  : [join(root, "src"), ".ts", ["--import", "tsx"]];

/** What Node is given to be `wetgrad`. */
export const PROGRAM: readonly string[] = [...loader, join(folder, "cli", `main${extension}`)];

/** What Node is given to run `script`, plain JavaScript that imports modules of this package by the addresses it is told. */
export const withModules = (script: string): readonly string[] => [...loader, script];

/** The address of a module of src, such as `experiment/run`. */
export const moduleAt = (name: string): string => pathToFileURL(join(folder, `${name}${extension}`)).href;
