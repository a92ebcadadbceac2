/**
 * `npm run bench -- NAME [--json]`: runs the benchmark bench/NAME.ts and prints what it measured, as JSON or as one
 * line per figure; `--profile`: where its time goes, of a benchmark that can say it. Progress and remarks go to stderr.
 */
import { existsSync, readdirSync } from "node:fs";

const args = process.argv.slice(2);
const names = args.filter((arg) => !arg.startsWith("-"));
const unknown = args.filter((arg) => arg.startsWith("-") && arg !== "--json" && arg !== "--profile");
const name = names[0] ?? "";
const module = /^[a-z0-9-]+$/.test(name) ? locate(name) : undefined;
if (names.length !== 1 || unknown.length > 0 || module === undefined) {
  const known = await benchmarks();
  console.error(
    `bench: expected one of ${known.join(", ")} and at most --json and --profile, got "${args.join(" ")}"`,
  );
  process.exit(2);
}
const benchmark = (await import(module.href)) as Partial<Record<"run" | "profile", () => Promise<object>>>;
const run = args.includes("--profile") ? benchmark.profile : benchmark.run;
if (benchmark.run !== undefined && run === undefined) {
  console.error(`bench: ${name} has no --profile`);
  process.exit(2);
}
if (run === undefined) {
  console.error(`bench: expected one of ${(await benchmarks()).join(", ")}, got "${name}"`);
  process.exit(2);
}
const figures = await run();
console.log(args.includes("--json") ? JSON.stringify(figures) : lines(figures).join("\n"));

function locate(benchmark: string): URL | undefined {
  return ["js", "ts"]
    .map((extension) => new URL(`./${benchmark}.${extension}`, import.meta.url))
    .find((url) => existsSync(url));
}

/** The modules beside this one that have a `run`. */
async function benchmarks(): Promise<string[]> {
  const files = readdirSync(new URL(".", import.meta.url)).filter(
    (file) => /^[a-z0-9-]+\.(js|ts)$/.test(file) && !file.startsWith("main."),
  );
  const found = await Promise.all(
    files.map(async (file) => {
      const benchmark: object = await import(new URL(file, import.meta.url).href);
      return "run" in benchmark ? [file.replace(/\.\w+$/, "")] : [];
    }),
  );
  return found.flat().sort();
}

/** A tree of figures as `path.to.figure  value` lines. */
function lines(tree: object, path: string[] = []): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    value !== null && typeof value === "object"
      ? lines(value, [...path, key])
      : [`${[...path, key].join(".")}  ${typeof value === "number" ? Number(value.toPrecision(4)) : value}`],
  );
}
