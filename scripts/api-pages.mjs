// docs/api: a page for everything that the package exports, made from its comments (typedoc). Not committed; part of `npm run docs`.
import { readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Application } from "typedoc";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
/** The source of each entry. */
const entryPoints = Object.values(exports).flatMap((entry) =>
  typeof entry === "object" && entry.types
    ? [join(root, entry.types.replace("./dist/", "").replace(/\.d\.ts$/, ".ts"))]
    : [],
);

const out = join(root, "docs", "api");
rmSync(out, { recursive: true, force: true });
const app = await Application.bootstrapWithPlugins({
  entryPoints,
  tsconfig: join(root, "tsconfig.json"),
  plugin: ["typedoc-plugin-markdown"],
  out,
  name: "wetgrad",
  readme: "none",
  githubPages: false,
  hideGenerator: true,
  excludePrivate: true,
  excludeInternal: true,
  disableSources: true,
  skipErrorChecking: true,
  entryFileName: "index",
  hidePageHeader: true,
  useCodeBlocks: true,
  validation: { notExported: false, invalidLink: true, rewrittenLink: true, notDocumented: false },
  logLevel: "Warn",
});
const project = await app.convert();
if (!project) throw new Error("api pages: typedoc could not read the entries");
await app.generateOutputs(project);
if (app.logger.hasErrors()) process.exitCode = 1;
