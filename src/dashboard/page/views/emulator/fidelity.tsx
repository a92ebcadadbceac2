/** How near the writes were to the states that descent asked for, over training. */

import { svg } from "../../../../report/plot/svg.ts";
import type { CodeReport } from "../../../../report/schema/series.ts";
import { fidelitySection } from "../../../../report/series/learning.ts";
import { csv } from "../../figures/export.ts";
import { Drawing, Figure } from "../../figures/figure.tsx";

export function Fidelity({ code }: { readonly code: CodeReport }) {
  const fidelity = code.writeFidelity;
  if (!fidelity) return null;
  const section = fidelitySection(code).replace(/<h2[\s\S]*?<\/h2>/, "");
  const curves = Object.entries(fidelity.curves).filter(([, curve]) => curve);
  return (
    <Figure
      name="fidelity"
      title="Write fidelity"
      class="wide-card fidelity"
      caption="Means over seeds; bands: 95 % intervals. From the report."
      svg={() => sideBySide(section.match(/<svg[\s\S]*?<\/svg>/g) ?? [])}
      csv={() =>
        csv(
          ["presentations", ...curves.flatMap(([name]) => [name, `${name}, 95 % low`, `${name}, 95 % high`])],
          fidelity.presentations.map((at, i) => [
            at,
            ...curves.flatMap(([, curve]) => [curve?.mean[i], curve?.lo[i], curve?.hi[i]]),
          ]),
        )
      }
    >
      <Drawing svg={section} />
    </Figure>
  );
}

/** Drawings of 240 x 190 in a row. */
function sideBySide(drawings: readonly string[]): string {
  const [width, height] = [240, 210];
  const placed = drawings.map((drawing, i) =>
    drawing.replace("<svg ", `<svg x="${i * (width + 12)}" y="4" width="${width}" height="${height}" `),
  );
  const size = { width: drawings.length * (width + 12), height: height + 8 };
  return svg({ ...size, title: "Write fidelity", description: "Four measures over training." }, ...placed);
}
