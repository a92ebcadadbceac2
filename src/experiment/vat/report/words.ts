/** What a vat's report says in words: its arms, its numbers, and its verdict. */
import { mean } from "../../../math/statistics.ts";
import { fixed, percent, withInterval } from "../../../report/format.ts";
import { ARM_NAMES } from "../../../report/names.ts";
import { type Comparison, METRICS, type Metric, type Scores, type VatReport } from "./report.ts";

const OURS: Readonly<Record<string, { label: string; meaning: string }>> = {
  descent: { label: "descent", meaning: "one gradient on the joint emulator, one write for each brain" },
  unconnected: {
    label: "unconnected twin",
    meaning: "the same brains and seeds, each foretold from itself alone; nothing goes from one to another",
  },
  yoked: { label: "yoked", meaning: "descent's own writes, replayed in another order" },
  feedback: {
    label: "published feedback",
    meaning: "100 Hz on all sites after a hit, 4 s of random pulses and 4 s of rest after a miss; no writes",
  },
  sham: { label: "silent", meaning: "the data alone, no writes" },
  dqn: { label: "DQN", meaning: "a small deep Q network with as many samples of the game" },
  ppo: { label: "PPO", meaning: "proximal policy optimisation with as many samples of the game" },
};

export function armLabel(name: string): string {
  return (OURS[name] ?? ARM_NAMES[name])?.label ?? name;
}

export function armMeaning(name: string): string {
  return (OURS[name] ?? ARM_NAMES[name])?.meaning ?? "";
}

export function show(metric: Metric, value: number): string {
  return METRICS[metric].percent ? percent(value) : fixed(value, metric === "hitsPerRally" ? 2 : 4);
}

export function cell(scores: Scores, metric: Metric): string {
  const value = scores[metric];
  return value ? withInterval(value, (x) => show(metric, x)) : "–";
}

/** Of each main metric: what descent beats with intervals apart, and what it does not, by how much; and its emulator. */
export function verdictLines(report: VatReport): string[] {
  const { comparisons, mainMetrics, config, arms } = report;
  const verdicts = mainMetrics.flatMap((metric) => {
    const own = comparisons.filter((comparison) => comparison.metric === metric);
    if (own.length === 0 || !arms.descent) return [];
    const beaten = own.filter((c) => c.beaten).map((c) => armLabel(c.against));
    const rest = own.filter((c) => !c.beaten).map((c) => `${armLabel(c.against)} (${by(c)})`);
    const head = `${METRICS[metric].label}, ${config.brains} brains: ${cell(arms.descent.after, metric)}`;
    return [
      `${head}; above ${beaten.join(", ") || "nothing"} with intervals apart`,
      ...(rest.length > 0 ? [`not told apart from, or below: ${rest.join(", ")}`] : []),
    ];
  });
  return [...verdicts, ...emulatorLine(report)];
}

/** Whether the emulator knew what it wrote: of the last quarter of the training. */
function emulatorLine({ descent, task }: VatReport): string[] {
  if (!descent || descent.overlap.length === 0) return [];
  const late = (values: readonly number[]) => mean(values.slice(Math.floor((3 * values.length) / 4)));
  const nats = fixed(late(descent.crossEntropy), 2);
  const nothing = fixed(Math.log(task.classes), 2);
  return [
    `joint emulator, last quarter of the training: ${nats} nats where knowing nothing costs ${nothing}; ${percent(late(descent.overlap))} % of the electrodes that it wrote to were the right class's`,
  ];
}

/** The difference of the same seeds, with its interval where there are several. */
function by({ metric, difference, ci95: [low, high] }: Comparison): string {
  const unit = METRICS[metric].percent ? " points" : "";
  const interval = low < high ? ` [${show(metric, low)}, ${show(metric, high)}]` : "";
  return `by ${difference >= 0 ? "+" : ""}${show(metric, difference)}${unit}${interval}`;
}
