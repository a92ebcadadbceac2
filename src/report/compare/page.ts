/** `wetgrad culture compare` as one self-contained page. */
import { fixed } from "../format.ts";
import { figure } from "../page/markup.ts";
import { page } from "../page/page.ts";
import { agePlot } from "../plot/ages.ts";
import { linePlot } from "../plot/lines.ts";
import { element, escapeText } from "../plot/svg.ts";
import { type Comparison, type CultureActivity, envelope, inside, STATISTICS } from "./comparison.ts";
import { number, summary } from "./table.ts";
import { treatmentMedians } from "./treatments.ts";

export function renderComparison(comparison: Comparison): string {
  const { simulated, real } = comparison;
  const body = [
    `<header><p class="kicker">wetgrad culture compare · ${simulated.length} simulated · ${real.length} recorded</p>`,
    `<h1>${escapeText(summary(comparison))}</h1>`,
    `<p class="lede">Spontaneous activity, read the same way from the simulated electrode array and from the recordings.</p></header>`,
    `<section><h2>Over age</h2><div class="three">${ages(comparison)}</div></section>`,
    table(comparison),
    rates(comparison),
  ];
  return page("wetgrad culture compare", body.join("\n"));
}

function ages({ simulated, real }: Comparison): string {
  const known = STATISTICS.filter(({ key }) =>
    [...simulated, ...real].some(({ statistics }) => Number.isFinite(statistics[key])),
  );
  return known
    .map(({ key, label, unit }) => {
      const points = (cultures: readonly CultureActivity[]) =>
        cultures.map((culture) => ({
          label: culture.label,
          divDays: culture.divDays,
          value: culture.statistics[key],
        }));
      const plot = agePlot({
        title: label,
        description: `${unit}: simulated cultures (large dots) and recordings (small dots) over days in vitro.`,
        width: 310,
        height: 250,
        real: points(real),
        simulated: points(simulated),
        yLabel: unit,
      });
      return figure(
        plot,
        `<b>${escapeText(label)}.</b> Blue: simulated. Grey: recorded${real.some(({ divDays }) => divDays === null) ? "; age unknown on the right edge" : ""}.`,
      );
    })
    .join("");
}

export function table({ simulated, real }: Comparison): string {
  const heads = STATISTICS.map(
    ({ label, unit }) => `<th scope="col">${escapeText(label)}<br><small>${escapeText(unit)}</small></th>`,
  );
  const row = (culture: CultureActivity, ours: boolean) => {
    const cells = STATISTICS.map((info) => {
      const value = number(culture.statistics[info.key], info);
      const range = ours ? envelope(real, info.key, culture.divDays) : null;
      if (!range) return `<td>${value}</td>`;
      const mark = inside(culture, real, info.key) ? "✓" : "✗";
      const words = mark === "✓" ? "inside" : "outside";
      return `<td class="${mark === "✓" ? "beaten" : "ahead"}">${value} <b title="${words} the real range" aria-label="${words}">${mark}</b> <small>${number(range.lo, info)}–${number(range.hi, info)}</small></td>`;
    });
    const age = culture.divDays === null ? "–" : fixed(culture.divDays, 0);
    return `<tr${ours ? ' class="ours"' : ""}><th scope="row">${escapeText(culture.label)}</th><td>${age}</td><td>${culture.activeElectrodes}/${culture.electrodes}</td>${cells.join("")}</tr>`;
  };
  const medians = treatmentMedians(real).map(
    ({ treatment, cultures, statistics }) =>
      `<tr><th scope="row">median of ${cultures}, ${escapeText(treatment)}</th><td></td><td></td>${STATISTICS.map((info) => `<td>${number(statistics[info.key], info)}</td>`).join("")}</tr>`,
  );
  const groups = `<tr class="group"><th colspan="8">recorded</th></tr>`;
  return `<section><h2>All cultures</h2><div class="scroll"><table><thead><tr><th></th><th scope="col">DIV</th><th scope="col">active<br>electrodes</th>${heads.join("")}</tr></thead><tbody>${simulated.map((culture) => row(culture, true)).join("")}${groups}${real.map((culture) => row(culture, false)).join("")}${medians.join("")}</tbody></table></div><p class="soft" style="margin-top:10px">Small: the range of the recordings within four days of the culture's age, or of all where fewer than three are, each end moved out by 10 %.</p></section>`;
}

/** The array's rate over time: what bursting looks like. */
export function rates({ simulated, real }: Comparison): string {
  const drawn = [
    ...simulated.map((culture) => ({ culture, name: "descent" })),
    ...real.slice(0, 6).map((culture) => ({ culture, name: "control" })),
  ];
  const figures = drawn.flatMap(({ culture, name }) => {
    const rate = culture.arrayRate;
    if (!rate) return [];
    const x = rate.hz.map((_, i) => i * rate.binSeconds);
    const plot = linePlot({
      title: `Array firing rate of ${culture.label}`,
      description: "Spikes per second over all electrodes.",
      width: 480,
      height: 170,
      legend: false,
      xLabel: "time (s)",
      yLabel: "spikes/s, whole array",
      lines: [{ label: culture.label, class: `thin ${name}`, x, mean: rate.hz, lo: rate.hz, hi: rate.hz }],
    });
    return [figure(plot, `<b>${escapeText(culture.label)}</b>`)];
  });
  if (figures.length === 0) return "";
  return `<section><h2>Bursts</h2>${element("div", { class: "pair" }, ...figures)}</section>`;
}
