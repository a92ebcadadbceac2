/** Working points of all brains of a run, as a section of its page. */
import { significant } from "../report/format.ts";
import { section } from "../report/page/markup.ts";
import { escapeText } from "../report/plot/svg.ts";
import type { WorkingPoint } from "./working-point.ts";

export function pointsSection(workingPoints: Readonly<Record<string, WorkingPoint>>): string {
  const rows = Object.entries(workingPoints).map(
    ([name, { kenyonShare, overlap, outputSpikes, sustained }]) =>
      `<tr><th scope="row">${escapeText(name)}</th><td>${(100 * kenyonShare).toFixed(1)}</td><td>${significant(overlap)}</td><td>${significant(outputSpikes)}</td><td>${(100 * sustained).toFixed(1)}</td></tr>`,
  );
  const head = [
    "wiring, seed",
    "Kenyon cells active (%)",
    "overlap of two odours",
    "spikes an output neuron",
    "still active after (%)",
  ];
  const table = `<div class="scroll"><table><thead><tr>${head.map((text) => `<th scope="col">${text}</th>`).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
  return section(
    "points",
    "Working points",
    "How each brain answers odours before anything is taught; changed wirings are tuned to the first line.",
    table,
  );
}
