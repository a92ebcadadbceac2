/** A figure: its title, what it shows, and its ways out as SVG, PNG and CSV. */
import type { ComponentChildren } from "preact";
import { savePng, saveText, standalone } from "./export.ts";

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
  return <div class="drawing" dangerouslySetInnerHTML={{ __html: svg }} />;
}

/** What stands where there is nothing to show yet. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}
