/** The emulator: what it predicts beside the true class, where the culture's states lie, what was meant and what was evoked. */
import { useEffect } from "preact/hooks";
import type { StateFrame } from "../../../../experiment/live/frames.ts";
import { heatMap } from "../../../../report/plot/heatmap.ts";
import { svg } from "../../../../report/plot/svg.ts";
import type { MessageOf } from "../../../protocol.ts";
import { csv } from "../../figures/export.ts";
import { Empty, Figure, Fitted, SAVED_WIDTH, TableFigure } from "../../figures/figure.tsx";
import { Series } from "../../figures/series.tsx";
import { want } from "../../state/connection.ts";
import { CultureChooser, chosenCulture } from "../chooser.tsx";
import type { ViewProps } from "../props.ts";
import { ReaderEmulator } from "../reader/writing.tsx";
import { type ForecastWrite, forecastFan, forecastsOf } from "./fan.ts";
import { Fidelity } from "./fidelity.tsx";
import { Latent } from "./latent.tsx";

/** Presentations in the fan. */
const SHOWN = 90;

export function EmulatorView(props: ViewProps) {
  const isReader = ["reading", "writing"].includes(props.run.experiment);
  return isReader ? <ReaderEmulator {...props} /> : <CycleEmulator {...props} />;
}

function CycleEmulator({ model, route, run }: ViewProps) {
  const culture = chosenCulture(model, route);
  const isLive = run.state !== "saved";
  useEffect(() => {
    want(isLive ? [culture] : []);
    return () => want([]);
  }, [culture, run.name, isLive]);
  const writes = model.writesOf(culture);
  const forecasts = forecastsOf(writes);
  const state = model.states.get(culture);
  const code = model.report?.report.series?.[0];
  return (
    <>
      <CultureChooser model={model} run={run} culture={culture} />
      {writes.length === 0 ? (
        <Empty>
          {isLive
            ? "The emulator has not descended on this culture yet: first it babbles, and emulator and bridge are fitted."
            : "No descent of this culture is in the journal."}
        </Empty>
      ) : null}
      <div class="cards">
        {forecasts.length > 0 ? <Fan writes={forecasts.slice(-SHOWN)} all={forecasts.length} /> : null}
        {state ? <States state={state} writes={writes} /> : null}
        <Latent model={model} culture={culture} />
        {writes.length > 0 ? <Losses writes={writes} /> : null}
        <Fits fits={model.fitsOf(culture)} />
        {code ? <Fidelity code={code} /> : null}
      </div>
    </>
  );
}

type Writes = readonly MessageOf<"write">[];

function Fan({ writes, all }: { readonly writes: readonly ForecastWrite[]; readonly all: number }) {
  const right = writes.filter(
    ({ forecast, nextClass }) => forecast.indexOf(Math.max(...forecast)) === nextClass,
  ).length;
  const draw = (width: number) => forecastFan(writes, all - writes.length, width);
  return (
    <Figure
      name="forecast"
      title="Prediction and true class"
      class="wide-card"
      caption={`Shade: probability that the emulator gave each class before it was told. Circles: the true class. Of the last ${writes.length}, ${right} were its first choice.`}
      svg={() => draw(SAVED_WIDTH)}
      csv={() =>
        csv(
          [
            "cycle",
            "presentation",
            "true class",
            ...(writes[0]?.forecast ?? []).map((_, k) => `probability of class ${k + 1}`),
          ],
          writes.map(({ cycle, presentation, nextClass, forecast }) => [
            cycle + 1,
            presentation,
            nextClass + 1,
            ...forecast,
          ]),
        )
      }
    >
      <Fitted draw={draw} />
    </Figure>
  );
}

function States({ state, writes }: { readonly state: StateFrame; readonly writes: Writes }) {
  const rows = (counts: Float32Array) =>
    Array.from({ length: state.bins }, (_, bin) => [
      ...counts.subarray(bin * state.channels, (bin + 1) * state.channels),
    ]);
  const limit = Math.max(...state.intended, ...state.evoked, 0);
  const draw = (title: string, counts: Float32Array, width: number) =>
    heatMap({
      title,
      description: `${title} state, spikes by bin and electrode`,
      width,
      limit,
      values: rows(counts),
      rowLabel: "bin",
      columnLabel: "electrode",
      firstColumn: 0,
      scaleLabel: `${title}: spikes per bin of 4 ms`,
    });
  const latest = writes.at(-1);
  return (
    <Figure
      name="states"
      title="Intended and evoked state"
      class="wide-card"
      aside={
        latest?.correlation === undefined ? null : (
          <span class="soft">correlation {latest.correlation.toFixed(2)}</span>
        )
      }
      caption="Above: the state that the improved emulator asked for, 20 ms after a volley. Below: what the culture did, pulses included."
      svg={() =>
        twoRows(draw("intended", state.intended, SAVED_WIDTH), draw("evoked", state.evoked, SAVED_WIDTH))
      }
      csv={() =>
        csv(
          ["bin", "electrode", "intended (spikes)", "evoked (spikes)"],
          [...state.intended].map((value, i) => [
            Math.floor(i / state.channels),
            i % state.channels,
            value,
            state.evoked[i],
          ]),
        )
      }
    >
      <Fitted draw={(width) => draw("intended", state.intended, width)} />
      <Fitted draw={(width) => draw("evoked", state.evoked, width)} />
    </Figure>
  );
}

/** Two drawings, one over the other. */
function twoRows(above: string, below: string): string {
  const heightOf = (drawing: string) => Number(/viewBox="0 0 [\d.]+ ([\d.]+)"/.exec(drawing)?.[1] ?? 200);
  const place = (drawing: string, y: number) =>
    drawing.replace("<svg ", `<svg y="${y}" width="${SAVED_WIDTH}" height="${heightOf(drawing)}" `);
  const height = heightOf(above) + heightOf(below) + 12;
  const title = "Intended and evoked state";
  const description = "Spikes by bin and electrode: above intended, below evoked.";
  return svg(
    { width: SAVED_WIDTH, height, title, description },
    place(above, 0),
    place(below, heightOf(above) + 12),
  );
}

function Losses({ writes }: { readonly writes: Writes }) {
  const x = writes.map((_, i) => i + 1);
  const hasPrior = writes.some(({ priorError }) => priorError !== undefined && priorError !== 0);
  return (
    <Series
      name="losses"
      title="Losses of the descent"
      x={x}
      lines={[
        {
          label: "task loss",
          colour: "descent",
          values: smooth(writes.map(({ crossEntropy }) => crossEntropy)),
        },
        ...(hasPrior
          ? [
              {
                label: "prior error",
                colour: "teacher",
                dash: [6, 3],
                values: smooth(writes.map(({ priorError }) => priorError)),
              },
            ]
          : []),
      ]}
      xLabel="presentation"
      yLabel={hasPrior ? "loss (nats; squared error per latent)" : "loss (nats)"}
      caption={`Running means over 20 presentations. Task loss: cross entropy while descending.${hasPrior ? " Prior error: flow matching error of the intended state, low where tissue has been seen to go." : ""}`}
    />
  );
}

function Fits({ fits }: { readonly fits: readonly MessageOf<"fit">[] }) {
  if (fits.length === 0) return null;
  const byCycle = [...new Map(fits.map((fit) => [fit.cycle, fit])).values()].sort(
    (a, b) => a.cycle - b.cycle,
  );
  return (
    <TableFigure
      name="fits"
      title="Fits"
      aside={<span class="soft">on everything recorded so far</span>}
      columns={["for cycle", "autoencoder (nats per count)", "dynamics (squared error)"]}
      rows={byCycle.map(({ cycle, autoencoderLoss, dynamicsLoss }) => [
        String(cycle + 1),
        autoencoderLoss?.toFixed(4).replace("-", "−") ?? "–",
        dynamicsLoss?.toFixed(4) ?? "–",
      ])}
      caption="Losses of emulator and bridge at the end of each fit. Densities may be above 1, so that a loss in nats can be negative."
    />
  );
}

/** Means over the last `width` values; what is not known counts neither way. */
function smooth(values: readonly (number | undefined)[], width = 20): (number | null)[] {
  let [sum, count] = [0, 0];
  return values.map((value, i) => {
    const gone = i >= width ? values[i - width] : undefined;
    sum += (value ?? 0) - (gone ?? 0);
    count += (value === undefined ? 0 : 1) - (gone === undefined ? 0 : 1);
    return count > 0 ? sum / count : null;
  });
}
