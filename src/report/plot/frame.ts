/** What every figure with two axes shares: margins, faint grid lines, tick labels, axis labels with units. */
import { fixed } from "../format.ts";
import { type Extent, linearScale, type Scale, tickDecimals, ticks } from "./scale.ts";
import { line, text } from "./svg.ts";

export interface Margins {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export interface FrameSize {
  readonly width: number;
  readonly height: number;
  readonly margins: Margins;
}

export interface AxisOptions {
  readonly domain: Extent;
  /** With the unit: `accuracy (%)`. */
  readonly label: string;
  /** About how many ticks; 0 for none. */
  readonly tickCount?: number;
  readonly format?: (value: number) => string;
}

export interface Frame {
  readonly x: Scale;
  readonly y: Scale;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Grid and axes; draw marks over it. */
  readonly markup: string;
}

/** A frame in `width` x `height`. The y label stands over the axis, so that nothing has to be read sideways. */
export function frame({ width, height, margins }: FrameSize, x: AxisOptions, y: AxisOptions): Frame {
  const left = margins.left;
  const right = width - margins.right;
  const top = margins.top;
  const bottom = height - margins.bottom;
  const xScale = linearScale(x.domain, [left, right]);
  const yScale = linearScale(y.domain, [bottom, top]);
  const parts: string[] = [];
  for (const [value, label] of labelled(y, 5)) {
    const at = yScale(value);
    parts.push(line([left, at], [right, at], { class: "grid" }));
    parts.push(text(left - 8, at + 4, label, { class: "tick", "text-anchor": "end" }));
  }
  for (const [value, label] of labelled(x, 5)) {
    const at = xScale(value);
    parts.push(line([at, bottom], [at, bottom + 4], { class: "axis" }));
    parts.push(text(at, bottom + 18, label, { class: "tick", "text-anchor": "middle" }));
  }
  parts.push(line([left, bottom], [right, bottom], { class: "axis" }));
  if (x.label) parts.push(text(right, bottom + 36, x.label, { class: "label", "text-anchor": "end" }));
  if (y.label) parts.push(text(Math.min(left, 4), top - 12, y.label, { class: "label" }));
  return { x: xScale, y: yScale, left, right, top, bottom, markup: parts.join("") };
}

function labelled(axis: AxisOptions, usual: number): [number, string][] {
  const count = axis.tickCount ?? usual;
  if (count === 0) return [];
  const decimals = tickDecimals(axis.domain, count);
  const show = axis.format ?? ((value: number) => fixed(value, decimals));
  return ticks(axis.domain, count).map((value) => [value, show(value)]);
}
