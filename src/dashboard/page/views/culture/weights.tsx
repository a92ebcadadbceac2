/** The wiring as a map: the mean excitatory synapse from the cells at one electrode to those at another. */
import { useCallback, useRef } from "preact/hooks";
import type { WeightsFrame } from "../../../../experiment/live/frames.ts";
import { heatMap } from "../../../../report/plot/heatmap.ts";
import { Axes, rowTicks } from "../../figures/axes.tsx";
import { csv } from "../../figures/export.ts";
import { Figure, Missing } from "../../figures/figure.tsx";
import { changes, GlCanvas } from "../../gl/canvas.tsx";
import { type CapsuleBuffer, type Capsules, FLOATS } from "../../gl/capsules.ts";
import { colourRow, currentPalette } from "../../gl/palette.ts";
import type { Model } from "../../state/model.ts";

export function Weights({ model, culture }: { readonly model: Model; readonly culture: number }) {
  const weights = model.weights.get(culture);
  const source = useRef(weights);
  source.current = weights;
  const make = useCallback((capsules: Capsules) => drawer(capsules, () => source.current), []);
  if (!weights) {
    return (
      <Missing title="Weights">
        {model.run?.experiment === "vat"
          ? "The synapses of a vat's brains stay where the brains are held."
          : model.run?.state === "saved"
            ? "The journal of this run holds no weights."
            : "The map is drawn when a stretch of the experiment ends."}
      </Missing>
    );
  }
  const values = () =>
    Array.from({ length: weights.from }, (_, row) =>
      Array.from(weights.mean.subarray(row * weights.to, (row + 1) * weights.to), (value) =>
        Number.isNaN(value) ? null : value,
      ),
    );
  const most = Math.max(...weights.mean.filter((value) => !Number.isNaN(value)));
  return (
    <Figure
      name="weights"
      title="Weights"
      aside={<span class="soft">{model.run?.state === "saved" ? "after this stretch" : "latest"}</span>}
      caption="Mean excitatory synapse between the cells at two electrodes, in leak conductances; shade as the square root."
      svg={() =>
        heatMap({
          title: "Weights",
          description: "Mean excitatory synapse between electrodes",
          width: 560,
          values: values(),
          rowLabel: "from electrode",
          columnLabel: "to electrode",
          firstColumn: 0,
          scaleLabel: "mean weight (leak conductances)",
        })
      }
      csv={() =>
        csv(
          ["from electrode", "to electrode", "mean weight (leak conductances)"],
          values().flatMap((row, from) => row.map((value, to) => [from, to, value])),
        )
      }
    >
      <Axes
        class="map"
        x={rowTicks(weights.to)}
        y={rowTicks(weights.from)}
        xName="to electrode"
        yName="from electrode"
      >
        <GlCanvas make={make} label={`Map of ${weights.from} by ${weights.to} mean synaptic weights.`} />
      </Axes>
      <p class="shades">
        0 <i /> {most.toPrecision(2)}
      </p>
    </Figure>
  );
}

function drawer(capsules: Capsules, source: () => WeightsFrame | undefined) {
  let buffer: CapsuleBuffer | null = null;
  let drawn: WeightsFrame | undefined;
  let n = 0;
  const isNew = changes();
  return (_: Capsules, width: number, height: number) => {
    const weights = source();
    if (!weights || !isNew(weights, width, height, currentPalette())) return;
    capsules.begin(width, height);
    const side = Math.min(width / weights.to, height / weights.from);
    buffer ??= capsules.buffer(weights.mean.length);
    if (drawn !== weights) {
      drawn = weights;
      n = 0;
      const most = Math.max(1e-9, ...weights.mean.filter((value) => !Number.isNaN(value)));
      weights.mean.forEach((value, cell) => {
        if (!(value > 0) || !buffer) return;
        const [x, y] = [(cell % weights.to) + 0.5, Math.floor(cell / weights.to) + 0.5];
        const share = Math.sqrt(value / most);
        buffer.data.set([x, y, x, y, 0, 0, colourRow.descent, share], n++ * FLOATS);
      });
    }
    if (!buffer) return;
    for (let i = 0; i < n; i++) buffer.data[i * FLOATS + 4] = side * 0.5;
    capsules.upload(buffer, 0, n);
    capsules.draw(buffer, 0, n, {
      scale: [side, side],
      offset: [(width - side * weights.to) / 2, (height - side * weights.from) / 2],
    });
  };
}
