/** A vat's report in words for anyone: what was done, and what came of it. Nothing is judged here. */
import { percent } from "../format.ts";
import type { VatReport } from "../schema.ts";
import type { Story } from "../series/story.ts";
import { METRICS, type Metric } from "./metrics.ts";
import { show } from "./words.ts";

export function vatStory(report: VatReport): Story {
  const { vat, verdict, task } = report;
  const who = vat.brains === 1 ? "one culture" : `${vat.brains} cultures`;
  const untaught = vat.arms["sham"]?.after;
  const [metric] = vat.mainMetrics;
  const ours = vat.arms["descent"]?.after[metric]?.mean;
  const before = (untaught ?? vat.arms["descent"]?.before)?.[metric]?.mean;
  const beside =
    before === undefined ? "" : `; ${untaught ? "untaught" : "before"} ${amount(metric, before)}`;
  const headline =
    ours === undefined
      ? `${task.name}: ${who}.`
      : `Taught ${vat.brains === 1 ? "" : "together "}by stimulation, ${who} ${verb(metric, vat.brains)} ${amount(metric, ours)}${beside}.`;
  const times =
    verdict.seeds === 1 ? "once, so that nothing is claimed" : `${verdict.seeds} times, with other cultures`;
  const story = `${capitalised(who)} of ${vat.neurons.toLocaleString("en")} neurons ${vat.brains === 1 ? "was" : "were"} given ${task.name} through electrodes on one side and written to on the other, by what ${vat.brains === 1 ? "a model of it" : "one model of them all"}, improved by gradient descent, had chosen. Then nothing was written any more, and their own spikes were read as the answer. It was done ${times}.`;
  return { headline, story };
}

function verb(metric: Metric, brains: number): string {
  if (METRICS[metric].percent) return brains === 1 ? "is right" : "are right";
  return brains === 1 ? "reaches" : "reach";
}

function amount(metric: Metric, value: number): string {
  return METRICS[metric].percent
    ? `${percent(value, 0)} % of the time`
    : `${show(metric, value)} ${METRICS[metric].label}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
