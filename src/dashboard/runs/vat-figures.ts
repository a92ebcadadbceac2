/** A vat's report as figures for the page: drawn as in its report.html, with their data. */

import { labelOf } from "../../report/names.ts";
import type { VatReport } from "../../report/schema.ts";
import { METRICS } from "../../report/vat/metrics.ts";
import { carries, curves, dots, oneMind } from "../../report/vat/page.ts";
import type { MessageOf } from "../protocol.ts";

type Drawn = MessageOf<"drawn">["figures"][number];

export function vatFigures(report: VatReport): Drawn[] {
  return [...scores(report), ...learning(report), ...minds(report), ...carrying(report)];
}

/** Of figures that are drawn at two widths the wide one. */
export const drawingsIn = (html: string): string[] =>
  [...html.matchAll(/<div class="wide">(<svg[\s\S]*?<\/svg>)/g)].map(([, svg]) => svg);

function scores(report: VatReport): Drawn[] {
  const metrics = report.vat.mainMetrics.filter((metric) =>
    Object.values(report.vat.arms).some(({ after }) => after[metric]),
  );
  return drawingsIn(dots(report)).map((svg, i) => {
    const metric = metrics[i];
    return {
      name: `vat-${metric}`,
      title: sentence(METRICS[metric].label),
      svg,
      caption:
        "After training, by arm. Dots: means over seeds; bars: 95 % intervals; faint ticks: single seeds.",
      rows: [
        ["arm", METRICS[metric].label, "95 % low", "95 % high", "seeds"],
        ...Object.entries(report.vat.arms).flatMap(([arm, { after }]) => {
          const value = after[metric];
          return value ? [[labelOf(arm, report), value.mean, ...value.ci95, value.perSeed.length]] : [];
        }),
      ],
    };
  });
}

function learning(report: VatReport): Drawn[] {
  const label = METRICS[report.vat.mainMetrics[0]].label;
  return drawingsIn(curves(report)).map((svg) => ({
    name: "vat-learning",
    title: "Learning",
    svg,
    caption: `Probes after each cycle: ${label}; bands: 95 % intervals over seeds.`,
    rows: [
      ["arm", "presentations", label, "95 % low", "95 % high"],
      ...Object.entries(report.vat.arms).flatMap(([arm, { curve }]) =>
        curve.map(({ mean, ci95 }, cycle) => [
          labelOf(arm, report),
          cycle * report.vat.presentations,
          mean,
          ...ci95,
        ]),
      ),
    ],
  }));
}

function minds(report: VatReport): Drawn[] {
  return drawingsIn(oneMind(report)).map((svg) => ({
    name: "vat-ablation",
    title: "One mind or many?",
    svg,
    caption:
      "Right decisions of the vat by the number of brains that take part; others are left out at random.",
    rows: [
      ["arm", "brains that decide", "right", "95 % low", "95 % high"],
      ...Object.entries(report.vat.arms).flatMap(([arm, { ablation }]) =>
        ablation.map(({ brains, accuracy }) => [
          labelOf(arm, report),
          brains,
          accuracy.mean,
          ...accuracy.ci95,
        ]),
      ),
    ],
  }));
}

function carrying(report: VatReport): Drawn[] {
  return drawingsIn(carries(report)).map((svg) => ({
    name: "vat-carries",
    title: "Which brains carry what",
    svg,
    caption:
      "First seed. Upper row: a brain's own right answers less the mean brain's; lower row: what the vat loses without it.",
    rows: [
      ["brain", "right", "lost without it"],
      ...(report.vat.carries?.accuracy ?? []).map((right, brain) => [
        brain + 1,
        right,
        report.vat.carries?.loss[brain] ?? null,
      ]),
    ],
  }));
}

const sentence = (text: string) => text[0].toUpperCase() + text.slice(1);
