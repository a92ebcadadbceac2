/** A forecast report as one self-contained HTML page: no script, no request. */
import { duration, fixed, percent } from "../format.ts";
import { bullets, facts, section } from "../page/markup.ts";
import { page } from "../page/page.ts";
import { escapeText } from "../plot/svg.ts";
import {
  correlationFigure,
  fanFigure,
  horizonFigure,
  latentFigure,
  pitFigure,
  rasterFigure,
} from "./figures.ts";
import type { ForecastReport } from "./schema.ts";
import {
  bitsTable,
  calibrationTable,
  differenceTable,
  distanceTable,
  generativeTable,
  marks,
} from "./tables.ts";

export function renderForecastReport(report: ForecastReport): string {
  const { fan, raster, correlations, latent } = report.figures;
  const body = [
    header(report),
    section(
      "bits",
      "How well it predicts spikes",
      "Every forecaster sees the same windows and predicts what follows; its forecasts are scored against the recorded counts.",
      horizonFigure(report) + bitsTable(report) + differenceTable(report) + distanceTable(report),
    ),
    section("fan", "Forecast and recording", "", fan ? fanFigure(fan) : ""),
    section(
      "calibration",
      "Does it know what it does not know?",
      "Where the true population count falls among the sampled ones. Flat: calibrated. A peak in the middle: intervals too wide. Peaks at both ends: intervals too narrow. A slope: too high or too low.",
      `<div class="three">${report.scores.map(pitFigure).join("")}</div>${calibrationTable(report)}`,
    ),
    section(
      "activity",
      "Does sampled activity look real?",
      "",
      (raster ? rasterFigure(raster) : "") +
        `<div class="pair">${correlations ? correlationFigure(correlations) : ""}${latent && latent.paths.length > 0 ? latentFigure(latent) : ""}</div>` +
        generativeTable(report),
    ),
    section(
      "notes",
      "What to keep in mind",
      "",
      report.notes.map((note) => `<p>${escapeText(note)}</p>`).join(""),
    ),
    footer(report),
  ];
  return page(`${report.data.name}: wetgrad forecast`, body.join("\n"));
}

/** The finding in a sentence: of the first forecaster, with its marks. */
export function forecastHeadline({ scores: [ours] }: ForecastReport): string {
  const bits = `${fixed(ours.bits.pooled.value, 3)} bits per spike`;
  if (ours.leak) return `${ours.name}: ${bits}, above the true rates: the future leaked in`;
  if (ours.beatsFlat === false) return `${ours.name}: ${bits}, which does not beat the flat forecast`;
  return ours.beatsFlat
    ? `${ours.name}: ${bits}, more than the flat forecast`
    : `${ours.name}: ${bits} over the mean rate`;
}

function header(report: ForecastReport): string {
  const { data, window, scores } = report;
  const [ours] = scores;
  const ms = (bins: number) => `${fixed(bins * data.binSeconds * 1000, 0)} ms`;
  const { value, ci95 } = ours.bits.pooled;
  const lede = `From ${ms(window.historyBins)} of spikes on ${data.channels} channels, the next ${ms(window.futureBins)}: ${fixed(value, 3)} bits per spike over the train mean, 95 % interval ${fixed(ci95[0], 3)} to ${fixed(ci95[1], 3)}, on ${ours.windows} windows with ${ours.bits.spikes} spikes.`;
  const caveats = [
    ...(data.synthetic ? ["Synthetic recording: no living tissue was recorded."] : []),
    ...scores.flatMap((scored) => marks(scored).map((mark) => `${scored.name}: ${mark}.`)),
    ...(ours.bits.silentChannels > 0
      ? [`${ours.bits.silentChannels} of ${data.channels} channels were silent and are left out.`]
      : []),
    ...ours.calibration.coverage
      .filter(({ share, pooled }) => share < pooled.ci95[0] || share > pooled.ci95[1])
      .map(
        ({ share, pooled }) =>
          `The ${percent(share, 0)} % interval of ${ours.name} holds ${percent(pooled.value)} % of the population counts.`,
      ),
  ];
  return `<header><p class="kicker">wetgrad forecast · ${escapeText(data.name)}</p><h1>${escapeText(forecastHeadline(report))}</h1><p class="lede">${escapeText(lede)}</p>${bullets(caveats, "caveats")}</header>`;
}

function footer({ data, window, scores, config, wallSeconds, wetgradVersion }: ForecastReport): string {
  const [ours] = scores;
  const entries = facts([
    [
      "recording",
      `${data.name}${data.synthetic ? " (synthetic)" : ""}: ${data.sequences} sequences, ${data.spikes} spikes`,
    ],
    ["bins", `${fixed(data.binSeconds * 1000, 1)} ms; patches of ${window.patchBins} bins`],
    [
      "windows",
      `${ours.windows}, one every ${window.strideBins} bins; ${ours.blocks} blocks for the intervals`,
    ],
    ["samples", scores.map(({ name, samples }) => `${name} ${samples}`).join(", ")],
    ["wall time", duration(wallSeconds)],
    ["version", `wetgrad ${wetgradVersion}`],
  ]);
  const settings = facts(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  return `<section id="run"><h2>The run</h2>${entries}<details><summary>Configuration</summary>${settings}</details></section><footer>Intervals are 95 % bootstrap intervals over blocks of the recording. They say nothing of another seed or another recording.</footer>`;
}
