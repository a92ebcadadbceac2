/** A claim as a table of its own on a page. */
import { fixed, significant } from "../format.ts";
import { GROUP_LABELS, GROUPS } from "../names.ts";
import { escapeText } from "../plot/svg.ts";
import type { Claim, Rival } from "../schema/verdict.ts";
import { groupIn } from "./claim.ts";
import { marginOf, rivalLabel } from "./margins.ts";

/** Every difference with its interval and p, group by group. */
export function differencesTable(claim: Claim): string {
  const row = (rival: Rival) =>
    `<tr><th scope="row">${escapeText(rivalLabel(rival))}</th><td>${escapeText(marginOf(claim, rival))}</td><td>${probability(rival.p)}</td><td>${probability(rival.correctedP)}</td><td>${rival.difference.effectSize === null ? "–" : fixed(rival.difference.effectSize, 1)}</td></tr>`;
  const groups = GROUPS.flatMap((group) => {
    const rivals = groupIn(claim, group);
    if (rivals.length === 0) return [];
    return [`<tr class="group"><th colspan="5">${GROUP_LABELS[group]}</th></tr>`, ...rivals.map(row)];
  });
  return `<figure><div class="scroll"><table><thead><tr><th scope="col">descent minus</th><th scope="col">difference</th><th scope="col">p</th><th scope="col">after Holm</th><th scope="col">d</th></tr></thead><tbody>${groups.join("")}</tbody></table></div><figcaption>d: mean difference over the standard deviation of the differences.</figcaption></figure>`;
}

function probability(p: number | null): string {
  if (p === null) return "–";
  return p < 0.0001 ? "&lt; 0.0001" : significant(p, 2);
}
