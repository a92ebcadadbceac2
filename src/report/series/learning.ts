/** How it went: learning curves by arm, write fidelity over presentations, effects, what remained. */
import { fixed, percent, withInterval } from "../format.ts";
import { inOrder, labelOf } from "../names.ts";
import { figure, section } from "../page/markup.ts";
import { colourClass, DASHES } from "../page/style.ts";
import { type Line, linePlot } from "../plot/lines.ts";
import { escapeText } from "../plot/svg.ts";
import type { CodeReport, Curve, WriteFidelity } from "../schema/series.ts";
import type { Report } from "../schema.ts";

function lineOf(label: string, name: string, x: readonly number[], curve: Curve): Line {
  const dash = DASHES[name];
  return { label, class: colourClass(name), x, ...curve, ...(dash ? { dash } : {}) };
}

/** The learning curves of all arms; empty where there are none. */
export function learningPlot(report: Report, code: CodeReport): string {
  const names = inOrder(code.curves).reverse();
  const chance = code.baselines["chance"]?.accuracy.mean ?? report.task.chance;
  const lines = names.map((name) =>
    lineOf(labelOf(name, report), name, code.curves[name].presentations, code.curves[name].accuracy),
  );
  if (lines.length === 0) return "";
  return linePlot({
    title: "Learning curves",
    description: "Accuracy of the culture alone in each probe, by arm, with 95 % intervals over seeds.",
    width: 470,
    height: 400,
    lines,
    yDomain: [0, 1],
    xLabel: "presentations",
    yLabel: "right (%)",
    yFormat: (value) => percent(value, 0),
    references: [{ label: "chance", y: chance }],
  });
}

export function learningSection(report: Report, code: CodeReport): string {
  const drawing = learningPlot(report, code);
  const plot = drawing
    ? figure(
        drawing,
        "Accuracy of the culture alone in the probe after each cycle. Bands are 95 % intervals over seeds.",
      )
    : "";
  const tables = [writtenTable(report, code), retentionTable(report, code)].join("");
  if (plot === "" && tables === "") return "";
  return section(
    `${code.code}-learning`,
    "Learning",
    "",
    `<div class="pair">${plot}<div>${tables}</div></div>`,
  );
}

/** How much was written, where each datum is read first. */
function writtenTable(report: Report, { effort = {} }: CodeReport): string {
  const rows = inOrder(effort).flatMap((name) => {
    const { presentations, written, writePulses } = effort[name];
    if (written === undefined) return [];
    const cells = [presentations - written, written, writePulses].map(
      (count) => `<td>${fixed(count, 0)}</td>`,
    );
    return [`<tr><th scope="row">${escapeText(labelOf(name, report))}</th>${cells.join("")}</tr>`];
  });
  if (rows.length === 0) return "";
  return `<figure style="margin-top:28px"><div class="scroll"><table><thead><tr><th scope="col">presentations</th><th scope="col">read</th><th scope="col">written</th><th scope="col">pulses of writes</th></tr></thead><tbody>${rows.join("")}</tbody></table></div><figcaption>Each datum was read first, and shown again where something was written to it. Means over seeds.</figcaption></figure>`;
}

function retentionTable(report: Report, code: CodeReport): string {
  if (!code.retention) return "";
  const { arms, spontaneousSeconds } = code.retention;
  const rows = inOrder(arms).map((name) => {
    const before = code.arms[name] ? withInterval(code.arms[name].probe.accuracy, percent) : "–";
    const after = withInterval(arms[name].accuracy, percent);
    return `<tr><th scope="row">${escapeText(labelOf(name, report))}</th><td>${before}</td><td>${after}</td></tr>`;
  });
  const minutes = fixed(spontaneousSeconds / 60, spontaneousSeconds % 60 === 0 ? 0 : 1);
  return `<figure><div class="scroll"><table><thead><tr><th scope="col">what remains</th><th scope="col">after training (%)</th><th scope="col">${minutes} min later (%)</th></tr></thead><tbody>${rows.join("")}</tbody></table></div><figcaption>Accuracy before and after ${minutes} minutes of spontaneous activity with plasticity on.</figcaption></figure>`;
}

const FIDELITY: readonly [keyof WriteFidelity["curves"], string, string, string, "share" | "free"][] = [
  ["exact", "Exact code", "writes on exactly the electrodes of the true class", "writes (%)", "share"],
  [
    "overlap",
    "Overlap",
    "of the true class’s electrodes, how many were written to",
    "electrodes (%)",
    "share",
  ],
  [
    "correlation",
    "Intended and evoked",
    "correlation of the state meant and the state evoked",
    "correlation r",
    "free",
  ],
  [
    "logDensity",
    "Plausibility",
    "log density of the intended state under the emulator’s prior, up to offset and scale",
    "per latent (a.u.)",
    "free",
  ],
];

export function fidelitySection(code: CodeReport): string {
  const fidelity = code.writeFidelity;
  if (!fidelity) return "";
  const plots = FIDELITY.flatMap(([key, heading, meaning, unit, kind]) => {
    const curve = fidelity.curves[key];
    const last = fidelity.final[key];
    if (!curve) return [];
    const show = kind === "share" ? percent : (x: number) => fixed(x, 2);
    const drawing = linePlot({
      title: `Write fidelity: ${heading}`,
      description: meaning,
      width: 240,
      height: 190,
      legend: false,
      xLabel: "presentations",
      yLabel: unit,
      lines: [lineOf("descent", "descent", fidelity.presentations, curve)],
      ...(kind === "share" ? { yDomain: [0, 1], yFormat: (value: number) => percent(value, 0) } : {}),
    });
    const end = last ? ` In the last quarter ${show(last.mean)}${kind === "share" ? " %" : ""}.` : "";
    return [figure(drawing, `<b>${heading}:</b> ${meaning}.${end}`)];
  });
  const intro =
    "A predicted state that the tissue cannot take is no brain state. How near each write was to the state that descent asked for:";
  return section(
    `${code.code}-fidelity`,
    "Write fidelity",
    intro,
    `<div class="four">${plots.join("")}</div>`,
  );
}
