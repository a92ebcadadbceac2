/** A vat's report as one self-contained page. */
import { duration, fixed } from "../../../report/format.ts";
import { page } from "../../../report/html.ts";
import { bullets, facts, figure, section } from "../../../report/page/markup.ts";
import { colourClass, DASHES } from "../../../report/page/style.ts";
import { dotPlot } from "../../../report/plot/dots.ts";
import { heatMap } from "../../../report/plot/heatmap.ts";
import { linePlot } from "../../../report/plot/lines.ts";
import { escapeText } from "../../../report/plot/svg.ts";
import { game } from "./game.ts";
import { questionSection } from "./questions.ts";
import { METRICS, type Metric, type Scores, type VatReport } from "./report.ts";
import { armLabel, armMeaning, cell, show, verdictLines } from "./words.ts";

export function renderVat(report: VatReport): string {
  const { config, task } = report;
  const [headline, ...rest] = verdictLines(report);
  return page(
    `${task.name}: wetgrad vat`,
    [
      `<header><p class="kicker">wetgrad vat · ${escapeText(task.name)} · ${config.brains} brains of ${config.neurons} neurons · ${config.seeds} seeds</p>`,
      `<h1>${escapeText(headline ?? `${task.name}: ${config.brains} brains`)}</h1>${bullets(rest, "caveats")}</header>`,
      table(report),
      questionSection(report.questions ?? []),
      curves(report),
      game(report),
      oneMind(report),
      carries(report),
      section(
        "notes",
        "What to keep in mind",
        "",
        report.notes.map((note) => `<p>${escapeText(note)}</p>`).join(""),
      ),
      section(
        "run",
        "The run",
        "",
        facts([
          ["task", `${task.name}: ${task.source}`],
          ["wall time", duration(report.timing.wallSeconds)],
          ["peak memory", `${fixed(report.timing.peakMemoryMb, 0)} MB`],
          ["version", `wetgrad ${report.wetgradVersion}`],
          ...Object.entries(config).map(([key, value]): [string, string] => [key, JSON.stringify(value)]),
        ]),
      ),
      "<footer>Intervals are 95 % bootstrap intervals over seeds, widened for few of them. Probes are held out and never written to.</footer>",
    ].join("\n"),
  );
}

function table(report: VatReport): string {
  const shown = (Object.keys(METRICS) as Metric[]).filter((metric) =>
    Object.values(report.arms).some(({ after }) => after[metric]),
  );
  const heads = shown.map((metric) => `<th scope="col">${METRICS[metric].label}</th>`).join("");
  const row = (label: string, why: string, scores: Scores, own = false) =>
    `<tr${own ? ' class="ours"' : ""}><th scope="row" title="${escapeText(why)}">${escapeText(label)}</th>${shown
      .map((metric) => `<td>${escapeText(cell(scores, metric))}</td>`)
      .join("")}</tr>`;
  const rows = Object.entries(report.arms).map(([name, { after }]) =>
    row(armLabel(name), armMeaning(name), after, name === "descent"),
  );
  if (report.arms.descent)
    rows.push(row("before training", "the same brains after babbling", report.arms.descent.before));
  for (const [name, scores] of Object.entries(report.opponents))
    rows.push(row(armLabel(name), armMeaning(name), scores));
  const body = `<div class="scroll"><table><thead><tr><th></th>${heads}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
  const meanings = bullets(
    Object.keys(report.arms).map((name) => `${armLabel(name)}: ${armMeaning(name)}`),
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
  return report.mainMetrics
    .map((metric) => {
      const rivals = Object.entries(report.opponents).map(([name, after]) => [name, { after }] as const);
      const rows = [...Object.entries(report.arms), ...rivals].flatMap(([name, { after }]) => {
        const value = after[metric];
        return value
          ? [
              {
                label: armLabel(name),
                class: colourClass(name),
                mean: value.mean,
                perSeed: value.perSeed,
                ci95: [value.ci95[0], value.ci95[1]] as [number, number],
                title: `${armLabel(name)}: ${cell(after, metric)}`,
              },
            ]
          : [];
      });
      const all = rows.flatMap(({ perSeed, ci95 }) => [...perSeed, ...ci95]);
      if (all.length === 0) return "";
      const [low, high] = [Math.min(0, ...all), Math.max(...all)];
      const plot = dotPlot({
        title: METRICS[metric].label,
        description: `${METRICS[metric].label} of every arm after training.`,
        width: 760,
        labelWidth: 150,
        xLabel: METRICS[metric].label,
        groups: [{ heading: "", rows }],
        xDomain: [low, high > low ? high : low + 1],
        xFormat: (value) => show(metric, value),
      });
      return figure(
        plot,
        `<b>${METRICS[metric].label}.</b> Dots: means; bars: 95 % intervals; ticks: seeds.`,
      );
    })
    .join("");
}

export function curves({ arms, mainMetrics, config }: VatReport): string {
  const metric = mainMetrics[0];
  const x = Array.from({ length: config.cycles + 1 }, (_, cycle) => cycle * config.presentations);
  const lines = Object.entries(arms).map(([name, { curve }]) => ({
    label: armLabel(name),
    class: colourClass(name),
    x,
    ...(DASHES[name] ? { dash: DASHES[name] } : {}),
    mean: curve.map(({ mean }) => mean),
    lo: curve.map(({ ci95 }) => ci95[0]),
    hi: curve.map(({ ci95 }) => ci95[1]),
  }));
  const plot = linePlot({
    title: "Learning",
    description: `${METRICS[metric].label} over training steps`,
    width: 760,
    height: 360,
    xLabel: "training steps (100 ms each)",
    yLabel: METRICS[metric].label,
    yFormat: (value) => show(metric, value),
    lines,
  });
  return section(
    "learning",
    "Learning",
    "",
    figure(plot, "<b>Probes after each cycle.</b> The first is before training."),
  );
}

export function oneMind({ arms, task, config }: VatReport): string {
  const lines = (["descent", "unconnected", "sham"] as const).flatMap((name) => {
    const curve = arms[name]?.ablation;
    return curve
      ? [
          {
            label: armLabel(name),
            class: colourClass(name),
            x: curve.map(({ brains }) => brains),
            mean: curve.map(({ accuracy }) => accuracy.mean),
            lo: curve.map(({ accuracy }) => accuracy.ci95[0]),
            hi: curve.map(({ accuracy }) => accuracy.ci95[1]),
          },
        ]
      : [];
  });
  if (lines.length === 0 || config.brains < 2) return "";
  const plot = linePlot({
    title: "Brains removed",
    description: "Accuracy of the vat's decision by the number of brains left.",
    width: 760,
    height: 340,
    xLabel: "brains that decide",
    yLabel: "right decisions, %",
    lines,
    yFormat: (value) => show("joint", value),
    references: [{ label: "chance", y: task.chance }],
  });
  return section(
    "one-mind",
    "One mind or many?",
    "The vat decides by the product of what its brains say; brains are removed at random.",
    figure(
      plot,
      "<b>Ablation.</b> To the right all brains decide, to the left one alone; the mean over random choices of brains.",
    ),
  );
}

export function carries({ carries: found }: VatReport): string {
  if (!found || found.accuracy.length < 2) return "";
  const mean = found.accuracy.reduce((sum, value) => sum + value, 0) / found.accuracy.length;
  const plot = heatMap({
    title: "Which brains carry what",
    description: "For each brain: its accuracy against the mean of all, and what the vat loses without it.",
    width: 760,
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
      plot,
      "<b>First seed.</b> Upper row: a brain's own accuracy less the mean brain's. Lower row: what the vat loses when that brain is left out.",
    ),
  );
}
