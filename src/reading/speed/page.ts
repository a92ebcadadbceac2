/** How fast cultures read, as one self-contained page. */
import { makeFolder } from "../../files/folder.ts";
import { writeWhole } from "../../files/whole.ts";
import { type ReportPaths, reportPaths } from "../../report/files.ts";
import { fixed, percent, pValue } from "../../report/format.ts";
import { bullets, facts, figure, NARROW, section, twoWidths, WIDE } from "../../report/page/markup.ts";
import { page } from "../../report/page/page.ts";
import { linePlot } from "../../report/plot/lines.ts";
import { escapeText } from "../../report/plot/svg.ts";
import { type SpeedArm, type SpeedReport, WAYS } from "./report.ts";

const LOOKS: Readonly<Record<string, { readonly class: string; readonly dash?: string }>> = {
  text: { class: "truth" },
  next: { class: "descent" },
  predicted: { class: "teacher", dash: "7 3" },
  yoked: { class: "yoked", dash: "2 4" },
  random: { class: "random", dash: "9 4 2 4" },
  writeOnly: { class: "scrambled", dash: "12 5" },
  sham: { class: "sham", dash: "1 4" },
};
const SHORT: Readonly<Record<string, string>> = {
  text: "text alone",
  next: "true next words",
  predicted: "predicted words",
  yoked: "words of another sentence",
  random: "random electrodes",
  writeOnly: "next words, no text",
  sham: "nothing written",
};

export function writeSpeed(folder: string, report: SpeedReport): ReportPaths {
  const paths = reportPaths(folder);
  makeFolder(folder);
  writeWhole(paths.json, `${JSON.stringify(report)}\n`);
  writeWhole(paths.html, renderSpeed(report));
  return paths;
}

export function renderSpeed(report: SpeedReport): string {
  const { config, assisted, taught, verdict, levels, pulses, refused } = report;
  const body = [
    `<header><p class="kicker">wetgrad read speed · ${config.seeds === 1 ? "one culture" : `${config.seeds} cultures`}</p><h1>Does writing make a culture read faster?</h1>${bullets(verdict, "caveats")}</header>`,
    section(
      "assisted",
      "While words are written",
      "",
      figure(curves("While words are written", assisted, report), CAPTION) + table(assisted, "as text alone"),
    ),
    section(
      "taught",
      "After lessons, nothing written",
      "",
      figure(curves("After lessons, nothing written", taught, report), TAUGHT) +
        table(taught, "as with nothing written"),
    ),
    section("bits", "Less what the writes say by themselves", "", bits(report)),
    section(
      "how",
      "How it was measured",
      "",
      facts([
        [
          "sentences",
          `${config.sentences} to fit the decoder on, text alone, at each speed; ${config.test} others to test on`,
        ],
        ["looked for among", `${WAYS} of as many words; near-duplicates left out`],
        [
          "level",
          `half of the share, above chance, that text alone has at the slowest speed, in each culture: ${levels.map((level) => percent(level, 0)).join(", ")} %`,
        ],
        [
          "a write",
          "five electrodes of another word's code, 4 ms after a word's second volley; never on electrodes that are decoded from",
        ],
        ["lessons", `${config.lessons} sentences with plasticity on`],
        ["pulses", `${pulses}, and ${refused} that the gate refused`],
        ["intervals", "95 %, over cultures"],
      ]),
    ),
  ];
  return page("wetgrad read speed", body.join("\n"));
}

const CAPTION = `<b>Share of sentences found among ${WAYS}</b>, by words a minute. All arms read the same sentences; bands are 95 % intervals over cultures.`;
const TAUGHT = `<b>The same after lessons</b>: text alone is read, with no pulse but the words' own.`;

function curves(title: string, arms: Readonly<Record<string, SpeedArm>>, { config }: SpeedReport): string {
  const x = config.msPerWord.map((ms) => Math.log10(60_000 / ms)).reverse();
  const draw = (width: number) =>
    linePlot({
      title,
      description: Object.entries(arms)
        .map(([name, { found }]) => `${SHORT[name]}: ${found.map(({ mean }) => fixed(mean, 2)).join(", ")}`)
        .join("; "),
      width,
      height: width > 500 ? 420 : 520,
      xLabel: "words a minute",
      yLabel: "share found",
      xFormat: (value) => String(Math.round(10 ** value / 10) * 10),
      references: [{ label: "chance", y: 1 / WAYS }],
      lines: Object.entries(arms).map(([name, { found }]) => ({
        label: SHORT[name],
        ...LOOKS[name],
        x,
        mean: found.map(({ mean }) => mean).reverse(),
        lo: found.map(({ ci95 }) => ci95[0]).reverse(),
        hi: found.map(({ ci95 }) => ci95[1]).reverse(),
      })),
    });
  return twoWidths(draw, WIDE, NARROW);
}

function table(arms: Readonly<Record<string, SpeedArm>>, beside: string): string {
  const rows = Object.values(arms).map(({ meaning, wordsPerMinute, ratio }) => {
    const known = wordsPerMinute.filter((speed) => speed !== null);
    const speed =
      known.length > 0 ? `${Math.min(...known).toFixed(0)} to ${Math.max(...known).toFixed(0)}` : "-";
    const times = ratio
      ? `${fixed(ratio.mean, 2)} [${ratio.ci95.map((end) => fixed(end, 2)).join(", ")}]`
      : "-";
    return `<tr><th>${escapeText(meaning)}</th><td>${speed}</td><td>${known.length}</td><td>${times}</td></tr>`;
  });
  return `<div class="scroll" style="margin-top:20px"><table class="wraps"><thead><tr><th>arm</th><th>words a minute at the level</th><th>cultures that come to it</th><th>times as fast ${beside}</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function bits({ beyondBoth, config }: SpeedReport): string {
  const rows = beyondBoth.map(
    ({ mean, ci95, correctedP }, i) =>
      `<tr><th>${config.msPerWord[i]} ms</th><td>${fixed(mean, 2)} [${ci95.map((end) => fixed(end, 2)).join(", ")}]</td><td>${correctedP === null ? "-" : pValue(correctedP)}</td></tr>`,
  );
  return `<p>Written words reach the decoder past the eyes. What counts is what text and writes say together, less what the writes say without the text, less what the text says alone.</p><div class="scroll"><table><thead><tr><th>time a word</th><th>bits beyond both</th><th>p, corrected</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}
