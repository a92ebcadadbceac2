/** Class probabilities over presentations as shades, with a circle at the true class. */
import { frame } from "../../../../report/plot/frame.ts";
import { coordinate, element, svg, text } from "../../../../report/plot/svg.ts";
import type { MessageOf } from "../../../protocol.ts";

const HEIGHT = 270;
const LEVELS = 10;

/** A write of one culture: what the emulator expected, and what followed. */
export type ForecastWrite = MessageOf<"write"> & {
  readonly forecast: readonly number[];
  readonly nextClass: number;
};

export function forecastsOf(writes: readonly MessageOf<"write">[]): ForecastWrite[] {
  return writes.flatMap((write) => {
    const { forecast, nextClass } = write;
    return forecast && nextClass !== undefined && forecast.length > 0
      ? [{ ...write, forecast, nextClass }]
      : [];
  });
}

/** `first`: how many presentations came before these. */
export function forecastFan(writes: readonly ForecastWrite[], first: number, width: number): string {
  const classes = Math.max(...writes.map(({ forecast }) => forecast.length));
  const area = frame(
    { width, height: HEIGHT, margins: { top: 34, right: 14, bottom: 46, left: 46 } },
    {
      domain: [first + 0.5, first + writes.length + 0.5],
      label: "presentation",
      tickCount: width > 600 ? 8 : 4,
    },
    { domain: [0.5, classes + 0.5], label: "class of the next value, low to high", tickCount: 0 },
  );
  const cell = {
    width: (area.right - area.left) / writes.length,
    height: (area.bottom - area.top) / classes,
  };
  // Cells of one shade share one path.
  const shades = new Map<number, string>();
  writes.forEach(({ forecast }, i) => {
    forecast.forEach((probability, k) => {
      const level = Math.round(probability * LEVELS);
      if (level === 0) return;
      const [x, y] = [area.left + i * cell.width, area.bottom - (k + 1) * cell.height];
      const square = `M${coordinate(x)} ${coordinate(y)}h${coordinate(cell.width)}v${coordinate(cell.height)}h${coordinate(-cell.width)}z`;
      shades.set(level, (shades.get(level) ?? "") + square);
    });
  });
  const cells = [...shades].map(([level, d]) =>
    element("path", { d, class: "down", "fill-opacity": (0.85 * level) / LEVELS }),
  );
  const came = writes.map(({ nextClass, forecast }, i) => {
    const isFirst = forecast.indexOf(Math.max(...forecast)) === nextClass;
    const at = { cx: area.left + (i + 0.5) * cell.width, cy: area.bottom - (nextClass + 0.5) * cell.height };
    return element("circle", {
      ...at,
      r: Math.min(4, cell.width * 0.42),
      class: isFirst ? "dot teacher" : "line teacher",
      "stroke-width": 1.6,
    });
  });
  const names = Array.from({ length: classes }, (_, k) =>
    text(area.left - 8, area.bottom - (k + 0.5) * cell.height + 4, String(k + 1), {
      class: "tick",
      "text-anchor": "end",
    }),
  );
  const drawing = {
    width,
    height: HEIGHT,
    title: "Prediction and true class",
    description: `Probabilities of ${classes} classes over ${writes.length} presentations; circles mark the true class, filled where it was the first choice.`,
  };
  return svg(drawing, area.markup, ...cells, ...came, ...names);
}
