import { expect, test } from "vitest";
import type { Recording } from "../../recording/contract.ts";
import { windowsOfRecording } from "./recording.ts";
import { rowsOf } from "./windows.ts";

function made(trains: readonly number[][], observed: [number, number][]): Recording {
  return {
    ...{ name: "made", source: "spike-list", startSeconds: 0, durationSeconds: observed.at(-1)![1] },
    observed: observed.map(([startSeconds, endSeconds]) => ({ startSeconds, endSeconds })),
    ...{ trials: [], meta: {}, close: () => {} },
    channels: trains.map((train, c) => ({ name: String(c), spikeCount: train.length })),
    *readSpikes(channel) {
      for (const time of trains[channel]) yield Float64Array.of(time);
    },
  } as Recording;
}

test("windows lie whole within what was observed; silent channels are no columns; a file counts as memory does", () => {
  const trains = [[0.05, 0.06, 0.19, 0.45, 1.01], [], [0.11, 1.09, 1.1, 1.3]];
  const recording = made(trains, [
    [0, 0.25],
    [1, 1.2],
  ]);
  for (const inMemoryBytes of [1e6, 0]) {
    const windows = windowsOfRecording(recording, { windowSeconds: 0.1, inMemoryBytes });
    expect([...windows.startSeconds].map((t) => Number(t.toFixed(3)))).toEqual([0, 0.1, 1, 1.1]);
    expect(windows.channels).toEqual([0, 2]);
    expect([...rowsOf(windows)]).toEqual([2, 0, 1, 1, 1, 1, 0, 1]);
    windows.close();
  }
  expect(() => windowsOfRecording(made([[], []], [[0, 1]]), { windowSeconds: 0.1 })).toThrow(
    /all channels are silent/,
  );
});
