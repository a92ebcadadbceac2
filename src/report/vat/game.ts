/** Of a game: the first quarter of the training game beside the rest of it, for every arm. */
import { withInterval } from "../format.ts";
import { labelOf } from "../names.ts";
import { figure, NARROW, section, twoWidths, WIDE } from "../page/markup.ts";
import { colourClass } from "../page/style.ts";
import { dotPlot } from "../plot/dots.ts";
import type { VatReport } from "../schema.ts";
import { METRICS } from "./metrics.ts";
import { show } from "./words.ts";

export function gameSection(report: VatReport): string {
  const { vat, game } = report;
  const [metric] = vat.mainMetrics;
  const { label: counted } = METRICS[metric];
  const shown = (value: number) => show(metric, value);
  const groups = Object.entries(game?.training ?? {}).map(([name, training]) => {
    const rows = (["first", "rest"] as const).map((part) => {
      const { mean, ci95, perSeed } = training[part];
      const label = part === "first" ? "first quarter" : "the rest";
      return {
        label,
        class: colourClass(name),
        mean,
        perSeed,
        ci95: [ci95[0], ci95[1]] as [number, number],
        title: `${labelOf(name, report)}, ${label}: ${withInterval(training[part], shown)}`,
      };
    });
    return { heading: labelOf(name, report), rows };
  });
  if (groups.length === 0) return "";
  const all = groups.flatMap(({ rows }) => rows.flatMap(({ perSeed, ci95 }) => [...perSeed, ...ci95]));
  const draw = (width: number) =>
    dotPlot({
      title: "The game while training",
      description: `${counted.charAt(0).toUpperCase()}${counted.slice(1)} in the first quarter of training and in the rest, of every arm.`,
      width,
      labelWidth: 150,
      xLabel: counted,
      xFormat: shown,
      groups,
      xDomain: [0, Math.max(1, ...all)],
    });
  const cycles = Math.max(...Object.values(vat.arms).map(({ curve }) => curve.length - 1));
  const presentations = cycles * vat.presentations;
  return section(
    "game",
    "The game while training",
    "Writes play along in training, and a task may explore (see the notes): see the probes for what a vat plays by itself.",
    figure(
      twoWidths(draw, WIDE, NARROW),
      `<b>First quarter (${Math.floor(presentations / 4)} presentations) and the rest.</b> Dots: means; bars: 95 % intervals; ticks: seeds.`,
    ),
  );
}
