/**
 * The path that learned: cells of each class where they are, and from the Kenyon cells a line to every compartment, as thick as what its
 * synapses have learnt is far from what they were; lowered in one colour, raised in another.
 */
import { element, line, svg, text, tooltip } from "../../report/plot/svg.ts";
import type { PathClass } from "./path-map.ts";

export interface PathFigure {
  readonly classes: readonly PathClass[];
  /** Types of output neurons, and of each the mean factor of the synapses onto it. */
  readonly compartments: readonly string[];
  readonly learned: readonly number[];
  readonly width: number;
}

const [ROW, TOP, DOT] = [15, 44, 2.6];
const MOST_ROWS = 24;
/** Pixels of a line whose synapses have lost, or won, all. */
const THICKEST = 14;

type Point = readonly [x: number, y: number];

export function pathFigure(figure: PathFigure): string {
  const { compartments, learned, width } = figure;
  const isPlaced = figure.classes.every(({ cells }) => cells.some(({ placeUm }) => placeUm));
  const height = TOP + Math.max(MOST_ROWS, compartments.length) * ROW + 10;
  const places = isPlaced ? placed(figure, height) : byClass(figure);
  const named = new Map(figure.classes.map((one, k) => [one.name, { one, at: places[k] }]));
  const kenyon = named.get("Kenyon cells")!;
  const outputs = named.get("output neurons")!;
  const from = centreOf(kenyon.at, isPlaced);
  const lines = compartments.flatMap((type, k) => {
    const factor = learned[k];
    const own = outputs.at.filter((_, i) => outputs.one.cells[i].type === type);
    if (own.length === 0) return [];
    const size = Math.abs(1 - factor);
    const to = centreOf(own, true);
    return element(
      "g",
      {},
      tooltip(`Kenyon cells onto ${type}: ${factor.toFixed(2)} of what they were`),
      line(from, to, {
        class: `line ${factor < 1 ? "descent" : "teacher"}`,
        style: `stroke-width:${Math.max(0.5, THICKEST * Math.min(1, size)).toFixed(2)};opacity:.55`,
      }),
    );
  });
  const cells = figure.classes.flatMap(({ name, cells: own }, k) =>
    places[k].map(([x, y], i) => {
      const at = compartments.indexOf(own[i].type);
      const isOutput = name === "output neurons" && at >= 0;
      return element(
        "circle",
        {
          cx: x,
          cy: y,
          r: isOutput ? DOT + 1 : DOT,
          class: `dot ${isOutput ? (learned[at] < 1 ? "descent" : "teacher") : "control"}`,
        },
        tooltip(own[i].type ? `${name}: ${own[i].type}` : name),
      );
    }),
  );
  const headings = isPlaced ? [] : figure.classes.map(({ name }, k) => headingOf(name, places[k], k, width));
  const labels = isPlaced
    ? []
    : compartments.map((type, k) =>
        text(columnX(width, 3) + 14, TOP + (k + 0.5) * ROW + 4, type.split(";")[0], { class: "tick" }),
      );
  return svg(
    {
      width,
      height,
      title: "The path that learned",
      description: compartments.map((type, k) => `${type}: ${learned[k].toFixed(2)}`).join("; "),
    },
    ...lines,
    ...cells,
    ...headings,
    ...labels,
  );
}

/** Columns of the classes, in shares of the width: receptors, projections, Kenyon cells, output neurons, dopamine cells. */
const COLUMNS = [0.05, 0.2, 0.36, 0.66, 0.94];
const columnX = (width: number, k: number) => width * COLUMNS[k];

/** Rows and columns of dots; output neurons and dopamine cells in the row of their compartment. */
function byClass({ classes, compartments, width }: PathFigure): Point[][] {
  return classes.map(({ name, cells }, k): Point[] => {
    const x = columnX(width, k);
    if (name === "output neurons") {
      const seen = new Map<string, number>();
      return cells.map(({ type }) => {
        const nth = seen.get(type) ?? 0;
        seen.set(type, nth + 1);
        return [x - 6 * nth, TOP + (compartments.indexOf(type) + 0.5) * ROW];
      });
    }
    return cells.map((_, i) => [x + 8 * Math.floor(i / MOST_ROWS), TOP + ((i % MOST_ROWS) + 0.5) * ROW]);
  });
}

function placed({ classes, width }: PathFigure, height: number): Point[][] {
  const all = classes.flatMap(({ cells }) => cells.flatMap(({ placeUm }) => (placeUm ? [placeUm] : [])));
  const extent = (axis: 0 | 1) => {
    const values = all.map((place) => place[axis]);
    return [Math.min(...values), Math.max(...values)] as const;
  };
  const [[x0, x1], [y0, y1]] = [extent(0), extent(1)];
  const scale = Math.min((width - 20) / Math.max(1, x1 - x0), (height - 20) / Math.max(1, y1 - y0));
  const middle: Point = [(x0 + x1) / 2, (y0 + y1) / 2];
  return classes.map(({ cells }) =>
    cells.map(
      ({ placeUm = middle }): Point => [10 + (placeUm[0] - x0) * scale, 10 + (placeUm[1] - y0) * scale],
    ),
  );
}

function headingOf(name: string, [first]: readonly Point[], k: number, width: number): string {
  const anchor = k === 0 ? "start" : k === 4 ? "end" : "middle";
  const x = k === 0 ? 0 : k === 4 ? width : first[0];
  // Two rows, so that names of neighbours do not meet on a phone.
  return text(x, k % 2 === 0 ? 14 : 32, name, { class: "tick", "text-anchor": anchor });
}

/** The mean; on the right edge of a block of dots, where cells are drawn by class. */
function centreOf(points: readonly Point[], isMean: boolean): Point {
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  return isMean ? [mean(0), mean(1)] : [Math.max(...points.map(([x]) => x)) + 6, mean(1)];
}
