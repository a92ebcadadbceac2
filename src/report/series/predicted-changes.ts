/** What the model of learning predicted, against what came. */
import { fixed, percent } from "../format.ts";
import { figure, section } from "../page/markup.ts";
import { colourClass } from "../page/style.ts";
import { linePlot } from "../plot/lines.ts";
import { escapeText } from "../plot/svg.ts";
import type { CodeReport, ReportedPredictedChanges } from "../schema/series.ts";

export function predictedChangesSection({ code, predictedChanges }: CodeReport): string {
  if (!predictedChanges) return "";
  const intro =
    "Writes were chosen by descent through a model of how presentations change later answers. Whenever a datum was read again, what the model had predicted stands against what came; it was fitted on what had been recorded before.";
  return section(
    `${code}-predicted-changes`,
    "What the model predicted",
    intro,
    `${changesTable(predictedChanges)}${accuracyPlot(predictedChanges)}`,
  );
}

function accuracyPlot({ presentations, modelRight, tissueRight }: ReportedPredictedChanges): string {
  if (presentations.length === 0) return "";
  const drawing = linePlot({
    title: "Model and tissue",
    description: "Share of data, read again in training, that the model and the tissue had right.",
    width: 470,
    height: 300,
    yDomain: [0, 1],
    xLabel: "presentations",
    yLabel: "right (%)",
    yFormat: (value) => percent(value, 0),
    lines: [
      { label: "model, before the answer", class: colourClass("control"), x: presentations, ...modelRight },
      { label: "tissue", class: colourClass("descent"), x: presentations, ...tissueRight },
    ],
  });
  return figure(
    drawing,
    "Right classes among data that are read again, in training: what the model expects, and what the tissue answers. Bands are 95 % intervals over seeds.",
  );
}

function changesTable({ changes }: ReportedPredictedChanges): string {
  const rows = changes.map(({ write, count, predicted, measured, noChange, meanChange, model }) => {
    const cells = [
      fixed(count, 0),
      ...[predicted, measured].map(signed),
      ...[noChange, meanChange, model].map((error) => fixed(error, 3)),
    ];
    const name = nameOf(write);
    return `<tr><th scope="row">${escapeText(name)}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
  const heads = ["electrode", "readings", "predicted", "measured", "no change", "mean change", "model"];
  return `<figure><div class="scroll"><table><thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div><figcaption>How many spikes an electrode answered more or less than when its datum was read last, by how it was written then; and the mean squared error of three predictions of it: nothing changes, it changes as this kind of write did on average, the model.</figcaption></figure>`;
}

/** `-4 ms`: 4 ms before the volley. */
function nameOf(write: string): string {
  if (write === "not") return "not written";
  return write.startsWith("-")
    ? `written ${write.slice(1)} before the volley`
    : `written ${write} after the volley`;
}

const signed = (value: number) => `${value > 0 ? "+" : ""}${fixed(value, 2)}`;
