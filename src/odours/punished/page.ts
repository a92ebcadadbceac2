/** The run as one self-contained page. */
import { bullets, facts, figure, NARROW, section, twoWidths, WIDE } from "../../report/page/markup.ts";
import { page } from "../../report/page/page.ts";
import { colourClass } from "../../report/page/style.ts";
import { type DotRow, dotPlot } from "../../report/plot/dots.ts";
import { escapeText } from "../../report/plot/svg.ts";
import { READOUTS, type ReadoutName } from "../circuit.ts";
import { WIRINGS } from "../controls.ts";
import { pathFigure } from "../drawing/path-figure.ts";
import { pointsSection } from "../points-table.ts";
import { ARMS } from "./arms.ts";
import type { ConditionReport, OdoursReport } from "./report.ts";
import type { TaskName } from "./stimuli.ts";

const SAYS: Readonly<Record<ReadoutName, string>> = {
  names: "read by the names of compartments",
  contact: "read by contact with dopamine cells",
};

const HEADING: Readonly<Record<TaskName, string>> = {
  odours: "Which of two odours is punished?",
  configural: "Which odours are punished, if no sum over receptors says it?",
};

export function renderOdours(report: OdoursReport): string {
  const { config, source, licence, signRule, verdict } = report;
  const [first] = verdict;
  const body = [
    `<header><p class="kicker">${escapeText(source)}</p><h1>${HEADING[config.task]}</h1>${bullets(verdict.slice(0, 12), "caveats")}</header>`,
    ...READOUTS.map((readout) => conditionsSection(report, readout)),
    ...toldApartSection(report),
    ...pathSection(report),
    pointsSection(report.workingPoints),
    section(
      "how",
      "How it was measured",
      "",
      facts([
        [
          config.task === "odours" ? "pairs of odours" : "fours of odours",
          `${config.pairs}, from number ${config.firstPair} on; ${config.seeds} seeds each, whose parity says what is punished; ${config.trials} lessons of each odour`,
        ],
        [
          "synapse",
          `${config.synapseMv} mV, rate of learning ${config.rate}, raising beside lowering ${config.heal}`,
        ],
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

/** Of the wiring itself, by one readout. */
function ownArms({ conditions }: OdoursReport, readout: ReadoutName): ConditionReport[] {
  return conditions.filter((one) => one.wiring === "real" && one.readout === readout);
}

/** How much odours are liked, before and after, and what was spent on it, arm by arm. */
function toldApartSection(report: OdoursReport): string[] {
  return report.config.readouts.map((readout) => {
    const arms = ownArms(report, readout);
    const rows = (arm: ConditionReport, when: "before" | "after"): DotRow[] =>
      (["punished", "others"] as const).map((which) => ({
        label: which === "punished" ? `${arm.arm}, punished` : "the others",
        class: colourClass(which === "punished" ? "teacher" : "descent"),
        ...{ mean: arm.liking[when][which], ci95: [arm.liking[when][which], arm.liking[when][which]] },
        perSeed: [arm.liking.before[which]],
        title: `${arm.arm}, ${which}: liking ${arm.liking.before[which].toFixed(3)} before, ${arm.liking.after[which].toFixed(3)} after`,
      }));
    const draw = (width: number) =>
      dotPlot({
        title: "How much odours are liked",
        description: arms
          .map(
            ({ arm, liking }) =>
              `${arm}: ${liking.after.punished.toFixed(2)} and ${liking.after.others.toFixed(2)}`,
          )
          .join("; "),
        ...{ width, labelWidth: width === NARROW ? 140 : 190 },
        xLabel: "liking after (tick: before)",
        xDomain: [0, 1],
        zero: 0.5,
        groups: [{ heading: "arms, on the wiring itself", rows: arms.flatMap((arm) => rows(arm, "after")) }],
      });
    const head = [
      "arm",
      "spikes of dopamine cells",
      "light of a lesson (doses)",
      "overlap of odours before",
      "after",
    ];
    const cells = arms.map(
      ({ arm, dopamineSpikes, doses, overlap }) =>
        `<tr><th scope="row">${escapeText(arm)}</th><td>${Math.round(dopamineSpikes)}</td><td>${doses.toFixed(2)}</td><td>${overlap.before.toFixed(2)}</td><td>${overlap.after.toFixed(2)}</td></tr>`,
    );
    const table = `<div class="scroll"><table><thead><tr>${head.map((name) => `<th scope="col">${name}</th>`).join("")}</tr></thead><tbody>${cells.join("")}</tbody></table></div>`;
    const caption =
      "<b>How much odours are liked</b>: approach / (approach + avoidance), means over units. What is told apart lies apart.";
    return section(
      `liking-${readout}`,
      `Odours told apart, by ${readout}`,
      "",
      `${figure(twoWidths(draw, WIDE, NARROW), caption)}${table}`,
    );
  });
}

/** Drawn for who leads. */
function pathSection(report: OdoursReport): string[] {
  const { lead, path, compartments, config } = report;
  const readout = config.readouts[0];
  const learned = ownArms(report, readout).find(({ arm }) => arm === lead)?.learned;
  if (!learned) return [];
  const draw = (width: number) => pathFigure({ classes: path, compartments, learned, width });
  const caption = `<b>The path that learned</b>, mean over units, as ${lead} left it: lines from Kenyon cells to the output neurons of each compartment, as thick as their synapses are far from what they were; blue: lowered, orange: raised. ${path.some(({ cells }) => cells.some(({ placeUm }) => placeUm)) ? "Cells at their positions." : "The file has no positions: cells by class."}`;
  return [section("path", "The path that learned", "", figure(twoWidths(draw, WIDE, NARROW), caption))];
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
