/** The tables of a forecast report. */
import { fixed, percent, pValue, significant } from "../format.ts";
import { escapeText } from "../plot/svg.ts";
import type { ForecastReport, ScoredForecaster, ScoreEstimate } from "./schema.ts";

type Row = (scored: ScoredForecaster) => readonly string[];

interface TableShape {
  readonly heads: readonly string[];
  readonly cells: Row;
  readonly caption: string;
  /** HTML. */
  readonly name?: (scored: ScoredForecaster) => string;
}

function table(
  { scores }: ForecastReport,
  { heads, cells, caption, name = ({ name: plain }) => escapeText(plain) }: TableShape,
): string {
  const head = heads.map((text) => `<th scope="col">${text}</th>`).join("");
  const rows = scores.map((scored, i) => {
    const data = cells(scored).map((cell) => `<td>${cell}</td>`);
    return `<tr${i === 0 ? ' class="ours"' : ""}><th scope="row">${name(scored)}</th>${data.join("")}</tr>`;
  });
  return `<figure style="margin-top:28px"><div class="scroll"><table><thead><tr><th scope="col">forecaster</th>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div><figcaption>${caption}</figcaption></figure>`;
}

/** `value lo to hi` */
export function interval({ value, ci95 }: ScoreEstimate, digits: number): string {
  return `${fixed(value, digits)} <small>${fixed(ci95[0], digits)} to ${fixed(ci95[1], digits)}</small>`;
}

/** Heads for each patch: the time it covers. */
function patchHeads({ window, data }: ForecastReport): string[] {
  const patchMs = window.patchBins * data.binSeconds * 1000;
  return Array.from(
    { length: window.futureBins / window.patchBins },
    (_, p) => `${fixed(p * patchMs, 0)}–${fixed((p + 1) * patchMs, 0)} ms`,
  );
}

/** Warnings about a forecaster. */
export function marks({ beatsFlat, leak }: ScoredForecaster): string[] {
  return [
    ...(leak ? ["leak: scores above the true rates, so it has seen what it forecasts"] : []),
    ...(beatsFlat === false ? ["does not beat the flat forecast"] : []),
  ];
}

export function bitsTable(report: ForecastReport): string {
  const marked = (scored: ScoredForecaster) =>
    escapeText(scored.name) +
    marks(scored)
      .map((mark) => `<br><small class="ahead"><b>✗ ${escapeText(mark)}</b></small>`)
      .join("");
  return table(report, {
    heads: ["all", ...patchHeads(report), "mean of test as null", "whole window"],
    cells: ({ bits }) => [
      interval(bits.pooled, 3),
      ...bits.perPatch.map((patch) => interval(patch, 3)),
      fixed(bits.evalMeanNull.pooled, 3),
      interval(bits.mixture, 3),
    ],
    caption:
      "Bits per spike over the mean rate of the training part, by time after the forecast was made; more is better, 0 is no better than the mean rate. Small: 95 % interval over stretches of the recording. “Whole window” scores the samples jointly, and is biased low when they are few.",
    name: marked,
  });
}

export function distanceTable(report: ForecastReport): string {
  return table(report, {
    heads: ["population CRPS", "channel CRPS", "energy score", "absolute error"],
    cells: ({ crps, energy, mae }) => [
      interval(crps.population.pooled, 2),
      interval(crps.channel.pooled, 3),
      interval(energy, 2),
      interval(mae.pooled, 3),
    ],
    caption:
      "Distance of the sampled counts per patch from the recorded ones (spikes); less is better. CRPS: continuous ranked probability score. Energy score: all patches and channels as one vector.",
  });
}

export function differenceTable(report: ForecastReport): string {
  const [ours, ...others] = report.scores;
  const rows = others.flatMap(({ name }) => {
    const found = ours.differences.find(({ against }) => against === name);
    if (!found) return [];
    return `<tr><th scope="row">${escapeText(name)}</th>${[found.bits, ...found.bitsPerPatch].map((bits) => `<td>${interval(bits, 3)}</td>`).join("")}<td>${interval(found.crps, 2)}</td></tr>`;
  });
  if (rows.length === 0) return "";
  return `<figure style="margin-top:28px"><div class="scroll"><table><thead><tr><th scope="col">${escapeText(ours.name)} minus</th><th scope="col">bits per spike</th>${ours.bits.perPatch.map((_, p) => `<th scope="col">patch ${p + 1}</th>`).join("")}<th scope="col">population CRPS (spikes)</th></tr></thead><tbody>${rows.join("")}</tbody></table></div><figcaption>Paired on the same windows, with 95 % intervals. Better is above 0 in bits and below 0 in CRPS; an interval that includes 0 shows no clear difference.</figcaption></figure>`;
}

export function calibrationTable(report: ForecastReport): string {
  const [{ calibration, bits }] = report.scores;
  const shares = calibration.coverage.map(({ share }) => share);
  return table(report, {
    heads: [
      ...shares.map((share) => `in ${percent(share, 0)} % interval (%)`),
      "PIT p (least of patches)",
      "rate slope",
      "bits expected / observed",
    ],
    cells: ({ calibration: { coverage, pit, rateSlope, selfGain } }) => [
      ...coverage.map(({ pooled }) => percent(pooled.value)),
      escapeText(pValue(Math.min(...pit.perPatch.map((patch) => patch.pValue)))),
      rateSlope === null ? "–" : fixed(rateSlope, 2),
      `${fixed(selfGain.expected, 3)} / ${fixed(selfGain.observed, 3)}`,
    ],
    caption: `A calibrated forecast has as many true counts in its 50 % interval as that says, a rate slope of 1, and gains the bits per spike that it expects to. PIT p: probability of a histogram this far from flat if the forecast were right (Kolmogorov–Smirnov, windows that do not overlap); with ${bits.perPatch.length} patches, below ${significant(0.05 / bits.perPatch.length, 1)} speaks against it.`,
  });
}

export function generativeTable(report: ForecastReport): string {
  const beside = (
    { value, floor }: ScoredForecaster["generative"]["populationKl"],
    scale: number,
    digits: number,
  ) => {
    const show = (x: number | null) => (x === null ? "–" : fixed(x * scale, digits));
    return `${show(value)} <small>floor ${show(floor)}</small>`;
  };
  return table(report, {
    heads: [
      "D<sub>KL</sub> of population counts (nats)",
      "correlations RMSE",
      "mean ISI RMSE (ms)",
      "ISI s.d. RMSE (ms)",
    ],
    cells: ({ generative }) => [
      beside(generative.populationKl, 1, 4),
      beside(generative.correlationRmse, 1, 4),
      beside(generative.isiMeanRmse, 1000, 1),
      beside(generative.isiDeviationRmse, 1000, 1),
    ],
    caption:
      "How far sampled activity is from the real one; less is better. Floor: the same distance between two halves of the real windows, which are fewer and so lie apart by chance alone; a good forecaster comes near it or below. ISI: interspike interval within a window.",
  });
}
