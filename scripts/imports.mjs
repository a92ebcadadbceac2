// What the files of a folder import of each other, and the circles among them.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Of every TypeScript file below `root` the files that it imports, types too: paths below `root`, with `/`. `named`: by `#name` the
 * files that it may stand for.
 */
export function importsBelow(root, isLeftOut, named = new Map()) {
  const imports = new Map();
  for (const entry of readdirSync(root, { recursive: true })) {
    const file = entry.replaceAll("\\", "/");
    if (!/\.tsx?$/.test(file) || isLeftOut(file)) continue;
    const text = readFileSync(join(root, file), "utf8");
    const targets = [...text.matchAll(/(?:from|import)\s*\(?\s*"([.#][^"]+)"/g)];
    imports.set(
      file,
      new Set(
        targets.flatMap(([, target]) =>
          target.startsWith("#")
            ? (named.get(target) ?? [])
            : join(dirname(file), target).replaceAll("\\", "/"),
        ),
      ),
    );
  }
  return imports;
}

/** Groups of files that all import each other in the end (strongly connected components, Tarjan 1972), each sorted. */
export function circlesOf(imports) {
  const circles = [];
  const order = new Map();
  /** By file: the first of the files on the path that it leads back to, by its place in `order`. */
  const low = new Map();
  const path = [];
  const visit = (file) => {
    order.set(file, order.size);
    low.set(file, order.get(file));
    path.push(file);
    for (const target of imports.get(file)) {
      if (!imports.has(target)) continue;
      if (!order.has(target)) visit(target);
      if (path.includes(target)) low.set(file, Math.min(low.get(file), low.get(target)));
    }
    if (low.get(file) !== order.get(file)) return;
    const circle = path.splice(path.indexOf(file));
    if (circle.length > 1 || imports.get(file).has(file)) circles.push(circle.sort());
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return circles;
}
