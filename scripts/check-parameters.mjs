// Positional parameters: a function takes at most four; what belongs together travels as one object. Kernels of arrays (files
// below a folder `kernel`) may take six, with a legend in the comment before them: AssemblyScript has no objects to pass.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const MOST = 4;
const MOST_OF_KERNEL = 6;
/** What a kernel's numbers and addresses are; other types are layouts, whose fields say what they are. */
const NUMBERS = new Set(["i32", "i64", "u32", "u64", "f32", "f64", "usize", "v128"]);

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const faults = ["src", "bench", "test", "examples", "scripts"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => /\.(tsx?|mjs)$/.test(name))
    .flatMap((name) => faultsOf(join(folder, name))),
);
if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exit(1);
}

/** @param {string} path below the root of the repository */
function faultsOf(path) {
  const file = path.replaceAll("\\", "/");
  const text = readFileSync(join(root, file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const isKernel = file.includes("/kernel/");
  const found = [];
  const visit = (node) => {
    const count = node.parameters?.length ?? 0;
    if (count > MOST) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      const place = `${file}:${line + 1}: ${node.name?.getText(source) ?? "a function"} takes ${count} parameters`;
      if (!isKernel) found.push(`${place}: at most ${MOST}, pass what belongs together as one object`);
      else if (count > MOST_OF_KERNEL)
        found.push(`${place}: a kernel at most ${MOST_OF_KERNEL}, let the rest live in the module's memory`);
      else {
        const legend = commentBefore(text, node);
        const untold = node.parameters.flatMap(({ name, type }) =>
          NUMBERS.has(type?.getText(source)) && !mentions(legend, name.getText(source)) ? [name.text] : [],
        );
        if (untold.length > 0)
          found.push(`${place}: the comment before it says nothing of ${untold.join(", ")}`);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function commentBefore(text, node) {
  const ranges = ts.getLeadingCommentRanges(text, node.pos) ?? [];
  return ranges.map(({ pos, end }) => text.slice(pos, end)).join("\n");
}

function mentions(text, name) {
  return new RegExp(`\\b${name}\\b`).test(text);
}
