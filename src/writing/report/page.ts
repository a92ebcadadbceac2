/** The experiment as one self-contained page. */
import { fixed, pValue, withInterval } from "../../report/format.ts";
import { bullets, facts, figure, NARROW, section, twoWidths, WIDE } from "../../report/page/markup.ts";
import { page } from "../../report/page/page.ts";
import { colourClass } from "../../report/page/style.ts";
import { type DotRow, dotPlot } from "../../report/plot/dots.ts";
import { linePlot } from "../../report/plot/lines.ts";
import type { Extent } from "../../report/plot/scale.ts";
import { escapeText } from "../../report/plot/svg.ts";
import { ARMS, type ArmName, DESCENTS, isDescent } from "../arms.ts";
import { verdictOf } from "./notes.ts";
import type { MeasuredReport, WritingReport } from "./schema.ts";
import { sentencesSection } from "./sentences.ts";

const two = (value: number) => fixed(value, 2);
const one = (value: number) => fixed(value, 1);

export function renderWriting(report: WritingReport): string {
  const { config, notes, heldOutCosine } = report;
  const body = [
    `<header><p class="kicker">wetgrad read experiment</p><h1>${escapeText(verdictOf(report))}</h1>`,
    '<p class="lede">A culture is shown contexts. Gradient descent on an emulator of the culture chooses what is written after each, so that the latent program decoded from its spikes comes to that of a target string. Then nothing is written, and the context alone is shown.</p></header>',
    section("cosine", "How near the tissue comes", "", figure(cosines(report), COSINES)),
    section("rank", "Whether the target is found", "", figure(ranks(report), RANKS)),
    section("sentences", "What the tissue says", "", sentencesSection(report)),
    section("descent", "The descent", "", losses(report)),
    section("ablation", "Which part of it does it", "", ablation(report)),
    section(
      "how",
      "How it was measured",
      "",
      facts([
        ["cultures", `${config.seeds}, seeds from ${config.firstSeed} on`],
        ["Dec_aux on babbled writes held out", withInterval(heldOutCosine, two)],
        ["pulses that the gate refused", String(report.refusedPulses)],
        ...config.arms.map((name) => [name, ARMS[name]] as const),
      ]),
    ),
    section("notes", "What to know", "", bullets(notes, "notes")),
  ];
  return page("wetgrad read experiment", body.join("\n"));
}

const COSINES =
  "<b>Cosine of the decoded program to the target's.</b> Dots: means over cultures; bars: 95 % intervals; faint ticks: single cultures; band: the descent's interval with nothing written. While it is written, a pulse's own electrode counts as having answered it.";
const RANKS =
  "<b>Rank of the target among 50 strings</b>, nothing written; 25.5 by chance, 1 where it is always found.";

type Pick = (arm: {
  while?: MeasuredReport;
  whileRead?: MeasuredReport;
  after: MeasuredReport;
}) => MeasuredReport | undefined;

function rowsBy(report: WritingReport, pick: Pick, of: "cosine" | "rank"): DotRow[] {
  return Object.entries(report.arms).flatMap(([name, arm]) => {
    const measured = isVariant(name as ArmName) ? undefined : pick(arm);
    return measured ? [rowOf(name, measured, of)] : [];
  });
}

const isVariant = (name: ArmName) => isDescent(name) && name !== "descent";

function rowOf(label: string, measured: MeasuredReport, of: "cosine" | "rank"): DotRow {
  const { mean, ci95, perSeed } = measured[of];
  const title = `${label}: cosine ${withInterval(measured.cosine, two)}, rank ${withInterval(measured.rank, one)}, first of 50 in ${withInterval(measured.top1, two)}`;
  return { label, class: colourClass(label === "hand" ? "teacher" : label), mean, ci95, perSeed, title };
}

function untaughtRows({ untaught, before }: WritingReport, of: "cosine" | "rank"): DotRow[] {
  return [
    rowOf("before", before, of),
    ...(untaught ? [rowOf("near contexts", untaught.near, of), rowOf("any contexts", untaught.far, of)] : []),
  ];
}

export function cosines(report: WritingReport): string {
  const groups = [
    { heading: "while it is written", rows: rowsBy(report, (arm) => arm.while, "cosine") },
    {
      heading: "while it is written, by the array's spikes alone",
      rows: rowsBy(report, (arm) => arm.whileRead, "cosine"),
    },
    { heading: "afterwards, nothing written", rows: rowsBy(report, (arm) => arm.after, "cosine") },
    { heading: "not taught", rows: untaughtRows(report, "cosine") },
  ];
  const all = groups.flatMap(({ rows }) => rows.flatMap(({ ci95, perSeed }) => [...ci95, ...perSeed]));
  const xDomain: Extent = [Math.min(-0.2, ...all), 1];
  return dots(report, { groups, xDomain, xLabel: "cosine", of: "cosine", format: two });
}

export function ranks(report: WritingReport): string {
  const groups = [
    { heading: "afterwards, nothing written", rows: rowsBy(report, (arm) => arm.after, "rank") },
    { heading: "not taught", rows: untaughtRows(report, "rank") },
  ];
  const all = groups.flatMap(({ rows }) => rows.flatMap(({ ci95, perSeed }) => [...ci95, ...perSeed]));
  const xDomain: Extent = [1, Math.max(30, ...all)];
  return dots(report, { groups, xDomain, xLabel: "mean rank of 50", of: "rank", format: (v) => fixed(v, 0) });
}

function dots(
  { arms }: WritingReport,
  {
    groups,
    xDomain,
    xLabel,
    of,
    format,
  }: {
    groups: { heading: string; rows: DotRow[] }[];
    xDomain: Extent;
    xLabel: string;
    of: "cosine" | "rank";
    format: (value: number) => string;
  },
): string {
  const draw = (width: number) =>
    dotPlot({
      title: xLabel,
      description: groups.flatMap(({ rows }) => rows.map(({ title }) => title)).join("; "),
      groups,
      width,
      labelWidth: 120,
      xLabel,
      xDomain,
      xFormat: format,
      ...(of === "cosine" && { zero: 0 }),
      ...(arms.descent && { against: arms.descent.after[of].ci95 }),
    });
  return twoWidths(draw, WIDE, NARROW);
}

export function losses({ losses: curve, config: { pairs } }: WritingReport): string {
  if (curve.length < 2) return "";
  const draw = (width: number) =>
    linePlot({
      title: "Loss of the descent",
      description: `from ${two(curve[0].mean)} to ${two(curve[curve.length - 1].mean)}`,
      width,
      height: 260,
      xLabel: "presentations",
      yLabel: "loss",
      legend: false,
      lines: [
        {
          label: "descent",
          class: "descent",
          x: curve.map((_, block) => (block + 1) * pairs),
          mean: curve.map(({ mean }) => mean),
          lo: curve.map(({ ci95 }) => ci95[0]),
          hi: curve.map(({ ci95 }) => ci95[1]),
        },
      ],
    });
  return figure(
    twoWidths(draw, WIDE, NARROW),
    "<b>Loss of the descent</b>: squared error of the decoded program, less the log density of the displacement; mean over cultures with its 95 % band.",
  );
}

function ablation({ ablation: cells, arms }: WritingReport): string {
  const rows = Object.entries(cells);
  if (rows.length < 2) return "";
  const p = (name: string) => {
    const behind = arms[name as ArmName]?.behindDescent;
    return behind
      ? `${two(behind.mean)} [${behind.ci95.map(two).join(", ")}], p ${pValue(behind.correctedP)}`
      : "";
  };
  const head = [
    "density over",
    "decoder of",
    "while written",
    "after, no write",
    "by its own decoder",
    "emulator's own",
    "target's electrodes",
    "descent minus it",
  ];
  const body = rows.map(([name, cell]) => [
    cell.density,
    cell.reads,
    withInterval(cell.while.cosine, two),
    withInterval(cell.after.cosine, two),
    withInterval(cell.afterByOwn.cosine, two),
    withInterval(cell.emulatorCosine, two),
    withInterval(cell.codeOverlap, two),
    p(name),
  ]);
  const line = (texts: readonly string[], tag: "th" | "td") =>
    `<tr>${texts.map((text) => `<${tag}>${escapeText(text)}</${tag}>`).join("")}</tr>`;
  return `<div class="scroll"><table><thead>${line(head, "th")}</thead><tbody>${body.map((row) => line(row, "td")).join("")}</tbody></table></div>
<p class="soft">Cosine to the target, ${Object.keys(DESCENTS).length} ways to descend on the same cultures. The emulator's own: what its decoder reads off the state that the descent came to. A high one with few of the target's electrodes is an adversarial example, not a state of the tissue.</p>`;
}
