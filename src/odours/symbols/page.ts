/** The run of symbols as one self-contained page. */
import { significant } from "../../report/format.ts";
import { bullets, facts, figure, NARROW, section, twoWidths, WIDE } from "../../report/page/markup.ts";
import { page } from "../../report/page/page.ts";
import { colourClass } from "../../report/page/style.ts";
import { type DotRow, dotPlot } from "../../report/plot/dots.ts";
import { linePlot } from "../../report/plot/lines.ts";
import { escapeText } from "../../report/plot/svg.ts";
import { WIRINGS } from "../controls.ts";
import { pointsSection } from "../points-table.ts";
import { SYMBOL_ARMS } from "./arms.ts";
import { HANDS, type SymbolArmReport, type SymbolsReport } from "./report.ts";

export function renderSymbols(report: SymbolsReport): string {
  const { config, answers, source, licence, signRule, verdict, emulator } = report;
  const body = [
    `<header><p class="kicker">${escapeText(source)}</p><h1>Which symbol comes next?</h1>${bullets(verdict, "caveats")}</header>`,
    section("arms", "Right after teaching", "", rightFigure(report)),
    section("course", "How it came", "", courseFigure(report)),
    spentSection(report),
    pointsSection(report.workingPoints),
    section(
      "how",
      "How it was measured",
      "",
      facts([
        [
          "symbols",
          `${answers.length}, each an odour of 6 glomeruli; the answer to one is the compartment of the next (${answers.join(", ")}), the one whose output neurons fire most against their mean`,
        ],
        ["a lesson", "the symbol for 400 ms, light on dopamine cells for 200 ms, 600 ms of rest"],
        [
          "rounds",
          `${config.babbleRounds} of babbling (doses at random), then ${config.rounds} of teaching from the same brain in every arm; ${config.seeds} seeds from ${config.firstSeed} on`,
        ],
        [
          "emulator",
          `mean squared error of readings (roots of spikes, whose noise alone is 0.25) in the last quarter: ${significant(emulator.error)}; where lessons are said to change nothing ${significant(emulator.errorWithoutChange)}`,
        ],
        ["synapse", `${config.synapseMv} mV, rate of learning ${config.rate}`],
        ["signs", signRule],
        ["licence of the data", licence],
        ["intervals", "95 % over seeds; differences by Student's t, p after Holm over all arms"],
        ...config.arms.map((arm) => [arm, SYMBOL_ARMS[arm]] as const),
        ...config.wirings.map((name) => [name, WIRINGS[name].says] as const),
        ["no brain", "descent on receptors alone, which reach a unit for each answer, with the same rule"],
      ]),
    ),
  ];
  return page(`wetgrad wiring learn: ${verdict[0] ?? source}`, body.join("\n"));
}

/** Light and dopamine by arm. */
function spentSection({ arms }: SymbolsReport): string {
  const rows = arms.map(
    ({ arm, doses, dopamineSpikes }) =>
      `<tr><th scope="row">${escapeText(arm)}</th><td>${doses.toFixed(2)}</td><td>${Math.round(dopamineSpikes)}</td></tr>`,
  );
  const head = ["arm", "light of a lesson (doses)", "spikes of dopamine cells"];
  const table = `<div class="scroll"><table><thead><tr>${head.map((name) => `<th scope="col">${name}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
  return section("spent", "What was spent on it", "Means over seeds, all lessons of an arm.", table);
}

function rightFigure({ arms, changed, before, chance }: SymbolsReport): string {
  const isHand = ({ arm }: SymbolArmReport) => HANDS.includes(arm);
  const descent = arms.filter(({ arm }) => arm === "descent");
  const ring: DotRow = {
    label: "before",
    class: colourClass("descent"),
    mean: before.mean,
    ci95: before.ci95,
    perSeed: before.perSeed,
    isOpen: true,
    title: `before: ${before.mean.toFixed(3)}`,
  };
  const draw = (width: number) =>
    dotPlot({
      title: "Right after teaching",
      description: arms.map(({ arm, right }) => `${arm}: ${right.mean.toFixed(2)}`).join("; "),
      width,
      labelWidth: width === NARROW ? 135 : 160,
      xLabel: "right answers (ring: before)",
      xDomain: [0, 1],
      xFormat: (value) => `${Math.round(100 * value)} %`,
      zero: chance,
      against: descent[0].right.ci95,
      groups: [
        { heading: "gradient descent", rows: [...descent.map(rowOf), ring] },
        { heading: "hands that know the right answer", rows: arms.filter(isHand).map(rowOf) },
        {
          heading: "descent on changed wirings, and without a brain",
          rows: changed.map(({ wiring, right }) => ({
            label: wiring,
            class: colourClass("yoked"),
            ...{ mean: right.mean, ci95: right.ci95, perSeed: right.perSeed },
            title: `${wiring}: ${right.mean.toFixed(3)}`,
          })),
        },
        {
          heading: "controls",
          rows: arms.filter((one) => one.arm !== "descent" && !isHand(one)).map(rowOf),
        },
      ].filter(({ rows }) => rows.length > 0),
    });
  return figure(
    twoWidths(draw, WIDE, NARROW),
    "<b>Right after teaching</b>, no dopamine lit. Dots: means; bars: 95 % intervals; ticks: seeds; band: descent's interval; line: chance.",
  );
}

function rowOf({ arm, right, doses }: SymbolArmReport): DotRow {
  return {
    label: arm,
    class: colourClass(HANDS.includes(arm) ? "teacher" : arm),
    mean: right.mean,
    ci95: right.ci95,
    perSeed: right.perSeed,
    title: `${arm}: ${right.mean.toFixed(3)}, ${doses.toFixed(2)} doses a lesson`,
  };
}

function courseFigure({ arms, before, config }: SymbolsReport): string {
  const taught = arms.filter(({ course }) => course.length > 0);
  const x = [
    0,
    ...taught[0].course.map((_, i) => Math.min(config.rounds, (i + 1) * Math.ceil(config.rounds / 4))),
  ];
  const drawing = linePlot({
    title: "Right answers by round",
    description: "Mean over seeds, after each quarter of the rounds.",
    width: 620,
    height: 320,
    xLabel: "rounds",
    yLabel: "right (%)",
    yDomain: [0, 1],
    yFormat: (value) => `${Math.round(100 * value)}`,
    lines: taught.map(({ arm, course }) => {
      const mean = [before.mean, ...course];
      return {
        label: arm,
        class: colourClass(HANDS.includes(arm) ? "teacher" : arm),
        ...(arm === "others" && { dash: "7 3" }),
        ...{ x, mean, lo: mean, hi: mean },
      };
    }),
  });
  return figure(
    drawing,
    "<b>Right answers by round</b>, means over seeds; on the way by two trials a symbol, at the end by five.",
  );
}
