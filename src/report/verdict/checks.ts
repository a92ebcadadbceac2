/** A claim as marks in a row, group by group: beaten, not significantly different, better. */
import { GROUP_LABELS, GROUPS, labelOf } from "../names.ts";
import { escapeText } from "../plot/svg.ts";
import type { Claim, Rival } from "../schema/verdict.ts";
import { groupIn } from "./claim.ts";
import { isJudged, marginOf, markOf, rivalLabel, showDifference, unitOf, verbOf } from "./margins.ts";

/** `missing`: controls that were not run. */
export function checks(claim: Claim, missing: readonly string[] = []): string {
  const absent = missing.map(
    (name) =>
      `<li class="missing" title="not run"><b aria-label="not run:">–</b>${escapeText(labelOf(name))}</li>`,
  );
  return GROUPS.map((group) => {
    const marks = groupIn(claim, group).map((rival) => check(claim, rival));
    const all = [...marks, ...(group === "control" ? absent : [])].join("");
    return all && `<p class="checks-of">${GROUP_LABELS[group]}</p><ul class="checks">${all}</ul>`;
  }).join("");
}

function check(claim: Claim, rival: Rival): string {
  const words = verbOf(rival);
  const standing = isJudged(rival) ? rival.standing : "unjudged";
  const margin = `${marginOf(claim, rival)} ${unitOf(claim.metric)}`;
  return `<li class="${standing}" title="${words}: ${escapeText(margin)}"><b aria-label="${words}:">${markOf(rival)}</b>${escapeText(rivalLabel(rival))} <small>${escapeText(showDifference(claim.metric, rival.difference.mean))}</small></li>`;
}
