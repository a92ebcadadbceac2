/** An electrode array as it lies: a disc for each electrode, the darker, the larger its value. */
import { significant } from "../format.ts";
import { type Drawing, element, svg, text, tooltip } from "./svg.ts";

export interface MapElectrode {
  readonly channel: number;
  readonly xUm: number;
  readonly yUm: number;
  /** Null: not known; drawn empty. */
  readonly value: number | null;
  /** A word or number on the disc. */
  readonly mark?: string;
}

export interface ArrayMap extends Omit<Drawing, "height"> {
  readonly electrodes: readonly MapElectrode[];
  /** What a value is, with its unit; no scale is drawn if not given. */
  readonly scaleLabel?: string;
}

const EDGE = 14;
const LEGEND = 46;
const SHADES = [0, 0.25, 0.5, 0.75, 1];

export function arrayMap(plot: ArrayMap): string {
  const { electrodes, width } = plot;
  const spanOf = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
  const [left, top] = [
    Math.min(...electrodes.map(({ xUm }) => xUm)),
    Math.min(...electrodes.map(({ yUm }) => yUm)),
  ];
  const [wide, high] = [spanOf(electrodes.map(({ xUm }) => xUm)), spanOf(electrodes.map(({ yUm }) => yUm))];
  const pitchUm = Math.sqrt(Math.max(wide * high, 1) / electrodes.length) || 1;
  const scale = (width - 2 * EDGE) / Math.max(wide + pitchUm, high + pitchUm);
  const radius = Math.max(1.5, 0.4 * pitchUm * scale);
  const bottom = 2 * EDGE + (high + pitchUm) * scale;
  const most = Math.max(0, ...electrodes.map(({ value }) => value ?? 0));
  const shade = (share: number) => ({ class: "up", "fill-opacity": Math.max(0.04, share) });
  const discs = electrodes.map(({ channel, xUm, yUm, value, mark }) => {
    const at = {
      cx: EDGE + (xUm - left + pitchUm / 2) * scale,
      cy: EDGE + (yUm - top + pitchUm / 2) * scale,
    };
    const said = `channel ${channel}: ${value === null ? "not pulsed" : significant(value)}`;
    const look = value === null ? { class: "field" } : shade(most > 0 ? value / most : 0);
    const disc = element("circle", { ...at, r: radius, ...look }, tooltip(said));
    const label =
      mark === undefined || radius < 6
        ? ""
        : text(at.cx, at.cy + 4, mark, { class: "label", "text-anchor": "middle" });
    return disc + label;
  });
  if (plot.scaleLabel === undefined) return svg({ ...plot, height: bottom }, ...discs);
  const legend = SHADES.map((share, i) =>
    element("circle", { cx: EDGE + 8 + 16 * i, cy: bottom + 10, r: 6, ...shade(share) }),
  );
  const numbers = [
    text(EDGE + 8, bottom + 32, "0", { class: "tick", "text-anchor": "middle" }),
    text(EDGE + 8 + 16 * (SHADES.length - 1), bottom + 32, significant(most, 2), {
      class: "tick",
      "text-anchor": "middle",
    }),
    text(EDGE + 20 + 16 * SHADES.length, bottom + 14, plot.scaleLabel, { class: "label" }),
  ];
  return svg({ ...plot, height: bottom + LEGEND }, ...discs, ...legend, ...numbers);
}
