/** What a culture did while it read a sentence: words above their time, pulses and spikes of every electrode below. */
import { frame } from "../../report/plot/frame.ts";
import { coordinate, element, line, svg, text } from "../../report/plot/svg.ts";
import type { ReadExamples } from "../brain/example.ts";

const ROW = 4.4;

/** With `nowMs` what has happened by then. */
export function spikesUnderWords(
  { stimulated, neverStimulated, read }: ReadExamples,
  example: number,
  { width, nowMs = Number.POSITIVE_INFINITY }: { readonly width: number; readonly nowMs?: number },
): string {
  const { text: sentence, shown, spikes, pulses, durationMs } = read[example];
  const rowOf = new Map([...neverStimulated, ...stimulated].map((channel, row) => [channel, row]));
  const rows = rowOf.size;
  const margins = { top: 34, right: 10, bottom: 44, left: 10 };
  const height = margins.top + rows * ROW + 14 + margins.bottom;
  const area = frame(
    { width, height, margins },
    { domain: [0, durationMs], label: "time (ms)", format: (ms) => ms.toFixed(0) },
    { domain: [0, 1], label: "", tickCount: 0 },
  );
  const y = (channel: number) => {
    const row = rowOf.get(channel);
    if (row === undefined) return null;
    return area.top + row * ROW + (row >= neverStimulated.length ? 14 : 4);
  };
  const ticks = (events: typeof spikes) =>
    events
      .map(([ms, channel]) => {
        const at = y(channel);
        if (at === null || ms > nowMs) return "";
        return `M${coordinate(area.x(ms))} ${coordinate(at)}v${coordinate(ROW - 1)}`;
      })
      .join("");
  const words = sentence.split(/\s+/);
  let end = 0;
  const labels = shown.words.map(({ word, atMs }) => {
    if (atMs[0] > nowMs) return "";
    const x = area.x(atMs[0]);
    const mark = line([x, area.top - 4], [x, area.bottom], { class: "reference" });
    // Words that would stand on each other go up a line.
    const isFree = x >= end;
    end = Math.max(end, x + words[word].length * 7 + 4);
    return mark + text(x, area.top - (isFree ? 8 : 21), words[word], { class: "label" });
  });
  return svg(
    {
      width,
      height,
      title: "Spikes under the words",
      description: `${sentence} ${spikes.length} spikes, ${pulses.length} pulses on ${stimulated.length} electrodes; the other ${neverStimulated.length} stand above`,
    },
    area.markup,
    ...labels,
    ...(nowMs < durationMs
      ? [line([area.x(nowMs), area.top - 4], [area.x(nowMs), area.bottom], { class: "line teacher" })]
      : []),
    element("path", { d: ticks(pulses), class: "pulse" }),
    element("path", { d: ticks(spikes), class: "spike" }),
  );
}
