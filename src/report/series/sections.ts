/** A series on a page: its heading, and the sections of each code. */
import { percent, withInterval } from "../format.ts";
import { bullets, demonstrationLine } from "../page/markup.ts";
import { synapsesSection } from "../page/synapses.ts";
import { escapeText } from "../plot/svg.ts";
import type { CodeReport } from "../schema/series.ts";
import type { SeriesReport } from "../schema.ts";
import { checks } from "../verdict/checks.ts";
import { headlineOf, unlikelyLine, verdictOn } from "../verdict/words.ts";
import { differencesSection } from "./differences.ts";
import { fidelitySection, learningSection } from "./learning.ts";
import { predictedChangesSection } from "./predicted-changes.ts";
import { scoresSection } from "./scores.ts";
import { storyOf } from "./story.ts";
import { heldOf, pictureOf, tissueSections } from "./tissue.ts";

export function seriesHeader(report: SeriesReport): string {
  const { task, series, verdict } = report;
  const [main, other] = series;
  const { headline, story } = storyOf(report, main);
  const seeds = `${verdict.seeds} seed${verdict.seeds === 1 ? "" : "s"}`;
  return [
    `<header><p class="kicker">${report.demonstration ? "demonstration · " : ""}wetgrad organoid · ${escapeText(task.name)} · ${seeds} · ${main.code} code</p>`,
    `<h1>${escapeText(headline)}</h1><p class="lede">${escapeText(story)}</p>${pictureOf(report, main)}${demonstrationLine(report)}`,
    `<div class="verdict"><h2>${escapeText(headlineOf(report, verdictOn(report, main.code)))}</h2>${standfirst(report, main)}</div>`,
    other ? `<nav><a href="#${other.code}">The same with the ${other.code} code</a></nav>` : "",
    "</header>",
  ].join("\n");
}

export function seriesSections(report: SeriesReport): string {
  const [main, other] = report.series;
  return [codeSections(report, main), other ? secondCode(report, other) : ""].join("\n");
}

function secondCode(report: SeriesReport, code: CodeReport): string {
  const headline = headlineOf(report, verdictOn(report, code.code));
  return `<section class="part" id="${code.code}"><p class="kicker">${code.code} code</p><h2 class="part">${escapeText(headline)}</h2>
<p class="soft">Here no hand-made class pattern enters: babbling uses random patterns only, and the classes are given to the states that are easiest to evoke and to distinguish.</p>
${standfirst(report, code)}${pictureOf(report, code)}</section>${codeSections(report, code)}`;
}

function codeSections(report: SeriesReport, code: CodeReport): string {
  return [
    differencesSection(report, code),
    scoresSection(report, code),
    synapsesSection(`${code.code}-synapses`, heldOf(code)),
    learningSection(report, code),
    predictedChangesSection(code),
    tissueSections(report, code),
    fidelitySection(code),
  ].join("\n");
}

function standfirst(report: SeriesReport, code: CodeReport): string {
  const found = verdictOn(report, code.code);
  const { accuracy, learning } = found;
  if (!accuracy) return "";
  const chance = code.baselines["chance"]?.accuracy.mean ?? report.task.chance;
  const sentences = [
    `${withInterval(accuracy.ours, percent)} % right, where chance is ${percent(chance)} %.`,
    learning.teacherShare === undefined
      ? ""
      : `Descent gains ${percent(learning.teacherShare, 0)} % of what a hand-made teacher that knows the answer gains over sham.`,
  ];
  const unlikely = unlikelyLine(accuracy, found.nllNats);
  return `<p>${escapeText(sentences.join(" "))}</p>${checks(accuracy, learning.missing)}${bullets(unlikely ? [unlikely] : [], "caveats")}`;
}
