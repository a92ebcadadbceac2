/** `wetgrad culture rules`: the plasticity rules, each in the numbers that are measured in cultures and slices. */
import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Command, Option } from "commander";
import { maturations } from "../../culture/presets.ts";
import type { RuleMeasures } from "../../culture/rules/measured/measure.ts";
import { DEFAULT_RULE, RULES, type RuleName, rules, underRule } from "../../culture/rules/rules.ts";
import { type RuleColumn, rulesTable } from "../../report/compare/rules.ts";
import { comparisonTable } from "../../report/compare/table.ts";
import { writableFolder } from "../manners/folder.ts";
import { print, printJson, stdoutPaint } from "../manners/output.ts";
import { nameOf } from "../options/names.ts";
import { words } from "../options/schema.ts";
import { type CultureOptions, culturesOf, withGrowthOptions } from "./options.ts";

const COLUMNS: readonly Omit<RuleColumn, "published">[] = [
  {
    key: "at10",
    short: "+10 ms",
    label: "change by 60 pairings, one a second, as a share of the weight",
    digits: 2,
  },
  { key: "before10", short: "-10 ms", label: "the same, the spike behind the synapse first", digits: 2 },
  { key: "potentiationMs", short: "LTP ms", label: "time over which potentiation falls by e", digits: 0 },
  { key: "depressionMs", short: "LTD ms", label: "the same of depression", digits: 0 },
  { key: "depressionOverPotentiation", short: "LTD/LTP", label: "areas under the pairing curve", digits: 2 },
  {
    key: "potentiationExponent",
    short: "LTP exp.",
    label: "x where potentiation of a weight w goes as w^x",
    digits: 2,
  },
  { key: "depressionExponent", short: "LTD exp.", label: "the same of depression", digits: 2 },
  {
    key: "changeAt40Hz",
    short: "40/s",
    label: "change by 60 pairings 10 ms apart, 40 a second",
    digits: 2,
  },
  { key: "neighbour", short: "other input", label: "change of an input that took no part", digits: 2 },
  {
    key: "silentShare",
    short: "silent",
    label: "share of synapses below 1 % of the maximum, after living",
    digits: 2,
  },
  {
    key: "logDeviation",
    short: "SD log w",
    label: "deviation of the logarithms of the other weights",
    digits: 2,
  },
  {
    key: "logSkewness",
    short: "skew",
    label: "skewness of these logarithms: 0 where weights are log-normal",
    digits: 1,
  },
];

interface RulesOptions extends CultureOptions {
  readonly out?: string;
}

export function rulesCommand(): Command {
  return withGrowthOptions(
    new Command("rules"),
    new Option("--rule <a,b,...>", "which rules").default(RULES.join(",")),
  )
    .description("the rules by which synapses may learn, in the numbers that are measured in tissue")
    .argument("[recording...]", "files of real cultures, for the range of real activity")
    .option("--div <days>", "age in days in vitro of the cultures that live under a rule", "21")
    .option("--seconds <n>", "simulated time to live for", "300")
    .option("--out <file>", "also write a page with figures (.html)")
    .option("--json", "print the numbers as JSON")
    .addHelpText(
      "after",
      `\nExample:\n  $ wetgrad culture rules recordings/*.h5 --rule ${DEFAULT_RULE},triplet\n`,
    )
    .action(listRules);
}

async function listRules(paths: string[], options: RulesOptions): Promise<void> {
  if (options.out) writableFolder(dirname(options.out), "--out");
  const names = words(options.rule).map((word) => nameOf(word, "--rule", RULES));
  const cultures = names.flatMap((rule) => culturesOf({ ...options, rule }));
  const [{ simulatedLife }, { listen }, { measureRule }, { PUBLISHED, PUBLISHED_CURVE }] = await Promise.all([
    import("./activity.ts"),
    import("./listen.ts"),
    import("../../culture/rules/measured/measure.ts"),
    import("../../culture/rules/measured/published.ts"),
  ]);
  const measured: Partial<Record<RuleName, RuleMeasures>> = {};
  const { simulated: found, real } = await listen({
    paths,
    cultures,
    live: async (culture, signal) => {
      const { rule, preset } = culture;
      const measures = (measured[rule] ??= measureRule(underRule(maturations[preset].parameters, rule)));
      const { activity, weights } = await simulatedLife(culture, signal);
      return { rule, ...rules[rule], measures, activity, weights: weights() };
    },
    messageOf: ({ rule }) => rule,
  });
  const heads = COLUMNS.map((column) => ({
    ...column,
    published: PUBLISHED.find(({ measure }) => measure === column.key) ?? null,
  }));
  const rows = found.map(({ rule, summary, measures, weights }) => ({
    rule,
    summary,
    curve: measures.curve,
    numbers: { ...numbersOf(measures), ...weights },
  }));
  const comparison = { simulated: found.map(({ activity }) => activity), real };
  if (options.out) {
    const { renderRules } = await import("../../report/compare/rules-page.ts");
    const lags = Array.from({ length: 80 }, (_, k) => 2 * k - 79);
    const curve = lags.map((lagMs) => [lagMs, PUBLISHED_CURVE.at(lagMs)] as const);
    const tissue = { curve, source: PUBLISHED_CURVE.source };
    writeFileSync(options.out, renderRules({ rows, columns: heads, tissue, comparison }));
  }
  if (options.json) return printJson({ rules: found, published: PUBLISHED, real });
  print(
    `${rulesTable(rows, heads, stdoutPaint())}\n\n${comparisonTable(comparison, stdoutPaint())}${options.out ? `\n\npage: ${options.out}` : ""}`,
  );
}

function numbersOf({ curve, ...numbers }: RuleMeasures): Record<string, number | null> {
  const at = (lag: number) => curve.find(([lagMs]) => lagMs === lag)?.[1] ?? null;
  return { ...numbers, at10: at(10), before10: at(-10) };
}
