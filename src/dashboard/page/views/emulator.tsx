/** The emulator: what it foretells beside what came, where the culture's states lie, what was meant and what was evoked. */
import { useEffect } from "preact/hooks";
import type { StateFrame } from "../../../descent/live/frames.ts";
import { fidelitySection } from "../../../report/page/learning.ts";
import { heatMap } from "../../../report/plot/heatmap.ts";
import type { MessageOf } from "../../protocol.ts";
import { csv } from "../figures/export.ts";
import { Drawing, Empty, Figure } from "../figures/figure.tsx";
import { Series } from "../figures/series.tsx";
import { want } from "../state/connection.ts";
import { CultureChooser, chosenCulture } from "./chooser.tsx";
import type { ViewProps } from "./culture.tsx";
import { forecastFan } from "./fan.ts";
import { Latent } from "./latent.tsx";

/** Presentations in the fan. */
const SHOWN = 90;

export function EmulatorView({ model, route, run }: ViewProps) {
  const culture = chosenCulture(model, route);
  const isLive = run.state !== "saved";
  useEffect(() => {
    want(isLive ? [culture] : []);
    return () => want([]);
  }, [culture, run.name, isLive]);
  const writes = model.writes.get(culture) ?? [];
  const state = model.states.get(culture);
  const code = model.report?.report;
  const fidelity = code?.writeFidelity ? fidelitySection(code, "write") : "";
  return (
    <>
      <CultureChooser model={model} run={run} culture={culture} />
      {writes.length === 0 ? (
        <Empty>
          The emulator has not descended on this culture yet: first it babbles, and emulator and bridge are
          fitted.
        </Empty>
      ) : null}
      <div class="cards">
        {writes.some(({ forecast }) => forecast.length > 0) ? (
          <Fan writes={writes.slice(-SHOWN)} all={writes.length} />
        ) : null}
        {state ? <States state={state} writes={writes} /> : null}
        <Latent model={model} culture={culture} />
        {writes.length > 0 ? <Losses writes={writes} /> : null}
        <Fits fits={model.fits.filter((fit) => fit.culture === culture)} />
        {fidelity && !isLive ? (
          <section class="card wide-card fidelity">
            <Drawing svg={fidelity} />
          </section>
        ) : null}
      </div>
    </>
  );
}

type Writes = readonly MessageOf<"write">[];

function Fan({ writes, all }: { readonly writes: Writes; readonly all: number }) {
  const right = writes.filter(
    ({ forecast, nextClass }) => forecast.indexOf(Math.max(...forecast)) === nextClass,
  ).length;
  const drawing = forecastFan(writes, all - writes.length);
  return (
    <Figure
      name="forecast"
      title="Forecast and what came"
      class="wide-card"
      caption={`Shade: probability that the emulator gave each class before it was told. Circles: the class that came. Of the last ${writes.length}, ${right} were its first choice.`}
      svg={() => drawing}
      csv={() =>
        csv(
          [
            "cycle",
            "presentation",
            "class that came",
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
      <Drawing svg={drawing} />
    </Figure>
  );
}

function States({ state, writes }: { readonly state: StateFrame; readonly writes: Writes }) {
  const rows = (counts: Float32Array) =>
    Array.from({ length: state.bins }, (_, bin) => [
      ...counts.subarray(bin * state.channels, (bin + 1) * state.channels),
    ]);
  const draw = (title: string, counts: Float32Array) =>
    heatMap({
      ...{
        title,
        description: `${title} state, spikes by bin and electrode`,
        width: 980,
        values: rows(counts),
      },
      ...{ rowLabel: "bin", columnLabel: "electrode", scaleLabel: `${title}: spikes per bin of 4 ms` },
    });
  const latest = writes.at(-1);
  return (
    <Figure
      name="states"
      title="Intended and evoked state"
      class="wide-card"
      aside={latest ? <span class="soft">correlation {latest.correlation.toFixed(2)}</span> : null}
      caption="Above: the state that the improved emulator asked for, 20 ms after a volley. Below: what the culture did, pulses included."
      svg={() => draw("intended", state.intended)}
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
      <Drawing svg={draw("intended", state.intended)} />
      <Drawing svg={draw("evoked", state.evoked)} />
    </Figure>
  );
}

function Losses({ writes }: { readonly writes: Writes }) {
  const x = writes.map((_, i) => i + 1);
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
        {
          label: "prior error",
          colour: "teacher",
          dash: [6, 3],
          values: smooth(writes.map(({ priorError }) => priorError)),
        },
      ]}
      xLabel="presentation"
      yLabel="loss (nats; error per latent)"
      caption="Running means over 20 presentations. Task loss: cross entropy while descending. Prior error: flow matching error of the intended state, low where tissue has been seen to go."
    />
  );
}

function Fits({ fits }: { readonly fits: readonly MessageOf<"fit">[] }) {
  if (fits.length === 0) return null;
  const byCycle = [...new Map(fits.map((fit) => [fit.cycle, fit])).values()].sort(
    (a, b) => a.cycle - b.cycle,
  );
  return (
    <section class="card" aria-labelledby="fits-title">
      <div class="head">
        <h2 id="fits-title">Fits</h2>
        <span class="soft">on everything recorded so far</span>
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">for cycle</th>
            <th scope="col">autoencoder loss (nats per count)</th>
            <th scope="col">dynamics loss (squared error)</th>
          </tr>
        </thead>
        <tbody>
          {byCycle.map(({ cycle, autoencoderLoss, dynamicsLoss }) => (
            <tr key={cycle}>
              <td>{cycle + 1}</td>
              <td>{autoencoderLoss.toFixed(4)}</td>
              <td>{dynamicsLoss.toFixed(4)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function smooth(values: readonly number[], width = 20): number[] {
  let sum = 0;
  return values.map((value, i) => {
    sum += value - (i >= width ? values[i - width]! : 0);
    return sum / Math.min(i + 1, width);
  });
}
