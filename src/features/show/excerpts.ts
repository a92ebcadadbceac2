/** The spikes of single windows, for rasters. */
import type { Recording } from "../../recording/contract.ts";
import type { RecordingWindows } from "../windows/recording.ts";

export interface WindowSpikes {
  readonly window: number;
  readonly code: number;
  /** From the recording's start. */
  readonly startSeconds: number;
  /** Milliseconds from the window's start, and column, of at most `MOST` spikes, evenly taken. */
  readonly timesMs: readonly number[];
  readonly columns: readonly number[];
}

const MOST = 150;

/** By window. One pass over the recording. */
export function excerpts(
  recording: Recording,
  windows: RecordingWindows,
  chosen: readonly { readonly window: number }[],
): Map<number, WindowSpikes> {
  const wanted = [...new Set(chosen.map(({ window }) => window))].sort((a, b) => a - b);
  const found = wanted.map(() => ({ timesMs: [] as number[], columns: [] as number[] }));
  const starts = wanted.map((window) => windows.startSeconds[window]);
  for (const [column, channel] of windows.channels.entries()) {
    let i = 0;
    for (const block of recording.readSpikes(channel))
      for (const time of block) {
        while (i < starts.length && time >= starts[i] + windows.windowSeconds) i++;
        if (i === starts.length || time < starts[i]) continue;
        found[i].timesMs.push(Math.round(1e4 * (time - starts[i])) / 10);
        found[i].columns.push(column);
      }
  }
  return new Map(
    wanted.map((window, i) => {
      const total = found[i].timesMs.length;
      const step = Math.max(1, total / MOST);
      const kept = Array.from({ length: Math.min(total, MOST) }, (_, j) => Math.floor(j * step));
      return [
        window,
        {
          ...{ window, code: 0, startSeconds: starts[i] },
          timesMs: kept.map((j) => found[i].timesMs[j]),
          columns: kept.map((j) => found[i].columns[j]),
        },
      ];
    }),
  );
}
