/** The report of `wetgrad bandwidth`: a table for the terminal, and one self-contained page. */
import { fixed, percent, significant, withInterval } from "../report/format.ts";
import { figure } from "../report/page/markup.ts";
import { page } from "../report/page/page.ts";
import { dotPlot } from "../report/plot/dots.ts";
import { escapeText } from "../report/plot/svg.ts";
import type { BandwidthReport, ModalityResult } from "./experiment.ts";

const bits = (value: number) => fixed(value, 2);

export function bandwidthTable(report: BandwidthReport): string {
  const rows = report.modalities.map((m) => [
    m.label,
    withInterval(m.task, bits),
    withInterval(m.shuffledTask, bits),
    `${percent(m.accuracy.mean)} %`,
    withInterval(m.latent, bits),
    withInterval(m.shuffledLatent, bits),
    m.published ? significant(m.published.bitsPerSecond) : "-",
  ]);
  const all = [
    ["bits per second", "task", "labels shuffled", "right", "latent state", "states shuffled", "published"],
    ...rows,
  ];
  const widths = all[0].map((_, c) => Math.max(...all.map((row) => row[c].length)));
  return all
    .map((row) =>
      row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join("  "),
    )
    .join("\n");
}

export function renderBandwidth(report: BandwidthReport): string {
  const { seeds, trials, modalities, sentBitsPerSecond, classes } = report;
  const best = modalities.reduce((a, b) => (b.task.mean > a.task.mean ? b : a));
  const body = [
    `<header><p class="kicker">wetgrad bandwidth · ${seeds.length} cultures · ${trials} presentations each</p>`,
    `<h1>${escapeText(`${best.label}: ${bits(best.task.mean)} of ${bits(sentBitsPerSecond)} bits per second of the task come through`)}</h1>`,
    `<p class="lede">The same simulated tissue, seen through each modality's forward model and read by the same decoder. One of ${classes} data is presented every 100 ms. Each figure is a lower bound from held-out data, with the 95 % interval over cultures.</p></header>`,
    `<section><h2>What survives</h2><div class="pair">${plot(report, "task")}${plot(report, "latent")}</div></section>`,
    table(report),
    notes(report),
  ];
  return page("wetgrad bandwidth", body.join("\n"));
}

function plot(report: BandwidthReport, key: "task" | "latent"): string {
  const shuffled = key === "task" ? "shuffledTask" : "shuffledLatent";
  const row = (
    m: ModalityResult,
    from: "task" | "latent" | "shuffledTask" | "shuffledLatent",
    name: string,
  ) => ({
    label: m.label,
    class: name,
    mean: m[from].mean,
    ci95: m[from].ci95,
    perSeed: m[from].perSeed,
    title: `${m.label}: ${withInterval(m[from], bits)} bits/s`,
  });
  const top =
    Math.max(key === "task" ? report.sentBitsPerSecond : 0, ...report.modalities.map((m) => m[key].ci95[1])) *
    1.05;
  const low = Math.min(0, ...report.modalities.flatMap((m) => [m[key].ci95[0], m[shuffled].ci95[0]])) * 1.05;
  const drawing = dotPlot({
    width: 480,
    labelWidth: 180,
    xDomain: [low, top],
    xLabel: "bits per second",
    title: key === "task" ? "Information about the task" : "Information about the latent state",
    description:
      "One row per modality: mean over cultures, 95 % interval, each culture; then the same with shuffled targets.",
    groups: [
      {
        heading: key === "task" ? "which datum was presented" : "innovations of the population state",
        rows: report.modalities.map((m) => row(m, key, "descent")),
      },
      { heading: "shuffled", rows: report.modalities.map((m) => row(m, shuffled, "control")) },
    ],
  });
  const caption =
    key === "task"
      ? `<b>The task.</b> ${bits(report.sentBitsPerSecond)} bits per second are sent.`
      : `<b>The latent state.</b> ${report.latents} components of the population's activity, less what the presentation before told; Gaussian information of the held-out explained variance.`;
  return figure(drawing, caption);
}

function table({ modalities }: BandwidthReport): string {
  const heads = [
    "",
    "task<br><small>bits/s</small>",
    "right<br><small>%</small>",
    "latent<br><small>bits/s</small>",
    "latent R²",
    "published<br><small>bits/s, with people</small>",
  ];
  const rows = modalities.map((m) => {
    const published = m.published
      ? `${significant(m.published.bitsPerSecond)} <small class="why">${escapeText(`${m.published.what}; ${m.published.source}`)}</small>`
      : "–";
    return `<tr><th scope="row">${escapeText(m.label)}</th><td>${withInterval(m.task, bits)}</td><td>${withInterval(m.accuracy, percent)}</td><td>${withInterval(m.latent, bits)}</td><td>${withInterval(m.latentR2, bits)}</td><td class="why">${published}</td></tr>`;
  });
  return `<section><h2>All modalities</h2><div class="scroll"><table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div></section>`;
}

function notes({ neurons, div }: BandwidthReport): string {
  const items = [
    `A culture of ${neurons} neurons, ${div} days in vitro, 1.6 mm wide, quieted; no plasticity. Arrays see each cell by its nearest electrode, with misses and false detections.`,
    "EEG: 32 electrodes, three-sphere head, sensor noise of 0.5 uV at 500 Hz and no other; the patch has the highest dipole moment density found in cortex. Both favour EEG.",
    "fMRI: voxels of 2 mm, a volume every 0.8 s, temporal signal-to-noise ratio 80, 1 % of signal for 9 spikes/s per neuron.",
    "Of 1 cm² of cortex: the same activity laid out over 10 mm, each simulated cell standing for many that do the same.",
    "Published figures are of whole brains, tasks and users, and of all the electrodes there were; they stand here for scale, not for comparison.",
  ];
  return `<section><h2>How to read it</h2><ul>${items.map((item) => `<li>${escapeText(item)}</li>`).join("")}</ul></section>`;
}
