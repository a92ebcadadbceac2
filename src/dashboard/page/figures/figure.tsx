/** A figure: its title, what it shows, and its ways out as SVG, PNG and CSV. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { line, svg, text, textWidth } from "../../../report/plot/svg.ts";
import { csv, savePng, saveText, standalone } from "./export.ts";

export interface FigureProps {
  /** Of the files it is saved in. */
  readonly name: string;
  readonly title: string;
  readonly caption?: ComponentChildren;
  readonly svg: () => string;
  readonly csv: () => string;
  readonly class?: string;
  /** Beside the title. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Figure({ name, title, caption, svg, csv, class: kind = "", aside, children }: FigureProps) {
  return (
    <figure class={`card ${kind}`} aria-labelledby={`${name}-title`}>
      <div class="head">
        <h2 id={`${name}-title`}>{title}</h2>
        {aside}
        <span class="exports">
          <button
            type="button"
            aria-label={`Save ${title} as SVG`}
            onClick={() => saveText(`${name}.svg`, "image/svg+xml", standalone(svg()))}
          >
            SVG
          </button>
          <button
            type="button"
            aria-label={`Save ${title} as PNG`}
            onClick={() => void savePng(`${name}.png`, svg())}
          >
            PNG
          </button>
          <button
            type="button"
            aria-label={`Save the data of ${title} as CSV`}
            onClick={() => saveText(`${name}.csv`, "text/csv", csv())}
          >
            CSV
          </button>
        </span>
      </div>
      {children}
      {caption ? <figcaption>{caption}</figcaption> : null}
    </figure>
  );
}

/** A drawing of src/report/plot: trusted markup of our own, every text in it escaped there. */
export function Drawing({ svg }: { readonly svg: string }) {
  // Not much larger than it was made, so that its text is of the size of the page's.
  const html = svg.replace(/max-width:([\d.]+)px/g, (_, px: string) => `max-width:${0.85 * Number(px)}px`);
  return <div class="drawing" dangerouslySetInnerHTML={{ __html: html }} />;
}

/** A drawing that is made as wide as there is room, so that its text keeps its size. */
export function Fitted({ draw }: { readonly draw: (width: number) => string }) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const div = box.current;
    if (!div) return;
    const measure = () => setWidth(Math.max(NARROWEST, Math.round(div.clientWidth)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(div);
    return () => observer.disconnect();
  }, []);
  return <div class="drawing" ref={box} dangerouslySetInnerHTML={{ __html: width > 0 ? draw(width) : "" }} />;
}

/** Width of a fitted drawing when it is saved. */
export const SAVED_WIDTH = 980;
const NARROWEST = 260;

/** A table as a figure: it is saved as it stands. */
export function TableFigure({
  columns,
  rows,
  note,
  lit,
  ...rest
}: Omit<FigureProps, "svg" | "csv" | "children"> & {
  readonly columns: readonly string[];
  /** The first cell of each names the row. */
  readonly rows: readonly (readonly string[])[];
  readonly note?: ComponentChildren;
  /** The row that is looked at now. */
  readonly lit?: number;
}) {
  return (
    <Figure {...rest} svg={() => tableSvg(rest.title, columns, rows)} csv={() => csv(columns, rows)}>
      <section class="scroll" aria-label={rest.title} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {columns.map((name) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, ...cells], row) => (
              <tr key={name} class={row === lit ? "lit" : ""} aria-current={row === lit ? "true" : undefined}>
                <th scope="row">{name}</th>
                {cells.map((cell, i) => (
                  <td key={columns[i + 1]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {note}
    </Figure>
  );
}

const LINE = 26;
const PADDING = 22;

export function tableSvg(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = columns.map((name, i) =>
    Math.max(textWidth(name), ...rows.map((row) => textWidth(row[i] ?? ""))),
  );
  const lefts = widths.map(
    (_, i) => 10 + widths.slice(0, i).reduce((sum, width) => sum + width + PADDING, 0),
  );
  const width = 20 + widths.reduce((sum, value) => sum + value + PADDING, 0) - PADDING;
  const cells = [columns, ...rows].flatMap((row, r) =>
    row.map((cell, i) => text(lefts[i], 24 + r * LINE, cell, { class: r === 0 ? "heading" : "label" })),
  );
  const lines = rows.map((_, r) => line([10, 32 + r * LINE], [width - 10, 32 + r * LINE], { class: "grid" }));
  const description = `A table of ${rows.length} rows: ${columns.join(", ")}.`;
  return svg({ width, height: 20 + (rows.length + 1) * LINE, title, description }, ...lines, ...cells);
}

/** What stands where there is nothing to show yet. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

/** The place of a figure that has nothing to show yet: it says what is missing. */
export function Missing({
  title,
  class: kind = "",
  children,
}: {
  readonly title: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}) {
  const id = `${title.toLowerCase().replaceAll(/\W+/g, "-")}-missing`;
  return (
    <section class={`card ${kind}`} aria-labelledby={id}>
      <div class="head">
        <h2 id={id}>{title}</h2>
      </div>
      <Empty>{children}</Empty>
    </section>
  );
}
