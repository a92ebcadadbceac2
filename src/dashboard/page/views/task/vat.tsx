/** The vat: every brain a disc as bright as it fires, joined to those that it predicts; a click enters one. */
import { useCallback, useRef } from "preact/hooks";
import type { PopulationFrame } from "../../../../experiment/live/frames.ts";
import { element, line, svg, text } from "../../../../report/plot/svg.ts";
import type { RunMessage } from "../../../protocol.ts";
import { csv } from "../../figures/export.ts";
import { Figure } from "../../figures/figure.tsx";
import { changes, GlCanvas } from "../../gl/canvas.tsx";
import { type CapsuleBuffer, type Capsules, FLOATS } from "../../gl/capsules.ts";
import { colourRow, currentPalette } from "../../gl/palette.ts";
import type { Model } from "../../state/model.ts";
import { go, readRoute } from "../../state/route.ts";

/** A rate at which a disc is full. */
const BRIGHT_HZ = 8;

export function Vat({ model, run }: { readonly model: Model; readonly run: RunMessage }) {
  const population = model.population;
  const source = useRef(population);
  source.current = population;
  const make = useCallback((capsules: Capsules) => drawer(capsules, () => source.current), []);
  if (!population) return null;
  const n = population.rateHz.length;
  const columns = Math.ceil(Math.sqrt(n));
  const links = linksOf(population);
  const enter = (brain: number) =>
    go({ view: "culture", chosen: { ...readRoute().chosen, culture: String(brain) } });
  const name = (brain: number) => run.cultures[brain]?.label ?? `brain ${brain}`;
  return (
    <Figure
      name="vat"
      title="Vat"
      class={model.courts.size + model.screens.size > 0 ? "most" : "wide-card"}
      aside={
        <span class="soft">
          {n} brains, {links.length} links
        </span>
      }
      caption={`Discs: brains, the larger and darker the faster they fire (full at ${BRIGHT_HZ} Hz per electrode). Lines: partial correlation of one brain's spike count with another's in the next step, over that other's own past; thicker for more, drawn where it stands out from chance, which would make one in twenty of them. Choose a brain to enter it.`}
      svg={() => vatSvg(population)}
      csv={() =>
        csv(
          ["from brain", "to brain", "partial correlation (0 to 1)"],
          links.map(({ from, to, strength }) => [name(from), name(to), strength]),
        )
      }
    >
      <div class="vat">
        <GlCanvas
          make={make}
          label={`${n} brains in a grid, with ${links.length} links of mutual prediction.`}
        />
        <div
          class="brains"
          style={{
            gridTemplateColumns: `repeat(${columns}, 1fr)`,
            gridTemplateRows: `repeat(${Math.ceil(n / columns)}, 1fr)`,
          }}
        >
          {Array.from(population.rateHz, (rate, brain) => (
            <button
              key={name(brain)}
              type="button"
              aria-label={`Enter ${name(brain)}: ${rate.toFixed(1)} Hz, predicts others ${(100 * (population.score[brain] ?? 0)).toFixed(0)} %`}
              title={`${name(brain)}: ${rate.toFixed(1)} Hz`}
              onClick={() => enter(brain)}
            />
          ))}
        </div>
      </div>
    </Figure>
  );
}

function linksOf({ linkFrom, linkTo, linkStrength }: PopulationFrame) {
  return Array.from(linkFrom, (from, i) => ({ from, to: linkTo[i], strength: linkStrength[i] }));
}

function placesOf(n: number) {
  const columns = Math.ceil(Math.sqrt(n));
  const rows = Math.ceil(n / columns);
  return {
    columns,
    rows,
    at: (brain: number) =>
      [((brain % columns) + 0.5) / columns, (Math.floor(brain / columns) + 0.5) / rows] as const,
  };
}

function drawer(capsules: Capsules, source: () => PopulationFrame | null) {
  let buffer: CapsuleBuffer | null = null;
  let capacity = 0;
  let shown = new Float32Array(0);
  const isNew = changes();
  let movingMs = 0;
  let last = 0;
  return (_: Capsules, width: number, height: number, nowMs: number) => {
    const population = source();
    if (!population) return;
    const passedMs = Math.min(100, nowMs - last);
    const share = 1 - Math.exp(-passedMs / 100);
    last = nowMs;
    // By what has been moved, not by the clock: where pictures are few, discs grow to their rates all the same.
    if (isNew(population, width, height, currentPalette())) movingMs = 1000;
    if (movingMs <= 0) return;
    movingMs -= passedMs;
    capsules.begin(width, height);
    const n = population.rateHz.length;
    const needed = 2 * n + population.linkFrom.length;
    if (!buffer || needed > capacity) {
      capacity = 2 * needed;
      buffer = capsules.buffer(capacity);
    }
    if (shown.length !== n) shown = new Float32Array(n);
    const { columns, rows, at } = placesOf(n);
    const pitch = Math.min(width / columns, height / rows);
    const data = buffer.data;
    let count = 0;
    for (const { from, to, strength } of linksOf(population)) {
      const [x, y] = at(from);
      const [u, v] = at(to);
      data.set(
        [x, y, u, v, 0.3 + 1.8 * strength, 0, colourRow.teacher, 0.08 + 0.7 * strength],
        count++ * FLOATS,
      );
    }
    for (let brain = 0; brain < n; brain++) {
      shown[brain] += share * (population.rateHz[brain] - shown[brain]);
      const full = Math.min(1, shown[brain] / BRIGHT_HZ);
      const [x, y] = at(brain);
      const radius = pitch * (0.14 + 0.16 * full);
      data.set([x, y, x, y, radius, 0, colourRow.card, 1], count++ * FLOATS);
      data.set([x, y, x, y, radius, 0, colourRow.descent, 0.25 + 0.75 * full], count++ * FLOATS);
    }
    capsules.upload(buffer, 0, count);
    capsules.draw(buffer, 0, count, { scale: [width, height], offset: [0, 0] });
  };
}

function vatSvg(population: PopulationFrame): string {
  const n = population.rateHz.length;
  const { at, columns } = placesOf(n);
  const place = (brain: number) => at(brain).map((share) => 10 + 580 * share) as [number, number];
  const lines = linksOf(population).map(({ from, to, strength }) =>
    line(place(from), place(to), {
      class: "line teacher",
      "stroke-width": 0.5 + 3 * strength,
      opacity: 0.1 + 0.7 * strength,
    }),
  );
  const discs = Array.from(population.rateHz, (rate, brain) => {
    const [cx, cy] = place(brain);
    const share = Math.min(1, rate / BRIGHT_HZ);
    return element("circle", {
      cx,
      cy,
      r: (580 / columns) * (0.14 + 0.16 * share),
      class: "dot descent",
      "fill-opacity": 0.3 + 0.7 * share,
    });
  });
  const note = text(
    10,
    620,
    `disc: firing rate, full at ${BRIGHT_HZ} Hz; line: partial correlation with the next step, 0 to 1`,
    {
      class: "tick",
    },
  );
  return svg(
    { width: 600, height: 630, title: "Vat", description: `${n} brains and their links` },
    ...lines,
    ...discs,
    note,
  );
}
