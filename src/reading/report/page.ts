/** What a culture that read did, as one self-contained page. */
import { fixed, percent } from "../../report/format.ts";
import { facts, figure, NARROW, section, twoWidths, WIDE } from "../../report/page/markup.ts";
import { page } from "../../report/page/page.ts";
import { linePlot } from "../../report/plot/lines.ts";
import { escapeText } from "../../report/plot/svg.ts";
import { type RetrievalFigures, WAYS } from "../brain/candidates.ts";
import type { ReadingReport } from "./report.ts";
import { scanPath } from "./scan-path.ts";
import { spikesUnderWords } from "./spikes-under-words.ts";

/** What the rows are, in words; colours tell what is decoded from controls. */
export const NAMES: Readonly<
  Record<string, { readonly says: string; readonly class: string; readonly dash?: string }>
> = {
  oracle: { says: "the words' own vectors: the decoder's ceiling", class: "teacher", dash: "7 3" },
  allElectrodes: { says: "all electrodes", class: "frozen", dash: "5 5" },
  neverStimulated: { says: "electrodes never stimulated", class: "descent" },
  blanked: { says: "these, 4 ms after each pulse blanked", class: "random", dash: "9 4 2 4" },
  shuffledPairs: { says: "shuffled pairs", class: "control", dash: "2 4" },
  noiseIn: { says: "trained on noise, fed noise", class: "yoked", dash: "2 4" },
  fedNoise: { says: "trained on spikes, fed noise", class: "sham", dash: "1 4" },
  lengthOnly: { says: "length only", class: "control", dash: "6 2" },
  gazeOnly: { says: "gaze only", class: "scrambled", dash: "12 5" },
  spontaneous: { says: "fed spontaneous activity", class: "control", dash: "10 3 3 3" },
};

export function renderReading(report: ReadingReport): string {
  const { inputs, controls, read, seed, sentences } = report;
  const rows = { ...inputs, ...controls };
  const found = inputs.neverStimulated;
  const best = Object.values(controls).reduce((most, { ways50 }) => Math.max(most, ways50), 0);
  const verdict = `Which sentence a culture read is found among 50 in ${percent(found.ways50, 0)} % of cases, from electrodes that were never stimulated; the best control finds ${percent(best, 0)} %`;
  const body = [
    `<header><p class="kicker">wetgrad read culture · seed ${seed}</p><h1>${escapeText(verdict)}</h1>`,
    `<p class="lede">Simulated eyes read sentences; each word reaches the culture when it comes to be read, as volleys on half of the electrodes. The sentence is decoded from the spikes of the other half, and looked for among sentences of the same number of words. ${sentences.fit} sentences to fit on, ${sentences.test} others to test on.</p></header>`,
    section(
      "eyes",
      "The page, and where the eyes went",
      "",
      figure(
        twoWidths((width) => scanPath(read, width), WIDE, NARROW),
        "<b>Scan path</b> of the first sentences of the test, by E-Z Reader. Circles: fixations, as large as they were long.",
      ),
    ),
    section(
      "spikes",
      "Spikes under the words",
      "",
      read
        .slice(0, 2)
        .map((_, example) =>
          figure(
            twoWidths((width) => spikesUnderWords(report, example, { width }), WIDE, NARROW),
            "<b>One sentence.</b> Above, the electrodes that are never stimulated, from which it is decoded; below, those that carry the words. Blue: pulses; black: spikes that the array saw.",
          ),
        )
        .join('<div style="height:32px"></div>'),
    ),
    section("retrieval", "Which sentence it was", "", figure(curves(rows), CURVES) + table(rows)),
    section("said", "What is said", "", said(report)),
    section(
      "how",
      "How it was measured",
      "",
      facts([
        ["candidates", "of the same number of words; near-duplicates of the sentence left out"],
        ["near-duplicates left out", String(report.nearDuplicatesDropped)],
        ["pulses that the gate refused", String(report.refusedPulses)],
        ["teacher forcing", "none"],
        ["cultures", "one: nothing is claimed of others"],
      ]),
    ),
  ];
  return page("wetgrad read culture", body.join("\n"));
}

const CURVES =
  "<b>Share of sentences found</b>, by how many they were looked for among; dotted grey: chance. The controls lie on it, but for gaze alone, which knows how long words take.";

export function curves(rows: Readonly<Record<string, RetrievalFigures>>): string {
  const x = WAYS.map((ways) => Math.log10(ways));
  const entries = Object.entries(rows).map(([name, { curve }]) => ({ name, curve }));
  const chance = { name: "chance", curve: WAYS.map((ways) => 1 / ways) };
  const draw = (width: number) =>
    linePlot({
      title: "Share of sentences found",
      description: entries
        .map(({ name, curve }) => `${NAMES[name].says}: ${curve.map((v) => fixed(v, 2)).join(", ")}`)
        .join("; "),
      width,
      height: width > 500 ? 460 : 560,
      xLabel: "sentences to choose from",
      yLabel: "share found",
      yDomain: [0, 1],
      xFormat: (value) => String(Math.round(10 ** value)),
      lines: [chance, ...entries].map(({ name, curve }) => ({
        label: NAMES[name]?.says ?? name,
        class: NAMES[name]?.class ?? "truth",
        ...(NAMES[name]?.dash && { dash: NAMES[name].dash }),
        x,
        mean: [...curve],
        lo: [...curve],
        hi: [...curve],
      })),
    });
  return twoWidths(draw, WIDE, NARROW);
}

function table(rows: Readonly<Record<string, RetrievalFigures>>): string {
  const body = Object.entries(rows).map(
    ([name, { ways50, ways200, cosine }]) =>
      `<tr><th>${escapeText(NAMES[name].says)}</th>${[ways50, ways200, cosine].map((value) => `<td>${fixed(value, 3)}</td>`).join("")}</tr>`,
  );
  return `<div class="scroll" style="margin-top:20px"><table><thead><tr><th>decoded from</th><th>50-way</th><th>200-way</th><th>cosine</th></tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

function said({ spoken, examples }: ReadingReport): string {
  const figures = Object.entries(spoken).map(
    ([name, { bleu1, bleu4, wordRecall }]) =>
      `<tr><th>${escapeText(NAMES[name].says)}</th>${[bleu1, bleu4, wordRecall].map((value) => `<td>${fixed(value, 3)}</td>`).join("")}</tr>`,
  );
  const rows = examples.map(
    ({ sentence, said: text }) => `<tr><td>${escapeText(sentence)}</td><td>${escapeText(text)}</td></tr>`,
  );
  return `<div class="scroll"><table><thead><tr><th>z from</th><th>BLEU-1</th><th>BLEU-4</th><th>words said</th></tr></thead><tbody>${figures.join("")}</tbody></table></div>
<table class="wraps" style="margin-top:24px"><thead><tr><th>was read</th><th>is said from the spikes, free running</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
}
