/** `wetgrad recording view`: one recording as one self-contained page. */
import { significant } from "../format.ts";
import { bullets, figure, section, twoWidths } from "../page/markup.ts";
import { page } from "../page/page.ts";
import { heatMap } from "../plot/heatmap.ts";
import { linePlot } from "../plot/lines.ts";
import { escapeText } from "../plot/svg.ts";
import { excerptPlot, intervalPlot, placePlot } from "./plots.ts";
import type { ViewedCulture } from "./viewed.ts";

export interface RecordingView {
  readonly name: string;
  readonly source: string;
  readonly cultures: readonly ViewedCulture[];
  /** One line each. */
  readonly doubts: readonly string[];
}

const [WIDE, NARROW] = [1000, 372];
/** Cultures drawn one by one, at most. */
const DRAWN = 24;

export function renderRecording({ name, source, cultures, doubts }: RecordingView): string {
  const spikes = cultures.reduce((sum, culture) => sum + spikesOf(culture), 0);
  const channels = cultures.reduce((sum, culture) => sum + culture.channels.length, 0);
  const seconds = Math.max(...cultures.map(({ durationSeconds }) => durationSeconds));
  const one = cultures.length === 1;
  const title = `${one ? "" : `${cultures.length} cultures, `}${channels} channels, ${spikes} spikes in ${significant(seconds)} s`;
  const body = [
    `<header><p class="kicker">${escapeText(name)} · ${escapeText(source)}</p><h1>${escapeText(title)}</h1>${bullets(doubts, "caveats")}</header>`,
    one ? "" : plate(cultures),
    ...cultures.slice(0, DRAWN).map((culture) => (one ? parts(culture) : folded(culture))),
    cultures.length > DRAWN
      ? `<p class="soft">${cultures.length - DRAWN} more cultures are in the table alone: choose one with --culture.</p>`
      : "",
  ];
  return page(`wetgrad recording view ${name}`, body.join("\n"));
}

function spikesOf({ channels }: ViewedCulture): number {
  return channels.reduce((sum, channel) => sum + channel.spikes, 0);
}

function rateOf({ channels }: ViewedCulture): number {
  return channels.length === 0 ? 0 : channels.reduce((sum, { rateHz }) => sum + rateHz, 0) / channels.length;
}

/** Wells where they lie on their plate, and a table of all. */
function plate(cultures: readonly ViewedCulture[]): string {
  const places = cultures.map(({ name }) => /^([A-P])(\d{1,2})$/.exec(name));
  const rows = cultures.map(
    (culture) =>
      `<tr><th scope="row">${escapeText(culture.name)}</th><td>${escapeText(culture.treatment ?? "–")}</td><td>${culture.channels.length}</td><td>${spikesOf(culture)}</td><td>${significant(rateOf(culture))}</td><td>${significant((60 * culture.bursts.length) / Math.max(1e-9, culture.durationSeconds))}</td></tr>`,
  );
  const table = `<div class="scroll"><table><thead><tr><th></th><th scope="col">treatment</th><th scope="col">channels</th><th scope="col">spikes</th><th scope="col">rate (Hz per channel)</th><th scope="col">network bursts per minute</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
  if (places.some((place) => place === null)) return section("cultures", "Cultures", "", table);
  const at = places.map(
    (place) => [(place?.[1] ?? "A").charCodeAt(0) - 65, Number(place?.[2] ?? 1) - 1] as const,
  );
  const [height, width] = [0, 1].map((axis) => 1 + Math.max(...at.map((place) => place[axis])));
  const values = Array.from({ length: height }, () => new Array<number | null>(width).fill(null));
  at.forEach(([row, column], i) => {
    values[row][column] = rateOf(cultures[i]);
  });
  const draw = (pixels: number) =>
    heatMap({
      title: "Rate of each well",
      description: "Mean rate per channel of each well, where it lies on the plate.",
      width: Math.min(pixels, 40 + 70 * width),
      values,
      rowLabel: "row",
      columnLabel: "column",
      firstColumn: 1,
      scaleLabel: "spikes per second and channel",
    });
  return section(
    "plate",
    "The plate",
    "",
    figure(twoWidths(draw, WIDE, NARROW), "<b>Mean rate of each well</b>, where it lies on the plate.") +
      table,
  );
}

function folded(culture: ViewedCulture): string {
  const given = culture.treatment ? `, ${culture.treatment}` : "";
  return `<details><summary>${escapeText(`${culture.name}${given}: ${culture.channels.length} channels, ${significant(rateOf(culture))} Hz per channel`)}</summary>${parts(culture)}</details>`;
}

function parts(culture: ViewedCulture): string {
  const { excerpt, channels, rate, intervals, bursts, startSeconds } = culture;
  const perMinute = (60 * bursts.length) / Math.max(1e-9, culture.durationSeconds);
  const raster = (width: number) => excerptPlot({ ...culture, width });
  const places = channels.some(({ xUm }) => xUm !== undefined);
  const over = (width: number) =>
    linePlot({
      title: "Rate over time",
      description: "Spikes of all channels per second, over the recording.",
      width,
      height: 240,
      xLabel: `time from ${significant(startSeconds)} s of the file's clock (s)`,
      yLabel: "spikes/s, all channels",
      legend: false,
      lines: [line(rate)],
    });
  return [
    figure(
      twoWidths(raster, WIDE, NARROW),
      `<b>The first ${significant(excerpt.seconds)} s.</b> A row for each channel, the first one on top; shaded: network bursts.`,
    ),
    figure(
      twoWidths(over, WIDE, NARROW),
      `<b>Rate of all channels</b> over the recording, in bins of ${significant(rate.binSeconds)} s. ${bursts.length} network bursts, ${significant(perMinute)} a minute.`,
    ),
    `<div class="pair">${figure(
      intervalPlot({ intervals, width: 480 }),
      "<b>Intervals</b> between the spikes of a channel, all channels together. Below 1 ms: one spike seen twice, or two cells on one electrode.",
    )}${places ? figure(placePlot({ channels, width: 480 }), "<b>Rate where it was recorded.</b> The area of a dot is the rate of its channel.") : ""}</div>`,
  ].join("\n");
}

function line({ binSeconds, hz }: ViewedCulture["rate"]) {
  const values = [...hz];
  return {
    label: "all channels",
    class: "thin descent",
    x: values.map((_, i) => (i + 0.5) * binSeconds),
    mean: values,
    lo: values,
    hi: values,
  };
}
