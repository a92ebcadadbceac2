/** The page of a recording's features: an overview that sorts by any of its columns, and a section for each feature. */
import { fixed } from "../../report/format.ts";
import { bullets, facts, figure } from "../../report/page/markup.ts";
import { page } from "../../report/page/page.ts";
import { escapeText } from "../../report/plot/svg.ts";
import type { FittedFeatures } from "../fit-recording.ts";
import type { FeatureLook, Look } from "./look.ts";
import { histogramPlot, onsetPlot, rasters, timePlot, weightMap } from "./plots.ts";

export function renderFeatures(fitted: FittedFeatures, look: Look): string {
  const { recording, kept, features, windows, windowSeconds, restarts, surrogates, least } = fitted;
  const headline =
    kept === 0
      ? `${recording}: no feature is both found again and absent from surrogates`
      : `${recording}: ${kept} of ${features.length} features are found again and are in no surrogate`;
  const share = (value: number | null) => (value === null ? "not measured" : `${Math.round(100 * value)} %`);
  const body = [
    STYLE,
    `<header><p class="kicker">wetgrad features · ${escapeText(fitted.method)} · ${windows} windows of ${fixed(1000 * windowSeconds, 0)} ms</p>`,
    `<h1>${escapeText(headline)}</h1>`,
    `<p class="lede">A feature is kept when ${least} of ${restarts} restarts on different halves find it (cosine above .7) and none of ${surrogates} surrogates, in which every electrode is rolled in time by itself, does.</p></header>`,
    facts([
      ["matched between restarts", share(fitted.betweenRestarts)],
      ["matched between surrogates", share(fitted.betweenSurrogates)],
      ["matched between restarts and surrogates", share(fitted.withSurrogates)],
      ["network bursts", look.hasTimes ? String(look.bursts) : "not known: counts only"],
      ["trials", look.trials > 0 ? String(look.trials) : "none in the recording"],
      ["controllability, dose and response", "not measured: a recording cannot be written to"],
    ]),
    overview(fitted, look),
    ...look.features.map((feature) => sectionOf(feature, fitted, look)),
    `<section><h2>How to read it</h2>${bullets(NOTES, "notes")}</section>`,
  ];
  return page(`features of ${recording}`, body.join("\n"));
}

interface Column {
  readonly key: string;
  readonly head: string;
  readonly value: (feature: FeatureLook, fitted: FittedFeatures) => number | null;
  readonly show: (value: number) => string;
}

const percent = (value: number) => `${fixed(100 * value, 1)} %`;
const two = (value: number) => fixed(value, 2);

const COLUMNS: readonly Column[] = [
  {
    key: "kept",
    head: "kept",
    value: ({ index }, f) => (f.features[index].isKept ? 1 : 0),
    show: (v) => (v ? "yes" : "no"),
  },
  { key: "found", head: "restarts", value: ({ index }, f) => f.features[index].foundIn, show: String },
  { key: "stable", head: "stability", value: ({ index }, f) => f.features[index].cosine, show: two },
  {
    key: "surrogate",
    head: "surrogate",
    value: ({ index }, f) => f.features[index].surrogateCosine,
    show: two,
  },
  {
    key: "one",
    head: "on one electrode",
    value: ({ index }, f) => f.features[index].onOneElectrode,
    show: two,
  },
  { key: "density", head: "there", value: ({ density }) => density, show: percent },
  { key: "code", head: "mean code", value: ({ meanCode }) => meanCode, show: two },
  {
    key: "bursts",
    head: "in bursts",
    value: ({ inBursts }) => inBursts?.fold ?? null,
    show: (v) => `× ${two(v)}`,
  },
  {
    key: "trials",
    head: "at trials",
    value: ({ atTrials }) => atTrials?.fold ?? null,
    show: (v) => `× ${two(v)}`,
  },
];

/** Sorted without a script: every row knows its place by each column, and the column chosen says which place counts. */
const STYLE = `<style>
.sortable tbody { display: grid; } .sortable tr { display: grid; grid-template-columns: 2.5em 15em repeat(${COLUMNS.length}, 1fr); min-width: 940px; }
.sortable td, .sortable th { white-space: normal; overflow-wrap: anywhere; } .sortable thead th { overflow-wrap: normal; padding-right: 0; } .sorts { font: 14px system-ui, sans-serif; margin: 14px 0; display: flex; flex-wrap: wrap; gap: 4px 14px; }
${["number", ...COLUMNS.map(({ key }) => key)].map((key) => `.overview:has(#sort-${key}:checked) tbody tr { order: var(--${key}); }`).join("\n")}
</style>`;

function overview(fitted: FittedFeatures, { features }: Look): string {
  const places = COLUMNS.map(({ value }) => {
    const values = features.map((feature) => value(feature, fitted) ?? Number.NEGATIVE_INFINITY);
    const order = values.map((_, i) => i).sort((a, b) => values[b] - values[a] || a - b);
    return new Map(order.map((i, place) => [i, place]));
  });
  const sorts = [{ key: "number", head: "number" }, ...COLUMNS].map(
    ({ key, head }) =>
      `<label><input type="radio" name="sort" id="sort-${key}"${key === "kept" ? " checked" : ""}> ${escapeText(head)}</label>`,
  );
  const rows = features.map((feature, i) => {
    const style = [`--number:${i}`, ...COLUMNS.map(({ key }, c) => `--${key}:${places[c].get(i)}`)].join(";");
    const cells = COLUMNS.map(({ value, show }) => {
      const found = value(feature, fitted);
      return `<td>${found === null ? "–" : escapeText(show(found))}</td>`;
    });
    const isOurs = fitted.features[i].isKept ? ' class="ours"' : "";
    return `<tr${isOurs} style="${style}"><th scope="row"><a href="#feature-${i}">${i}</a></th><td>${escapeText(feature.name)}</td>${cells.join("")}</tr>`;
  });
  const heads = ["", "named by rule", ...COLUMNS.map(({ head }) => head)].map(
    (head) => `<th scope="col">${escapeText(head)}</th>`,
  );
  return `<section class="overview"><h2>Overview</h2><fieldset class="sorts"><legend>sort by</legend>${sorts.join("")}</fieldset><div class="scroll"><table class="sortable"><thead><tr>${heads.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div></section>`;
}

function sectionOf(feature: FeatureLook, fitted: FittedFeatures, look: Look): string {
  const { index, inBursts, atTrials, together, children } = feature;
  const { isKept, foundIn, cosine, surrogateCosine } = fitted.features[index];
  const minutes = (fitted.windows * fitted.windowSeconds) / 60;
  const times = (of: NonNullable<FeatureLook["inBursts"]>) =>
    `× ${two(of.fold)} (rolled: ${two(of.chance[0])} to ${two(of.chance[1])})`;
  const verdict = isKept
    ? "kept"
    : foundIn < fitted.least
      ? "not kept: too few restarts find it"
      : "not kept: a surrogate has it, too";
  const entries: [string, string][] = [
    ["verdict", verdict],
    [
      "restarts",
      `${foundIn} of ${fitted.restarts}, mean cosine ${two(cosine)}; nearest in a surrogate ${two(surrogateCosine)}`,
    ],
    ["there in", `${percent(feature.density)} of windows, mean code ${two(feature.meanCode)}`],
    ["in network bursts", inBursts ? times(inBursts) : "not known"],
    ["at trials", atTrials ? times(atTrials) : "no trials in the recording"],
    [
      "often with",
      together.map((other) => `${other.index} (× ${fixed(other.lift, 1)})`).join(", ") || "no other",
    ],
    ["there whenever these are", children.join(", ") || "none"],
  ];
  const raster = (windows: typeof feature.top, title: string, caption: string) =>
    windows.length === 0
      ? ""
      : figure(rasters(windows, feature, { width: 1000, windowSeconds: look.windowSeconds, title }), caption);
  return `<section id="feature-${index}"><h2>${index} · ${escapeText(feature.name)}</h2>${facts(entries)}<div class="four">${figure(weightMap(feature, fitted), "<b>Where.</b>")}${figure(histogramPlot(feature), "<b>How strong.</b> Where it is there.")}${figure(timePlot(feature, minutes), "<b>When.</b>")}${figure(onsetPlot(feature, look.windowSeconds), "<b>How it comes and goes.</b>")}</div>${raster(feature.top, "Strongest windows", "<b>Its strongest windows.</b> A row for each channel; its own electrodes marked; the code above.")}${raster(feature.deciles, "Windows of every decile", "<b>Two windows at random from each decile</b> of its codes, weak to strong.")}</section>`;
}

const NOTES = [
  "Stability alone proves nothing: surrogates without assemblies can be the more stable, as single electrodes. A feature counts when it is stable and no surrogate has it.",
  "Names are made by rule from the strongest electrodes and from bursts; they explain nothing.",
  "Enrichment is how many times as often a feature is there as in all windows; the interval is of the same marks rolled in time.",
  "Of windows with more than 150 spikes every second, third, ... is drawn.",
];
