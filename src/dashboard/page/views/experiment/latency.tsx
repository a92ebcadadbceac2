/** The device and its link: how long each presentation spends there, and how long the loop takes around it. */
import { frame } from "../../../../report/plot/frame.ts";
import { legend } from "../../../../report/plot/legend.ts";
import { element, svg } from "../../../../report/plot/svg.ts";
import type { RunMessage } from "../../../protocol.ts";
import { csv } from "../../figures/export.ts";
import { Drawing, Empty, Figure, TableFigure } from "../../figures/figure.tsx";
import type { Model } from "../../state/model.ts";

/** Edges of the bins (ms): ten to a decade, from 0.1 ms to 1 s. */
const EDGES = Array.from({ length: 41 }, (_, i) => 10 ** (-1 + i / 10));

export function Latency({ model, run }: { readonly model: Model; readonly run: RunMessage }) {
  const { deviceMs, computeMs, deviceSecondsPerSecond } = model;
  const stages = Object.entries(model.report?.stages ?? {});
  if (run.state === "saved" && stages.length > 0)
    return (
      <TableFigure
        name="time"
        title="Time by stage"
        aside={<span class="soft">{run.device}</span>}
        columns={["stage", "wall time (s)"]}
        rows={stages.map(([stage, seconds]) => [stage, seconds.toFixed(1)])}
        caption="Sums over all cultures. Latencies of single presentations are measured live alone."
      />
    );
  if (deviceMs.length === 0)
    return (
      <section class="card">
        <div class="head">
          <h2>Device link</h2>
        </div>
        <p>{run.device}</p>
        <Empty>
          {run.state === "saved"
            ? "Latencies are measured live alone: they are no part of a saved run."
            : "Latencies are measured while this page watches a culture that is presented to."}
        </Empty>
      </section>
    );
  const drawing = draw(deviceMs, computeMs);
  const p = (values: readonly number[], share: number) =>
    [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))].toFixed(1);
  return (
    <Figure
      name="latency"
      title="Device link"
      aside={
        <span class="soft">
          {run.device}, {deviceSecondsPerSecond.toFixed(1)}× real time
        </span>
      }
      caption={`Device: p50 ${p(deviceMs, 0.5)} ms, p99 ${p(deviceMs, 0.99)} ms. Compute: p50 ${p(computeMs, 0.5)} ms, p99 ${p(computeMs, 0.99)} ms. Last ${deviceMs.length} presentations.`}
      svg={() => drawing}
      csv={() =>
        csv(
          ["device (ms)", "compute (ms)"],
          deviceMs.map((ms, i) => [ms, computeMs[i]]),
        )
      }
    >
      <Drawing svg={drawing} />
    </Figure>
  );
}

function draw(deviceMs: readonly number[], computeMs: readonly number[]): string {
  const [width, height] = [480, 300];
  const counts = [deviceMs, computeMs].map(histogram);
  const most = Math.max(1, ...counts.flat());
  const area = frame(
    { width, height: height - 26, margins: { top: 34, right: 14, bottom: 46, left: 46 } },
    { domain: [-1, 3], label: "wall time (ms)", tickCount: 4, format: (power) => String(10 ** power) },
    { domain: [0, most], label: "presentations", tickCount: 4 },
  );
  const outline = (bins: readonly number[], name: string) => {
    let d = `M${area.left} ${area.bottom}`;
    bins.forEach((count, i) => {
      d += `L${area.x(-1 + i / 10).toFixed(1)} ${area.y(count).toFixed(1)}L${area.x(-1 + (i + 1) / 10).toFixed(1)} ${area.y(count).toFixed(1)}`;
    });
    d += `L${area.right} ${area.bottom}Z`;
    return element("path", { d, class: `band ${name}` }) + element("path", { d, class: `line ${name}` });
  };
  const items = [
    { label: "device: pulses in, spikes out", class: "descent", mark: "bar" as const },
    { label: "compute", class: "teacher", mark: "bar" as const },
  ];
  const drawing = {
    width,
    height,
    title: "Latency",
    description: "Histogram of the time in the device and in the loop around it.",
  };
  return svg(
    drawing,
    area.markup,
    outline(counts[1], "teacher"),
    outline(counts[0], "descent"),
    legend(items, 4, height - 20, width),
  );
}

function histogram(values: readonly number[]): number[] {
  const bins = new Array<number>(EDGES.length - 1).fill(0);
  for (const value of values) {
    const bin = Math.min(
      bins.length - 1,
      Math.max(0, Math.floor(10 * (Math.log10(Math.max(value, 1e-3)) + 1))),
    );
    bins[bin]++;
  }
  return bins;
}
