/** What a vat's report says in words: its numbers, and its verdict. */
import { mean } from "../../math/statistics.ts";
import { fixed, percent, withInterval } from "../format.ts";
import { labelOf } from "../names.ts";
import type { Scores } from "../schema/vat.ts";
import type { Rival } from "../schema/verdict.ts";
import type { VatReport } from "../schema.ts";
import { rivalsOf } from "../verdict/claim.ts";
import { METRICS, type Metric } from "./metrics.ts";

export function show(metric: Metric, value: number): string {
  return METRICS[metric].percent ? percent(value) : fixed(value, metric === "hitsPerRally" ? 2 : 4);
}

export function cell(scores: Scores, metric: Metric): string {
  const value = scores[metric];
  return value ? withInterval(value, (x) => show(metric, x)) : "–";
}

/** Of each main metric: what descent beats, what overlaps it or is better, by how much; and its emulator. */
export function verdictLines(report: VatReport): string[] {
  const { verdict, vat } = report;
  const verdicts = verdict.claims.flatMap((claim) => {
    const metric = claim.metric as Metric;
    const value = withInterval(claim.ours, (x) => show(metric, x));
    const head = `${METRICS[metric].label}, ${vat.brains} brains: ${value}`;
    const differences = (rivals: readonly Rival[]) =>
      rivals.map((rival) => `${nameOf(rival)} (${by(metric, rival)})`).join(", ");
    if (verdict.seeds < 2)
      return [
        `${head}; one seed has no interval, so nothing is claimed`,
        `beside it: ${differences(rivalsOf(claim))}`,
      ];
    return [
      `${head}; above ${claim.beaten.map(nameOf).join(", ") || "nothing"} with intervals apart`,
      ...listed("overlapping intervals", differences(claim.overlapping)),
      ...listed("better, with intervals apart", differences(claim.better)),
    ];
  });
  return [...verdicts, ...emulatorLine(report)];
}

const listed = (what: string, names: string) => (names ? [`${what}: ${names}`] : []);

function nameOf({ name }: Rival): string {
  if (name === "before") return "before training";
  return name in METRICS ? METRICS[name as Metric].label : labelOf(name);
}

/** Whether the emulator knew what it wrote: of the last quarter of the training. */
function emulatorLine({ vat: { descent }, task }: VatReport): string[] {
  if (!descent || descent.overlap.length === 0) return [];
  const late = (values: readonly number[]) => mean(values.slice(Math.floor((3 * values.length) / 4)));
  const nats = fixed(late(descent.crossEntropy), 2);
  const nothing = fixed(Math.log(task.classes), 2);
  return [
    `joint emulator, last quarter of the training: ${nats} nats where knowing nothing costs ${nothing}; ${percent(late(descent.overlap))} % of the electrodes that it wrote to were the right class's`,
  ];
}

/** The difference of the same seeds, with its interval where there are several. */
function by(
  metric: Metric,
  {
    difference: {
      mean: centre,
      ci95: [low, high],
    },
  }: Rival,
): string {
  const unit = METRICS[metric].percent ? " points" : "";
  const interval = low < high ? ` [${show(metric, low)}, ${show(metric, high)}]` : "";
  return `by ${centre >= 0 ? "+" : ""}${show(metric, centre)}${unit}${interval}`;
}
