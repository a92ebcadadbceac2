/** What the synapses hold, beside what the tissue says: where the next bottleneck is. Of one culture and of many alike. */
import type { Interval } from "../../math/interval.ts";
import { percent, withInterval } from "../format.ts";
import { groupOf, inOrder, labelOf } from "../names.ts";
import { dotPlot } from "../plot/dots.ts";
import { escapeText } from "../plot/svg.ts";
import type { HoldingReport } from "../schema/interval.ts";
import { figure, section } from "./markup.ts";
import { colourClass } from "./style.ts";

export interface Held {
  readonly holdings: Readonly<Record<string, HoldingReport>> | undefined;
  /** What the tissue itself says in each of these states, where it was asked. */
  readonly says: Readonly<Record<string, Interval | undefined>>;
}

const STATES: Readonly<Record<string, string>> = {
  before: "before training",
  retention: "descent, left alone afterwards",
};

export function synapsesSection(id: string, { holdings, says }: Held): string {
  if (!holdings) return "";
  const arms = inOrder(holdings).filter((name) => !(name in STATES));
  const states = ["before", ...arms, "retention"].filter((name) => holdings[name]);
  const labelled = (name: string) => STATES[name] ?? labelOf(name);
  const readings = (name: string) => ({
    "the tissue says": says[name],
    "synapses, summed": holdings[name].summed,
    "synapses, each": holdings[name].perSynapse,
  });
  const drawn = states.filter(
    (name) => name in STATES || name === "descent" || groupOf(name) === "reference",
  );
  const groups = drawn.map((name) => ({
    heading: labelled(name),
    rows: Object.entries(readings(name)).flatMap(([label, value]) =>
      value
        ? [
            {
              label,
              class: colourClass(name),
              ...value,
              title: `${labelled(name)}, ${label}: ${withInterval(value, percent)} %`,
            },
          ]
        : [],
    ),
  }));
  const plot = dotPlot({
    title: "What the synapses hold",
    description: synapsesLine({ holdings, says }),
    groups,
    width: 470,
    labelWidth: 138,
    xLabel: "right class (%)",
    xDomain: [0, 1],
    xFormat: (value) => percent(value, 0),
  });
  const show = (value: Interval | undefined) => (value ? withInterval(value, percent) : "–");
  const heads = ["", "the tissue says (%)", "synapses, summed", "synapses, each"];
  const rows = states.map(
    (name) =>
      `<tr${name === "descent" ? ' class="ours"' : ""}><th scope="row">${escapeText(labelled(name))}</th>${Object.values(
        readings(name),
      )
        .map((value) => `<td>${show(value)}</td>`)
        .join("")}</tr>`,
  );
  const table = `<div class="scroll"><table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
  return section(
    id,
    "What the synapses hold",
    "The direct synapses from the cells of each place to those of each class, read additively on the same held-out data: no spike, threshold or inhibition comes in between.",
    `<div class="pair">${figure(plot, "Dots are means over seeds, bars 95 % intervals, faint ticks single seeds. Summed: strengths as they add up. Each: their mean, so that a place with more synapses onto a class has no more say.")}<figure>${table}<figcaption>Where the tissue says less than its summed synapses hold, its answering is short; where they hold less summed than each, its anatomy; where both are low, its learning.</figcaption></figure></div>`,
  );
}

/** One line for a terminal; empty where synapses were not read. */
export function synapsesLine({ holdings, says }: Held): string {
  const after = holdings?.["descent"];
  if (!after) return "";
  const show = (value: Interval) => withInterval(value, percent);
  const own = says["descent"] ? `; the tissue itself says ${show(says["descent"])}` : "";
  const before = holdings["before"];
  const earlier = before
    ? ` (before training ${percent(before.summed.mean)} and ${percent(before.perSynapse.mean)})`
    : "";
  return `What descent left in the direct synapses, read additively: ${show(after.summed)} % right as they add up, ${show(after.perSynapse)} by their mean${earlier}${own}.`;
}
