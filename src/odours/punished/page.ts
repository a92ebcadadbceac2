/** The run as one self-contained page. */
import { bullets, facts, figure, NARROW, section, twoWidths, WIDE } from "../../report/page/markup.ts";
import { page } from "../../report/page/page.ts";
import { colourClass } from "../../report/page/style.ts";
import { type DotRow, dotPlot } from "../../report/plot/dots.ts";
import { escapeText } from "../../report/plot/svg.ts";
import { READOUTS, type ReadoutName } from "../circuit.ts";
import { WIRINGS } from "../controls.ts";
import { pointsSection } from "../points-table.ts";
import { ARMS } from "./arms.ts";
import type { ConditionReport, OdoursReport } from "./report.ts";

const SAYS: Readonly<Record<ReadoutName, string>> = {
  names: "read by the names of compartments",
  contact: "read by contact with dopamine cells",
};

export function renderOdours(report: OdoursReport): string {
  const { config, source, licence, signRule, verdict } = report;
  const [first] = verdict;
  const body = [
    `<header><p class="kicker">${escapeText(source)}</p><h1>Which of two odours is punished?</h1>${bullets(verdict.slice(0, 12), "caveats")}</header>`,
    ...READOUTS.map((readout) => conditionsSection(report, readout)),
    pointsSection(report.workingPoints),
    section(
      "how",
      "How it was measured",
      "",
      facts([
        [
          "pairs of odours",
          `${config.pairs}, from number ${config.firstPair} on; ${config.seeds} seeds each, whose parity says which odour is punished`,
        ],
        ["synapse", `${config.synapseMv} mV, rate of learning ${config.rate}`],
        ["signs", signRule],
        ["licence of the data", licence],
        [
          "right",
          "share of comparisons in which the punished odour is liked less, ties a half, without learning",
        ],
        ["intervals", "95 %, resampling pairs of odours, then seeds"],
        ...Object.entries(ARMS).map(([name, says]) => [name, says] as const),
        ...Object.entries(WIRINGS).map(([name, { says }]) => [name, says] as const),
      ]),
    ),
  ];
  return page(`wetgrad wiring learn: ${first ?? source}`, body.join("\n"));
}

function conditionsSection({ conditions, lead }: OdoursReport, readout: ReadoutName): string {
  const own = conditions.filter(
    (condition) => condition.readout === readout || condition.wiring === "no brain",
  );
  const real = own.filter(({ wiring }) => wiring === "real");
  if (real.length === 0) return "";
  const leader = real.find(({ arm }) => arm === lead);
  const draw = (width: number) =>
    dotPlot({
      title: `Right after the lesson, ${SAYS[readout]}`,
      description: own
        .map(({ wiring, arm, right }) => `${wiring}, ${arm}: ${right.mean.toFixed(2)}`)
        .join("; "),
      width,
      labelWidth: width === NARROW ? 130 : 190,
      xLabel: "right after the lesson (ring: before)",
      xDomain: [0, 1],
      xFormat: (value) => `${Math.round(100 * value)} %`,
      zero: 0.5,
      ...(leader && { against: leader.right.ci95 }),
      groups: [
        { heading: "arms, on the wiring itself", rows: real.flatMap((one) => rowsOf(one, lead)) },
        {
          heading: `${lead} on changed wirings`,
          rows: own.filter(({ wiring }) => wiring !== "real" && wiring !== "no brain").map(rowOf),
        },
        { heading: "no brain at all", rows: own.filter(({ wiring }) => wiring === "no brain").map(rowOf) },
      ],
    });
  const caption = `<b>Right after the lesson</b>, ${SAYS[readout]}. Dots: means; bars: 95 % intervals; ticks: pairs of odours; band: the interval of who leads; line: chance.`;
  return section(readout, `By ${readout}`, "", figure(twoWidths(draw, WIDE, NARROW), caption));
}

function rowsOf(condition: ConditionReport, lead: string): DotRow[] {
  const { before, perPair } = condition;
  if (condition.arm !== lead) return [rowOf(condition)];
  const ring: DotRow = {
    ...rowOf(condition),
    label: "before",
    mean: before.mean,
    ci95: before.ci95,
    perSeed: perPair.map(() => before.mean),
    isOpen: true,
  };
  return [rowOf(condition), ring];
}

function rowOf({ wiring, arm, right, perPair }: ConditionReport): DotRow {
  const label = wiring === "real" ? arm : wiring === "no brain" ? `no brain, ${arm}` : wiring;
  return {
    label,
    class: colourClass(arm),
    mean: right.mean,
    ci95: right.ci95,
    perSeed: perPair,
    title: `${label}: ${right.mean.toFixed(3)} [${right.ci95.map((end) => end.toFixed(3)).join(", ")}]`,
  };
}
