/** The sentences: what was to be brought to mind, and what the text decoder says of the tissue before and after, in every arm. */
import { fixed } from "../../report/format.ts";
import { escapeText } from "../../report/plot/svg.ts";
import { type ArmName, isDescent } from "../arms.ts";
import type { SentenceReport, WritingReport } from "./schema.ts";

export function sentencesSection({ sentences, config }: WritingReport): string {
  const bySeed = new Map<number, SentenceReport[]>();
  for (const sentence of sentences)
    bySeed.set(sentence.seed, [...(bySeed.get(sentence.seed) ?? []), sentence]);
  const tables = [...bySeed].map(
    ([seed, rows], i) =>
      `<details${i === 0 ? " open" : ""}><summary>culture ${seed}</summary>${rows.map(card).join("")}</details>`,
  );
  return `<p class="soft">Each card: a context that the culture was shown, the target, and what the text decoder makes of the program decoded from the tissue with nothing written (mean of ${config.probes} presentations; in brackets the cosine to the target).</p>${tables.join("")}`;
}

function card({ context, target, targetSaid, said }: SentenceReport): string {
  const arms = Object.entries(said).filter(([name]) => name === "descent" || !isDescent(name as ArmName));
  const rows = [
    ["shown", escapeText(context)],
    ["target", `<b>${escapeText(target)}</b>`],
    ["target, by its numbers", escapeText(targetSaid)],
    ...arms.map(([name, { text, cosine }]) => [
      name === "before" ? name : `after ${name}`,
      `${escapeText(text)} <small>(${fixed(cosine, 2)})</small>`,
    ]),
  ];
  const body = rows.map(([name, text]) => `<tr><th>${name}</th><td>${text}</td></tr>`).join("");
  return `<table class="wraps" style="margin:18px 0 8px;max-width:44em"><tbody>${body}</tbody></table>`;
}
