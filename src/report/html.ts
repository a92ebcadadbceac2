/** report.json as one self-contained HTML page: no script, no request, readable on a phone, in light and dark. */
import { duration, fixed, percent, withInterval } from "./format.ts";
import { labelOf } from "./names.ts";
import { fidelitySection, learningSection } from "./page/learning.ts";
import { bullets, facts, section } from "./page/markup.ts";
import { scoresSection } from "./page/scores.ts";
import { STYLE } from "./page/style.ts";
import { tissueSections } from "./page/tissue.ts";
import { escapeText } from "./plot/svg.ts";
import type { CodeReport, Report } from "./schema.ts";
import { list, type Standing, type Verdict, verdictOf } from "./verdict.ts";

export function renderReport(report: Report): string {
  const { task, free } = report;
  const verdict = verdictOf(report, task);
  const body = [
    `<header><p class="kicker">wetgrad organoid · ${escapeText(task.name)} · ${count(verdict.seeds, "seed")} · ${codeName(report)}</p>`,
    `<h1>${escapeText(verdict.headline)}</h1>${standfirst(report, task, verdict)}`,
    free ? `<nav><a href="#free">The same with the free code</a></nav>` : "",
    "</header>",
    codeSections(report, task, report.code),
    free ? freePart(free, task) : "",
    notesSection(report),
    footer(report),
  ].join("\n");
  return page(`${task.name}: wetgrad organoid`, body);
}

/** A whole page around `body`; `title` is plain text. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeText(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

function codeName(code: CodeReport): string {
  return code.code === "assigned" ? "assigned code" : "free code";
}

function freePart(free: CodeReport, task: Report["task"]): string {
  const verdict = verdictOf(free, task);
  return `<section class="part" id="free"><p class="kicker">free code</p><h2 class="part">${escapeText(verdict.headline)}</h2>
<p class="soft">Here no hand-made class pattern enters: babbling uses random patterns only, and the classes are given to the states that are easiest to evoke and to tell apart.</p>
${standfirst(free, task, verdict)}</section>${codeSections(free, task, "free")}`;
}

function codeSections(code: CodeReport, task: Report["task"], id: string): string {
  return [
    scoresSection(code, task, id),
    learningSection(code, task, id),
    tissueSections(code, task, id),
    fidelitySection(code, id),
  ].join("\n");
}

const MARKS: Readonly<Record<Standing, [string, string]>> = {
  beaten: ["✓", "beaten, intervals apart"],
  even: ["≈", "not told apart: intervals overlap"],
  ahead: ["✗", "better than the culture, intervals apart"],
};

function standfirst(code: CodeReport, task: Report["task"], verdict: Verdict): string {
  const ours = code.arms["descent"]?.probe;
  if (!ours) return "";
  const chance = code.baselines["chance"]?.accuracy.mean ?? 1 / task.classes;
  const sentences = [
    `${withInterval(ours.accuracy, percent)} % right, where chance is ${percent(chance)} %.`,
    verdict.teacherShare === null
      ? ""
      : `Descent gains ${percent(verdict.teacherShare, 0)} % of what a hand-made teacher that knows the answer gains over sham.`,
  ];
  const checks = verdict.controls.map(({ name, accuracy }) => {
    const [mark, words] = MARKS[accuracy];
    return `<li class="${accuracy}" title="${words}"><b aria-label="${words}:">${mark}</b>${escapeText(labelOf(name))}</li>`;
  });
  const missing = verdict.missing.map(
    (name) =>
      `<li class="missing" title="not run"><b aria-label="not run:">–</b>${escapeText(labelOf(name))}</li>`,
  );
  return `<p class="lede">${escapeText(sentences.join(" "))}</p><ul class="checks" aria-label="Against each control">${checks.join("")}${missing.join("")}</ul>${bullets(verdict.caveats, "caveats")}`;
}

function notesSection(report: Report): string {
  const notes = report.notes.map((note) => `<p>${escapeText(note)}</p>`).join("");
  return section("notes", "What to keep in mind", "", notes);
}

function footer(report: Report): string {
  const { timing, task, config, wetgradVersion } = report;
  const stages = Object.entries(timing.stages).sort(([, a], [, b]) => b - a);
  return `<section id="run"><h2>The run</h2>${facts([
    ["series", `${task.name}: ${task.source}`],
    ["classes", `${task.classes}, from ${count(task.lags, "lag")}`],
    ["wall time", duration(timing.wallSeconds)],
    ["by stage", list(stages.map(([name, seconds]) => `${name} ${duration(seconds)}`)) || "–"],
    ["peak memory", `${fixed(timing.peakMemoryMb, 0)} MB`],
    ["version", `wetgrad ${wetgradVersion}`],
  ])}<details><summary>Configuration</summary>${facts(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  )}</details></section>
<footer>Intervals are 95 % bootstrap intervals over seeds, widened for few of them. Same configuration and seed, same numbers.</footer>`;
}

function count(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? "" : "s"}`;
}
