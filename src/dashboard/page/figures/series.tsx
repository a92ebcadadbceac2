/** Lines over a shared x axis that grow while one looks: uPlot, in the page's colours. */
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { linePlot } from "../../../report/plot/lines.ts";
import { cssColour } from "../gl/palette.ts";
import { csv } from "./export.ts";
import { Figure, type FigureProps } from "./figure.tsx";

export interface SeriesLine {
  readonly label: string;
  /** A colour of the page, and the class of the same name in a saved figure. */
  readonly colour: string;
  readonly dash?: readonly number[];
  readonly values: readonly (number | null)[];
  /** Dots alone. */
  readonly dots?: boolean;
  readonly fill?: boolean;
}

export interface SeriesProps extends Pick<FigureProps, "name" | "title" | "caption" | "class" | "aside"> {
  readonly x: readonly number[];
  readonly lines: readonly SeriesLine[];
  /** With their units. */
  readonly xLabel: string;
  readonly yLabel: string;
  readonly yRange?: readonly [number, number];
  readonly height?: number;
}

export function Series(props: SeriesProps) {
  const { name, title, caption, x, lines, xLabel, yLabel, height = 190, class: kind = "", aside } = props;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const data = [[...x], ...lines.map(({ values }) => [...values])] as uPlot.AlignedData;
  const latest = useRef(data);
  latest.current = data;
  const shape = JSON.stringify([
    lines.map(({ label, colour }) => [label, colour]),
    xLabel,
    yLabel,
    props.yRange,
  ]);
  useEffect(() => {
    const div = box.current;
    if (!div) return;
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(props, div.clientWidth, height), latest.current, div);
    };
    make();
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    scheme.addEventListener("change", make);
    const observer = new ResizeObserver(() => plot.current?.setSize({ width: div.clientWidth, height }));
    observer.observe(div);
    return () => {
      scheme.removeEventListener("change", make);
      observer.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shape]);
  useEffect(() => plot.current?.setData(data));
  const last = lines.map(
    ({ label, values }) => `${label} ${values.findLast((value) => value !== null)?.toPrecision(3) ?? "none"}`,
  );
  return (
    <Figure
      {...{ name, title, caption, aside, class: kind }}
      svg={() => drawing(props)}
      csv={() =>
        csv(
          [xLabel, ...lines.map(({ label }) => `${label}, ${yLabel}`)],
          x.map((at, i) => [at, ...lines.map(({ values }) => values[i])]),
        )
      }
    >
      <span class="y-label">{yLabel}</span>
      <div
        class="series"
        ref={box}
        role="img"
        aria-label={`${title}. ${yLabel} over ${xLabel}. Latest: ${last.join(", ")}.`}
      />
      <span class="x-label">{xLabel}</span>
      {lines.length > 1 ? (
        <ul class="legend">
          {lines.map(({ label, colour, dash, dots }) => (
            <li key={label}>
              <svg width="24" height="10" aria-hidden="true">
                {dots ? (
                  <circle cx="12" cy="5" r="3" style={{ fill: `var(--${colour})` }} />
                ) : (
                  <line
                    x1="0"
                    y1="5"
                    x2="24"
                    y2="5"
                    style={{ stroke: `var(--${colour})`, strokeWidth: 2.5 }}
                    stroke-dasharray={dash?.join(" ")}
                  />
                )}
              </svg>
              {label}
            </li>
          ))}
        </ul>
      ) : null}
    </Figure>
  );
}

function optionsOf(props: SeriesProps, width: number, height: number): uPlot.Options {
  const { lines, yRange } = props;
  const [ink, soft, faint] = ["ink", "soft", "faint"].map(cssColour) as [string, string, string];
  const axis = {
    stroke: soft,
    font: "12px system-ui, sans-serif",
    values: (_: uPlot, ticks: number[]) => ticks.map((tick) => String(tick).replace("-", "−")),
    grid: { stroke: faint, width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height,
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 6 } },
    scales: { x: { time: false }, y: yRange ? { range: [...yRange] as [number, number] } : {} },
    axes: [
      { ...axis, grid: { show: false }, size: 28 },
      { ...axis, size: 42 },
    ],
    series: [
      {},
      ...lines.map(({ label, colour, dash, dots, fill }): uPlot.Series => {
        const stroke = cssColour(colour) || ink;
        return {
          label,
          stroke,
          width: dots ? 0 : 1.8,
          spanGaps: true,
          points: { show: dots === true, size: 5, fill: stroke },
          ...(dash ? { dash: [...dash] } : {}),
          ...(fill ? { fill: `${stroke}26` } : {}),
        };
      }),
    ],
  };
}

/** The same as a drawing that can be saved. */
function drawing({ title, x, lines, xLabel, yLabel, yRange }: SeriesProps): string {
  return linePlot({
    title,
    description: `${yLabel} over ${xLabel}`,
    width: 640,
    height: 320,
    xLabel,
    yLabel,
    ...(yRange ? { yDomain: yRange } : {}),
    lines: lines.map(({ label, colour, dash, values }) => {
      const kept = x.flatMap((at, i) => (values[i] == null ? [] : [[at, values[i]] as const]));
      const y = kept.map(([, value]) => value);
      return {
        label,
        class: colour,
        x: kept.map(([at]) => at),
        mean: y,
        lo: y,
        hi: y,
        ...(dash ? { dash: dash.join(" ") } : {}),
      };
    }),
  });
}
