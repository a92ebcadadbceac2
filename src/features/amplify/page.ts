/** The page of targeted amplification: dose and leak, the loop, what lasts, what the task gains. */
import type { PairedDifference } from "../../math/comparison/paired.ts";
import type { Interval } from "../../math/interval.ts";
import { fixed } from "../../report/format.ts";
import { bullets, figure, section, twoWidths } from "../../report/page/markup.ts";
import { page } from "../../report/page/page.ts";
import { dotPlot } from "../../report/plot/dots.ts";
import { linePlot } from "../../report/plot/lines.ts";
import { escapeText } from "../../report/plot/svg.ts";
import type { AmplifyReport } from "./experiment.ts";

/** By arm its colour in the figures and how it is told. */
const ARMS: Readonly<Record<string, { readonly class: string; readonly label: string }>> = {
  gradient: { class: "descent", label: "gradient of the model" },
  ridge: { class: "teacher", label: "ridge" },
  "selective-ridge": { class: "scrambled", label: "selective ridge" },
  "difference-of-means": { class: "control", label: "difference of means" },
  decoder: { class: "frozen", label: "where the decoder points" },
  "best-window": { class: "sham", label: "best window seen" },
  random: { class: "random", label: "random electrodes" },
  yoked: { class: "yoked", label: "another feature's write" },
};

const labelOf = (arm: string) => ARMS[arm]?.label ?? arm;
const classOf = (arm: string) => ARMS[arm]?.class ?? "control";

export function renderAmplify(report: AmplifyReport): string {
  const { seeds, cultures } = report;
  const gradient = report.selectivity.find(({ arm }) => arm === "gradient");
  const headline = gradient
    ? `At equal strength a gradient-chosen write leaks ${fixed(1 / gradient.ratio, 2)} times as much as difference of means`
    : "Targeted amplification";
  const body = [
    `<header><p class="kicker">wetgrad features amplify · ${seeds.length} cultures · ${cultures.reduce((sum, c) => sum + c.chosen.length, 0)} features</p>`,
    `<h1>${escapeText(headline)}</h1>`,
    `<p class="lede">Features are found in what cultures answer to random writes. For each, electrodes are chosen in several ways and written to, in random order, through the safety gate. Intervals are 95 % over cultures.</p></header>`,
    section("dose", "Dose and response", "", doses(report)),
    section("equal", "At equal strength", "", selectivity(report)),
    section("loop", "The loop closed", "", loop(report)),
    section("lasting", "What lasts", "", lasting(report)),
    section("task", "What the task gains", "", task(report)),
    section("features", "Every feature", "", everyFeature(report)),
    section("read", "How to read it", "", notes()),
  ];
  return page("wetgrad features amplify", body.join("\n"));
}

function doses({ rows }: AmplifyReport): string {
  const arms = [...new Set(rows.map(({ arm }) => arm))];
  const draw = (key: "targetSd" | "leak", title: string, yLabel: string) => (width: number) =>
    linePlot({
      ...{ width, height: 380, title, xLabel: "electrodes", yLabel },
      description: "One line for each way to choose electrodes, with the 95 % interval over cultures.",
      lines: arms.map((arm) => {
        const of = rows.filter((row) => row.arm === arm);
        return {
          ...{ label: labelOf(arm), class: classOf(arm), x: of.map(({ dose }) => dose) },
          ...(arm === "best-window" ? { dash: "2 4" } : {}),
          mean: of.map((row) => row[key].mean),
          lo: of.map((row) => row[key].ci95[0]),
          hi: of.map((row) => row[key].ci95[1]),
        };
      }),
    });
  const strength = twoWidths(draw("targetSd", "Strength", "change as wanted (SD)"), 560, 400);
  const leak = twoWidths(draw("leak", "Leak", "root mean square of all others (SD)"), 560, 400);
  return `<div class="pair">${figure(strength, "<b>Strength.</b> How far the written feature rises above windows without a write (with --down: falls below being driven alone).")}${figure(leak, "<b>Leak.</b> How far all other features change, noise taken away by halves of the repeats.")}</div>`;
}

function selectivity({ selectivity: all }: AmplifyReport): string {
  if (all.length === 0) return "";
  const drawing = (width: number) =>
    dotPlot({
      ...{ width, labelWidth: 190, zero: 1, xLabel: "leak of difference of means / leak of the arm" },
      title: "Leak at equal strength",
      description: "Above 1: less leak than difference of means at the same strength.",
      xDomain: [0, Math.max(2, ...all.map(({ ci95 }) => Math.min(8, ci95[1])))],
      groups: [
        {
          heading: "difference of means = 1",
          rows: all.map((row) => ({
            ...{ label: labelOf(row.arm), class: classOf(row.arm), mean: row.ratio, perSeed: [] },
            ci95: [Math.max(0, row.ci95[0]), Math.min(8, row.ci95[1])] as const,
            title: `${labelOf(row.arm)}: ${fixed(row.ratio, 2)} [${fixed(row.ci95[0], 2)}, ${fixed(row.ci95[1], 2)}], ${row.features} features`,
          })),
        },
      ],
    });
  const rows = all.map(
    (row) =>
      `<tr><th scope="row">${escapeText(labelOf(row.arm))}</th><td>${fixed(row.ratio, 2)} [${fixed(row.ci95[0], 2)}, ${fixed(row.ci95[1], 2)}]</td><td>${told(row.strength)}</td><td>${row.features}</td></tr>`,
  );
  return `${figure(twoWidths(drawing, 760, 400), "<b>Leak at equal strength.</b> For each feature at the greatest strength that both reach.")}<div class="scroll"><table><thead><tr><th></th><th scope="col">leak of difference of means over the arm's</th><th scope="col">strength less its (SD)</th><th scope="col">features compared</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function dots(
  title: string,
  xLabel: string,
  rows: readonly { label: string; name: string; of: Interval }[],
): string {
  const low = Math.min(0, ...rows.flatMap(({ of }) => [of.ci95[0], ...of.perSeed]));
  const high = Math.max(0, ...rows.flatMap(({ of }) => [of.ci95[1], ...of.perSeed]));
  const air = 0.05 * (high - low || 1);
  return twoWidths(
    (width) =>
      dotPlot({
        ...{ width, labelWidth: 150, title, xLabel, zero: 0, xDomain: [low - air, high + air] },
        description: "Mean over cultures, 95 % interval, each culture.",
        groups: [
          {
            heading: title,
            rows: rows.map(({ label, name, of }) => ({
              ...{ label, class: name, mean: of.mean, ci95: of.ci95, perSeed: of.perSeed },
              title: `${label}: ${fixed(of.mean, 3)} [${fixed(of.ci95[0], 3)}, ${fixed(of.ci95[1], 3)}]`,
            })),
          },
        ],
      }),
    760,
    400,
  );
}

const CONTROLS: Readonly<Record<string, string>> = {
  written: "descent",
  carrying: "descent",
  closed: "descent",
  others: "scrambled",
  yoked: "yoked",
  random: "random",
  frozen: "frozen",
  sham: "sham",
  open: "teacher",
  none: "sham",
};

function armsOf(intervals: Readonly<Record<string, Interval>>) {
  return Object.entries(intervals).map(([label, of]) => ({ label, name: CONTROLS[label] ?? "control", of }));
}

function loop({ loop: found }: AmplifyReport): string {
  if (!found) return "";
  return figure(
    dots("Distance from the level", "SD", armsOf(found)),
    "<b>Holding a level.</b> Root mean square distance of the feature (means over 8 writes) from half of what the ridge write can do; yoked: the same amplitudes in another order; open: their mean all the time.",
  );
}

function lasting({ lasting: found }: AmplifyReport): string {
  if (!found) return "";
  const lines = [
    `Cued, written less random: ${told(found.writtenLessRandom)} SD.`,
    `Cued, written less another feature's write: ${told(found.writtenLessYoked)} SD.`,
  ];
  return `${figure(dots("Change of the cued feature", "SD, after less before", armsOf(found.cued)), "<b>Completion.</b> One electrode of the written pattern is pulsed.")}${figure(dots("Change of the feature alone", "SD, after less before", armsOf(found.alone)), "<b>By itself.</b> Nothing is pulsed.")}${bullets(lines, "notes")}`;
}

function task({ task: found }: AmplifyReport): string {
  if (!found) return "";
  const lines = [
    `Before: ${fixed(100 * found.before.mean, 1)} % right, chance ${fixed(100 * found.chance, 1)} %.`,
    `Features that carry the task less others: ${told(found.carryingLessOthers, 100)} points; less random writes: ${told(found.carryingLessRandom, 100)} points.`,
  ];
  const percent = (intervals: Readonly<Record<string, Interval>>) =>
    armsOf(intervals).map((row) => ({
      ...row,
      of: {
        mean: 100 * row.of.mean,
        ci95: [100 * row.of.ci95[0], 100 * row.of.ci95[1]] as const,
        perSeed: row.of.perSeed.map((v) => 100 * v),
      },
    }));
  return `${figure(dots("Right after, reader fixed before", "%", percent(found.after)), "<b>The task.</b> Which of eight weak data was shown, read from the features.")}${figure(dots("Right after, reader fitted again", "%", percent(found.refitted)), "")}${bullets(lines, "notes")}`;
}

function told({ mean, ci95, p }: PairedDifference, factor = 1): string {
  const value = (x: number) => fixed(factor * x, 2);
  return `${value(mean)} [${value(ci95[0])}, ${value(ci95[1])}]${p === null ? "" : `, p = ${p < 0.001 ? "< 0.001" : fixed(p, 3)}`}`;
}

function everyFeature({ cultures }: AmplifyReport): string {
  const rows = cultures.flatMap((culture) =>
    culture.chosen.map((k) => {
      const of = (arm: string) =>
        culture.doses
          .filter((r) => r.feature === k && r.arm === arm)
          .map((r) => `${fixed(r.targetSd, 2)} / ${fixed(r.leak, 2)}`)
          .join(" · ");
      return `<tr><th scope="row">${culture.seed}</th><td>${k}</td><td>${fixed(culture.controllability[k], 2)}</td><td>${of("gradient")}</td><td>${of("difference-of-means")}</td></tr>`;
    }),
  );
  return `<div class="scroll"><table><thead><tr><th scope="col">culture</th><th scope="col">feature</th><th scope="col">controllability (R²)</th><th scope="col">gradient: strength / leak by dose</th><th scope="col">difference of means</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function notes(): string {
  return bullets(
    [
      "Simulated cultures, 21 days in vitro, quieted; plasticity is off but for the writes that are to last.",
      "Controllability: R² of a feature given which electrodes were written to, on windows that were not fitted. Features are taken evenly from the most controllable to the middle.",
      "The strength at which arms are compared is, feature by feature, the lower of the strengths that the two can reach; leak is interpolated between doses; leak below 0.05 SD counts as 0.05.",
      "Features raised by less than 0.3 SD by either arm are not compared.",
    ],
    "notes",
  );
}
