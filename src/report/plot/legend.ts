/** A legend under a figure: a short sample of each line, and its name, in as many rows as it takes. */
import { element, line, text, textWidth } from "./svg.ts";

export interface LegendItem {
  readonly label: string;
  /** Class that carries the colour. */
  readonly class: string;
  readonly dash?: string;
  readonly mark?: "line" | "dot" | "bar";
}

const ROW = 20;
const SAMPLE = 22;

export function legendRows(items: readonly LegendItem[], width: number): LegendItem[][] {
  const rows: LegendItem[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const needs = itemWidth(item);
    if (used + needs > width) {
      rows.push([]);
      used = 0;
    }
    rows[rows.length - 1].push(item);
    used += needs;
  }
  return rows;
}

export function legendHeight(items: readonly LegendItem[], width: number): number {
  return legendRows(items, width).length * ROW;
}

/** The legend with its top left corner at `(x, y)`. */
export function legend(items: readonly LegendItem[], x: number, y: number, width: number): string {
  let markup = "";
  legendRows(items, width).forEach((row, r) => {
    let at = x;
    const middle = y + r * ROW + 9;
    for (const item of row) {
      markup += sample(item, at, middle) + text(at + SAMPLE + 6, middle + 4, item.label, { class: "label" });
      at += itemWidth(item);
    }
  });
  return markup;
}

function sample(item: LegendItem, x: number, y: number): string {
  if (item.mark === "dot")
    return element("circle", { cx: x + SAMPLE / 2, cy: y, r: 4, class: `dot ${item.class}` });
  if (item.mark === "bar")
    return element("rect", {
      x: x + 4,
      y: y - 5,
      width: SAMPLE - 8,
      height: 10,
      class: `fill ${item.class}`,
    });
  return line([x, y], [x + SAMPLE, y], { class: `line ${item.class}`, "stroke-dasharray": item.dash });
}

function itemWidth(item: LegendItem): number {
  return SAMPLE + 6 + textWidth(item.label) + 16;
}
