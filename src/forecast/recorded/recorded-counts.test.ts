import fc from "fast-check";
import { expect, test } from "vitest";
import type { Recording } from "../../recording/contract.ts";
import { recordedCounts, splitInTime } from "./recorded-counts.ts";

function recordingOf(trains: readonly number[][], durationSeconds: number): Recording {
  return {
    name: "made",
    source: "spike-list",
    durationSeconds,
    startSeconds: 0,
    observed: [{ startSeconds: 0, endSeconds: durationSeconds }],
    trials: [],
    channels: trains.map((train, i) => ({ name: `ch${i}`, spikeCount: train.length })),
    meta: {},
    *readSpikes(channel) {
      const train = trains[channel];
      yield Float64Array.from(train.slice(0, 3));
      yield Float64Array.from(train.slice(3));
    },
    close() {},
  };
}

const trains = fc.array(
  fc
    .array(fc.double({ min: 0, max: 0.999, noNaN: true }), { maxLength: 20 })
    .map((train) => train.sort((a, b) => a - b)),
  { minLength: 1, maxLength: 4 },
);

test("every spike is counted once, in its own bin and channel", () => {
  fc.assert(
    fc.property(trains, (all) => {
      const { counts } = recordedCounts(recordingOf(all, 1), { binSeconds: 0.1 });
      all.forEach((train, c) => {
        for (let bin = 0; bin < 10; bin++)
          expect(counts.sequences[0][bin * all.length + c]).toBe(
            train.filter((time) => Math.floor(time / 0.1) === bin).length,
          );
      });
    }),
  );
});

test("channels come in the order asked for; one that is missing was silent, but not most of them", () => {
  const recording = recordingOf([[0.05], [0.05, 0.06]], 1);
  const { counts } = recordedCounts(recording, { binSeconds: 0.1, channelNames: ["ch1", "ch0"] });
  expect([...counts.sequences[0].subarray(0, 2)]).toEqual([2, 1]);
  const silent = recordedCounts(recording, { binSeconds: 0.1, channelNames: ["ch7", "ch1"] });
  expect([...silent.counts.sequences[0].subarray(0, 2)]).toEqual([0, 2]);
  const other = { binSeconds: 0.1, channelNames: ["ch7", "ch8", "ch0"] };
  expect(() => recordedCounts(recording, other)).toThrow(/2 of 3 are missing .*"ch7"/);
});

test("what was not observed is no silence: a sequence for each stretch, and parts that keep them apart", () => {
  const recording = {
    ...recordingOf([[0.05, 0.95, 5.01, 5.15, 5.99]], 6),
    observed: [
      { startSeconds: 0, endSeconds: 1 },
      { startSeconds: 5, endSeconds: 6 },
    ],
  };
  const { counts } = recordedCounts(recording, { binSeconds: 0.1 });
  expect(counts.sequences.map((sequence) => [...sequence])).toEqual([
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    [1, 1, 0, 0, 0, 0, 0, 0, 0, 1],
  ]);
  const { train, validation, test: last } = splitInTime(counts);
  expect(train.sequences.map(({ length }) => length)).toEqual([10, 4]);
  expect(train.before!.map(({ length }) => length)).toEqual([0, 0]);
  expect(validation.before!.map((past) => [...past])).toEqual([[1, 1, 0, 0]]);
  expect([...last.sequences[0]]).toEqual([0, 0, 0, 1]);
});

test("the parts of a recording follow one another and do not overlap", () => {
  const counts = { binSeconds: 1, channels: 1, sequences: [Uint8Array.from({ length: 100 }, (_, i) => i)] };
  const { train, validation, test: last } = splitInTime(counts);
  expect([...train.sequences[0], ...validation.sequences[0], ...last.sequences[0]]).toEqual([
    ...counts.sequences[0],
  ]);
  expect([train, validation, last].map(({ sequences }) => sequences[0].length)).toEqual([70, 10, 20]);
});
