// The reference tables of the documentation, made from the code that they are of, into docs/reference.md:
//   node scripts/reference.mjs
// Needs a build (npm run build). A test (test/guide.test.ts) makes the page again and compares.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What the tables are made of, by module of src. */
export const MODULES = {
  methods: "methods/descriptions",
  tasks: "tasks/descriptions",
  series: "tasks/series/names",
  names: "report/names",
  plasticity: "culture/rules/rules",
  formats: "recording/formats",
  rules: "device/gate/unsafe-pulse",
  errors: "cli/manners/errors",
  program: "cli/program",
};

const cell = (text) => String(text).replaceAll("|", "\\|").replace(/\s+/g, " ");
const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");
const code = (text) => `\`${text}\``;

const BRAINS = { one: "one culture", several: "two or more", any: "any number" };
const KINDS = { series: "a series, known ahead", game: "a game" };

/** What a method or an arm takes, in words. */
const needed = ({ tissue = [], task = [], brains, arms = [] }) =>
  [
    ...(tissue.length > 0 ? [`tissue that has: ${tissue.join(", ")}`] : []),
    ...task.map((kind) => KINDS[kind]),
    ...(brains && brains !== "any" ? [BRAINS[brains]] : []),
    ...(arms.length > 0 ? [`after ${arms.join(", ")}`] : []),
  ].join("; ") || "–";

/** The page's text. `modules`: those of `MODULES`, loaded. */
export function referencePage({
  methods,
  tasks,
  series,
  names,
  plasticity,
  formats,
  rules,
  errors,
  program,
}) {
  const all = [...methods.describedMethods().values()];
  const arms = all.flatMap((method) =>
    Object.entries(method.arms).map(([arm, { meaning, needs = {} }]) => [
      code(method.name),
      code(arm),
      meaning,
      names.GROUP_LABELS[names.groupOf(arm)],
      needed(needs),
    ]),
  );
  const beside = [...Object.entries(names.BASELINE_NAMES), ...Object.entries(names.PLAYER_NAMES)];
  const leaves = (command, path) =>
    command.commands.length === 0
      ? [[code(path), command.description()]]
      : command.commands
          .filter((child) => child.name() !== "help")
          .flatMap((child) => leaves(child, `${path} ${child.name()}`));
  return `# Reference tables

Made from the code by \`node scripts/reference.mjs\`; a test makes them again and compares. The same is printed by \`wetgrad recording formats\` and by
\`--help\` of every command.

## Commands

${table(["command", "what it does"], leaves(program.createProgram(), "wetgrad"))}

## Methods

Ways to teach (\`--method\`), by what access to the tissue they take ([methods](methods.md)).

${table(
  ["method", "access", "takes", "read by", "plasticity in training"],
  all.map((method) => [
    code(method.name),
    method.access,
    needed(method.needs),
    method.isReadByCounts ? "electrode counts (assigned code), else the bridge" : "the bridge",
    method.plasticity,
  ]),
)}

## Arms

Conditions of an experiment (\`--arms\`), in the order in which they run. Descent is what is claimed; for the others the group says what they stand for.

${table(
  ["method", "arm", "what is done", "stands for", "takes"],
  arms.map(([method, arm, meaning, group, takes]) => [
    method,
    arm,
    meaning,
    arm === "`descent`" ? "–" : group,
    takes,
  ]),
)}

## Baselines and other players

What stands beside the arms: controls of the reading, forecasters and players without tissue, readouts, and trained brains without their part in it.

${table(
  ["name", "what it is", "stands for"],
  beside.map(([name, { label, meaning }]) => [label, meaning, names.GROUP_LABELS[names.groupOf(name)]]),
)}

## Tasks

${table(
  ["task", "kind", "brains at least", "what it is"],
  tasks
    .describedTasks()
    .map(({ name, kind, leastBrains = 1, meaning }) => [code(name), kind, leastBrains, meaning]),
)}

Series that are built in (\`--series\`): ${series.taskNames.map(code).join(", ")}.

## Plasticity rules

By which synapses of a simulated culture learn (\`--rule\`; [plasticity](plasticity.md)).

${table(
  ["rule", "what it is", "source"],
  plasticity.RULES.map((name) => {
    const { summary, sources } = plasticity.rules[name];
    return [code(name), summary, sources.map((source) => `<${source}>`).join(" ")];
  }),
)}

## Formats of recordings

What is read of each ([recordings](recordings.md)).

${table(
  ["format", "files", "holds", "compared with", "read"],
  formats.FORMATS.map(({ name, files, kind, compared = "–", read }) => [name, files, kind, compared, read]),
)}

## Rules of the safety gate

By which it refuses a pulse ([safety](safety.md)); each refusal says what was measured against which limit.

${table(
  ["rule", "expects", "measured in"],
  Object.entries(rules.RULES).map(([rule, { expects, unit }]) => [code(rule), expects, unit || "–"]),
)}

## Exit codes

${table(["code", "says"], Object.entries(errors.EXIT_CODES))}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const loaded = await Promise.all(
    Object.entries(MODULES).map(async ([name, path]) => [
      name,
      await import(new URL(`../dist/src/${path}.js`, import.meta.url).href),
    ]),
  );
  const out = fileURLToPath(new URL("../docs/reference.md", import.meta.url));
  writeFileSync(out, referencePage(Object.fromEntries(loaded)));
}
