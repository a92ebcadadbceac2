/** The sections of a vat's page. */

import { labelOf, meaningOf } from "../names.ts";
import { bullets, demonstrationLine, figure, NARROW, section, twoWidths, WIDE } from "../page/markup.ts";
import { colourClass, DASHES } from "../page/style.ts";
import { synapsesSection } from "../page/synapses.ts";
import { dotPlot } from "../plot/dots.ts";
import { FOREST_CAPTION, forestPlot } from "../plot/forest.ts";
import { heatMap } from "../plot/heatmap.ts";
import { linePlot } from "../plot/lines.ts";
import { escapeText } from "../plot/svg.ts";
import type { Scores } from "../schema/vat.ts";
import type { VatReport } from "../schema.ts";
import { checks } from "../verdict/checks.ts";
import { methodLine } from "../verdict/margins.ts";
import { differencesTable } from "../verdict/table.ts";
import { capital } from "../verdict/words.ts";
import { filmSection } from "./film.ts";
import { gameSection } from "./game.ts";
import { METRICS, type Metric } from "./metrics.ts";
import { questionSection } from "./questions.ts";
import { vatStory } from "./story.ts";
import { cell, claimHead, emulatorLine, heldOf, show } from "./words.ts";

export function vatHeader(report: VatReport): string {
  const { task, vat, verdict } = report;
  const [first, ...others] = verdict.claims;
  const { headline, story } = vatStory(report);
  const verdictHead = first
    ? `<h2>${escapeText(capital(claimHead(report, first)))}</h2>${checks(first)}`
    : "";
  const rest = others.map(
    (claim) =>
      `<p class="lede" style="margin-top:28px">${escapeText(capital(claimHead(report, claim)))}</p>${checks(claim)}`,
  );
  return [
    `<header><p class="kicker">wetgrad vat · ${escapeText(task.name)} · ${vat.brains} brains of ${vat.neurons} neurons · ${verdict.seeds} seed${verdict.seeds === 1 ? "" : "s"}</p>`,
    `<h1>${escapeText(headline)}</h1><p class="lede">${escapeText(story)}</p>${demonstrationLine(report)}${curves(report)}`,
    `<div class="verdict">${verdictHead}${rest.join("")}${bullets(emulatorLine(report), "caveats")}</div></header>`,
  ].join("\n");
}

export function vatSections(report: VatReport): string {
  return [
    forests(report),
    table(report),
    questionSection(report),
    synapsesSection("synapses", heldOf(report)),
    filmSection(report),
    gameSection(report),
    oneMind(report),
    carries(report),
  ].join("\n");
}

function forests({ verdict }: VatReport): string {
  const figures = verdict.claims
    .filter(({ rivals }) => rivals.length > 0)
    .map((claim) => {
      const drawing = twoWidths((width) => forestPlot(claim, "descent", width), 560, 400);
      return `<div class="pair">${figure(drawing, `<b>${METRICS[claim.metric as Metric].label}.</b> ${FOREST_CAPTION}`)}${differencesTable(claim)}</div>`;
    });
  return section(
    "differences",
    "Beside everything else, seed by seed",
    methodLine(verdict),
    figures.join(""),
  );
}

function table(report: VatReport): string {
  const { vat, game } = report;
  const { descent } = vat.arms;
  const known = Object.keys(METRICS) as Metric[];
  const shown = [...new Set([...vat.mainMetrics, ...known])].filter((metric) =>
    Object.values(vat.arms).some(({ after }) => after[metric]),
  );
  const heads = shown.map((metric) => `<th scope="col">${METRICS[metric].label}</th>`).join("");
  const row = (label: string, why: string, scores: Scores, own = false) =>
    `<tr${own ? ' class="ours"' : ""}><th scope="row" title="${escapeText(why)}">${escapeText(label)}</th>${shown
      .map((metric) => `<td>${escapeText(cell(scores, metric))}</td>`)
      .join("")}</tr>`;
  const rows = Object.entries(vat.arms).map(([name, { after }]) =>
    row(labelOf(name, report), meaningOf(name, report), after, name === "descent"),
  );
  if (descent) rows.push(row("before training", "the same brains after babbling", descent.before));
  for (const [name, scores] of Object.entries(game?.opponents ?? {}))
    rows.push(row(labelOf(name, report), meaningOf(name, report), scores));
  const body = `<div class="scroll"><table><thead><tr><th></th>${heads}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
  const meanings = bullets(
    Object.keys(vat.arms).map((name) => `${labelOf(name, report)}: ${meaningOf(name, report)}`),
    "caveats",
  );
  return section(
    "scores",
    "After training",
    "Held-out probes without writes; chance is in the figures.",
    body + dots(report) + meanings,
  );
}

export function dots(report: VatReport): string {
  const { vat, game } = report;
  return vat.mainMetrics
    .map((metric) => {
      const rivals = Object.entries(game?.opponents ?? {}).map(([name, after]) => [name, { after }] as const);
      const rows = [...Object.entries(vat.arms), ...rivals].flatMap(([name, { after }]) => {
        const value = after[metric];
        return value
          ? [
              {
                label: labelOf(name, report),
                class: colourClass(name),
                mean: value.mean,
                perSeed: value.perSeed,
                ci95: [value.ci95[0], value.ci95[1]] as [number, number],
                title: `${labelOf(name, report)}: ${cell(after, metric)}`,
              },
            ]
          : [];
      });
      const all = rows.flatMap(({ perSeed, ci95 }) => [...perSeed, ...ci95]);
      if (all.length === 0) return "";
      const [low, high] = [Math.min(0, ...all), Math.max(...all)];
      const draw = (width: number) =>
        dotPlot({
          title: METRICS[metric].label,
          description: `${METRICS[metric].label} of every arm after training.`,
          width,
          labelWidth: 150,
          xLabel: METRICS[metric].label,
          groups: [{ heading: "", rows }],
          xDomain: [low, high > low ? high : low + 1],
          xFormat: (value) => show(metric, value),
        });
      return figure(
        twoWidths(draw, WIDE, NARROW),
        `<b>${METRICS[metric].label}.</b> Dots: means; bars: 95 % intervals; ticks: seeds.`,
      );
    })
    .join("");
}

export function curves(report: VatReport): string {
  const { arms, mainMetrics, presentations } = report.vat;
  const metric = mainMetrics[0];
  const lines = Object.entries(arms).map(([name, { curve }]) => ({
    label: labelOf(name, report),
    class: colourClass(name),
    x: curve.map((_, cycle) => cycle * presentations),
    ...(DASHES[name] ? { dash: DASHES[name] } : {}),
    mean: curve.map(({ mean }) => mean),
    lo: curve.map(({ ci95 }) => ci95[0]),
    hi: curve.map(({ ci95 }) => ci95[1]),
  }));
  const draw = (width: number) =>
    linePlot({
      title: "Learning",
      description: `${METRICS[metric].label} over presentations`,
      width,
      height: 360,
      xLabel: "presentations of training (100 ms each)",
      yLabel: METRICS[metric].label,
      yFormat: (value) => show(metric, value),
      lines,
    });
  return section(
    "learning",
    "Learning",
    "",
    figure(twoWidths(draw, WIDE, NARROW), "<b>Probes after each cycle.</b> The first is before training."),
  );
}

export function oneMind(report: VatReport): string {
  const { arms, brains } = report.vat;
  const lines = (["descent", "unconnected", "sham"] as const).flatMap((name) => {
    const curve = arms[name]?.ablation;
    return curve
      ? [
          {
            label: labelOf(name, report),
            class: colourClass(name),
            x: curve.map((point) => point.brains),
            mean: curve.map(({ accuracy }) => accuracy.mean),
            lo: curve.map(({ accuracy }) => accuracy.ci95[0]),
            hi: curve.map(({ accuracy }) => accuracy.ci95[1]),
          },
        ]
      : [];
  });
  if (lines.length === 0 || brains < 2) return "";
  const draw = (width: number) =>
    linePlot({
      title: "Brains removed",
      description: "Accuracy of the vat's decision by the number of brains left.",
      width,
      height: 340,
      xLabel: "brains that decide",
      yLabel: "right decisions, %",
      lines,
      yFormat: (value) => show("joint", value),
      references: [{ label: "chance", y: report.task.chance }],
    });
  return section(
    "one-mind",
    "One mind or many?",
    "The vat decides by the product of what its brains say; brains are removed at random.",
    figure(
      twoWidths(draw, WIDE, NARROW),
      "<b>Ablation.</b> To the right all brains decide, to the left one alone; the mean over random choices of brains.",
    ),
  );
}

export function carries({ vat: { carries: found } }: VatReport): string {
  if (!found || found.accuracy.length < 2) return "";
  const mean = found.accuracy.reduce((sum, value) => sum + value, 0) / found.accuracy.length;
  const draw = (width: number) =>
    heatMap({
      title: "Which brains carry what",
      description: "For each brain: its accuracy against the mean of all, and what the vat loses without it.",
      width,
      values: [found.accuracy.map((value) => value - mean), [...found.loss]],
      rowLabel: "",
      columnLabel: "brain",
      firstColumn: 1,
      scaleLabel: "share of right answers",
    });
  return section(
    "carries",
    "Which brains carry what",
    "",
    figure(
      twoWidths(draw, WIDE, NARROW),
      "<b>First seed.</b> Upper row: a brain's own accuracy less the mean brain's. Lower row: what the vat loses when that brain is left out.",
    ),
  );
}
