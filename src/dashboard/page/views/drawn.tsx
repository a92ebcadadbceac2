/** Figures that the server has drawn of a report, with their data. */
import { csv } from "../figures/export.ts";
import { Drawing, Figure } from "../figures/figure.tsx";
import type { Model } from "../state/model.ts";

export function Drawn({ model, only }: { readonly model: Model; readonly only?: (name: string) => boolean }) {
  const { drawn } = model;
  if (!drawn) return null;
  const count =
    drawn.finished < drawn.of
      ? ` ${drawn.finished} of ${drawn.of} seeds have finished; intervals narrow as more do.`
      : "";
  return (
    <>
      {drawn.figures
        .filter(({ name }) => only?.(name) ?? true)
        .map(({ name, title, caption, svg, rows: [names = [], ...rows] }) => (
          <Figure
            key={name}
            name={name}
            title={title}
            caption={caption + count}
            svg={() => svg}
            csv={() => csv(names.map(String), rows)}
          >
            <Drawing svg={svg} />
          </Figure>
        ))}
    </>
  );
}
