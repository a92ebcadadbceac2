import { beforeAll, describe, expect, it } from "vitest";
import { addEfference, channelsOf, pulsesOf } from "../protocol/layout.ts";
import type { Datum, Write } from "../protocol/protocol.ts";
import { seriesOf, type Task } from "../tasks/contract.ts";
import { contextOf } from "../tasks/series/contract.ts";
import type { Cultures, CulturesState } from "./cultures.ts";
import { Recorder } from "./recorder.ts";
import { smallCultures, smallTask } from "./testing.ts";
import { placesOf, walk } from "./walk.ts";

let cultures: Cultures;
let grown: CulturesState;
let task: Task;
let steps = 0;
beforeAll(async () => {
  cultures = await smallCultures({ tick: () => ++steps < 0 });
  grown = await cultures.snapshot();
  task = await smallTask();
});

const patterns = () => cultures.layouts.map(({ roles }) => roles.assigned);
const writeOn = (k: number): Write => ({
  channels: cultures.layouts[0].roles.assigned[k],
  amplitude: 1,
  delayFrames: cultures.layouts[0].frames.write,
});
/** The data of a stretch, and what follows each. */
function dataOf(
  phase: "train" | "probe",
  count: number,
): { datum: Datum; nextClass: number; step: number }[] {
  const world = task.world(phase, phase === "probe" ? 1 : 0, true);
  return Array.from({ length: count }, () => {
    const seen = {
      datum: world.present()[0],
      nextClass: world.targets()[0],
      step: world.steps?.()[0] ?? -1,
    };
    world.advance(Int32Array.of(0));
    return seen;
  });
}

describe("walk", () => {
  it("tells the world that what was written is said", async () => {
    await cultures.restore(grown);
    const world = task.world("train", 0, true);
    const heard: number[] = [];
    await walk(cultures, {
      world: {
        ...world,
        advance(said) {
          heard.push(said[0]);
          return world.advance(said);
        },
      },
      steps: 12,
      plasticity: 0,
      patterns: patterns(),
      act: ({ index }) => ({ writes: [writeOn(index % task.classes)] }),
    });
    expect(heard).toEqual(Array.from({ length: 12 }, (_, n) => n % task.classes));
  });

  it("shows a row of data, writes where told, and keeps states with efference and counts without", async () => {
    await cultures.restore(grown);
    const [layout] = cultures.layouts;
    const { frames, protocol, channels } = layout;
    const data = dataOf("train", 30);
    const writeAt = (n: number) => (n % 3 === 0 ? writeOn(data[n].nextClass) : null);
    const asked: number[] = [];
    const seen: number[] = [];
    const recorder = new Recorder();
    cultures.recorder = recorder;
    steps = 0;
    const { states, read, targets, answers, pulses, refused } = await walk(cultures, {
      world: task.world("train", 0, true),
      steps: 30,
      plasticity: 1,
      patterns: patterns(),
      act: ({ index }) => {
        asked.push(index);
        return { writes: [writeAt(index)], notes: [{ predicted: index }] };
      },
      seen: ({ index }, _, [state]) => {
        seen.push(state[channelsOf(layout.roles, data[index].datum)[0]]);
      },
    });
    cultures.recorder = null;
    expect(asked).toEqual(data.map((_, n) => n));
    expect([...targets]).toEqual(data.map(({ nextClass }) => nextClass));
    expect(answers).toEqual(targets);
    expect([...states.written]).toEqual(data.map((_, n) => (n % 3 === 0 ? 1 : 0)));
    const window = protocol.bins * channels;
    data.forEach(({ datum }, n) => {
      const write = writeAt(n);
      const own = read.slice(n * window, (n + 1) * window);
      const state = states.counts.slice(n * window, (n + 1) * window);
      expect(state).toEqual(
        addEfference(layout, own, { datum, write, pulses: pulsesOf(layout, datum, write) }),
      );
      expect(seen[n]).toBe(state[channelsOf(layout.roles, datum)[0]]);
    });
    const expected = frames.volleys.length * (30 * protocol.contextSize + 10 * protocol.patternSize);
    expect([pulses, refused]).toEqual([expected, 0]);

    const stretch = recorder.finish(0, cultures.frameOf(0));
    expect(steps).toBe(30);
    expect(stretch.startFrame).toBe(cultures.frameOf(0) - 30 * frames.presentation);
    expect(stretch.endFrame).toBe(cultures.frameOf(0));
    expect(stretch.pulses).toHaveLength(expected);
    const series = Object.fromEntries(
      stretch.series.map(({ name, values }) => [name, [...(values as number[])]]),
    );
    expect(series["nextClass"]).toEqual(data.map(({ nextClass }) => nextClass));
    expect(series["step"]).toEqual(data.map(({ step }) => step));
    expect(series["predicted"]).toEqual(asked);
    for (const { frames: at, unit, description } of stretch.series) {
      expect([...(at as Float64Array)]).toEqual(
        asked.map((n) => stretch.startFrame + n * frames.presentation),
      );
      expect([unit, description].every((text) => text.length > 0)).toBe(true);
    }
    const { frames: at } = stretch.spikes;
    expect(at.every((frame, i) => i === 0 || frame >= at[i - 1])).toBe(true);
  });

  it("gives the same bits from the same cultures, written to or not", async () => {
    const run = async () => {
      await cultures.restore(grown);
      return walk(cultures, {
        world: task.world("probe", 1, true),
        steps: 20,
        plasticity: 1,
        patterns: patterns(),
        act: ({ index }) => ({ writes: [index % 2 ? writeOn(0) : null] }),
      });
    };
    const first = await run();
    expect(await run()).toEqual(first);
  });

  it("stops where it is told to", async () => {
    const stopping = await smallCultures({ tick: () => ++steps === 5 });
    steps = 0;
    const walked = walk(stopping, {
      world: task.world("train", 0, true),
      steps: 20,
      plasticity: 1,
      patterns: patterns(),
    });
    await expect(walked).rejects.toThrow("stopped");
    expect(steps).toBe(5);
  });
});

describe("a culture's data", () => {
  it("are pulsed in the sensory zone alone, training before test, in the order of the series", () => {
    const [series] = seriesOf(task);
    const { roles } = cultures.layouts[0];
    const [train, test] = [dataOf("train", 60), dataOf("probe", 20)];
    expect(train.map(({ step }) => step)).toEqual(
      Array.from({ length: 60 }, (_, i) => series.train.start + i),
    );
    expect(test.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => series.test.start + i));
    for (const { datum, nextClass, step } of [...train, ...test]) {
      expect(nextClass).toBe(series.labels[step]);
      expect(datum.places).toEqual([...contextOf(series, step)]);
      const context = channelsOf(roles, datum);
      expect(context.every((channel) => roles.sensory.includes(channel))).toBe(true);
      expect(context.some((channel) => roles.prediction.includes(channel))).toBe(false);
    }
    const places = roles.sensory.length;
    const matrix = placesOf(
      test.map(({ datum }) => datum),
      places,
    );
    test.forEach(({ datum }, n) => {
      const row = matrix.subarray(n * places, (n + 1) * places);
      expect([...row.keys()].filter((s) => row[s] === 1)).toEqual([...datum.places].sort((a, b) => a - b));
    });
  });
});
