// Every function, class and constant that the package exports has a comment that says what it is, and every type one of its own or
// a name that its neighbours explain. Reads the entries of package.json's `exports` with the TypeScript compiler.
import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const entries = Object.values(exports).flatMap((entry) =>
  typeof entry === "object" && entry.types
    ? [join(root, entry.types.replace("./dist/", "").replace(/\.d\.ts$/, ".ts"))]
    : [],
);
const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
const program = ts.createProgram(entries, { ...options, incremental: false, tsBuildInfoFile: undefined });
const checker = program.getTypeChecker();

export function undocumented() {
  const found = [];
  for (const entry of entries) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(entry));
    for (const symbol of checker.getExportsOfModule(module)) {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const isType = !(target.flags & ts.SymbolFlags.Value);
      const [declaration] = target.declarations ?? [];
      const file = declaration?.getSourceFile().fileName ?? "";
      if (file.includes("node_modules") || (isType && isSaid(declaration))) continue;
      if (target.getDocumentationComment(checker).length === 0)
        found.push(`${symbol.name} (${relative(root, entry)}): ${relative(root, file)}`);
    }
  }
  return [...new Set(found)];
}

/** A type whose members say what they are, or that opens a file which says what it is. */
function isSaid(declaration) {
  return (
    /\/\*\*/.test(declaration?.getFullText() ?? "") ||
    /^\s*(#!.*\n)?\/\*\*/.test(declaration?.getSourceFile().text ?? "")
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = undocumented();
  if (found.length > 0) {
    console.error(`expected a comment at each of these ${found.length} exports:\n${found.join("\n")}`);
    process.exit(1);
  }
}
