import { beforeEach, describe, expect, it } from "vitest";
import { growSheet } from "../culture/anatomy.ts";
import { Culture } from "../culture/culture.ts";
import { quiet } from "../culture/parameters.ts";
import { openDevice } from "../device/gate/open.ts";
import { SimulatedMea } from "../device/simulated/driver.ts";
import { Random } from "../math/random.ts";
import {
  BIN_FRAMES,
  BINS,
  PATTERN_SIZE,
  TRIAL_FRAMES,
  VOLLEY_FRAMES,
  WRITE_FRAME,
  type Write,
} from "../protocol/protocol.ts";
import { addEfference, runTrial } from "../protocol/trial.ts";
import { openTask } from "../tasks/open.ts";
import { divideScaffold } from "../tasks/zones.ts";
import { babble, NOTHING, randomPattern, STRANGE } from "./babble.ts";
import { present } from "./presenting.ts";
import { readByHand } from "./reading.ts";
import { Recorder } from "./recorder.ts";
import { heldOut, placeMatrix, presentations, type Subject } from "./subject.ts";

const SEED = 5;

/** A real device with a culture so small that a trial takes no time. */
async function tinySubject(): Promise<Subject> {
  const culture = new Culture(growSheet(SEED, { neurons: 60, meanOutDegree: 10 }), quiet, SEED);
  const device = openDevice(new SimulatedMea(culture, { seed: SEED }));
  const zones = divideScaffold(device.profile.electrodes, SEED, {
    classCount: 8,
    electrodesPerClass: PATTERN_SIZE,
  });
  const task = (await openTask({ series: "henon" })).code(SEED, {
    trainCount: 60,
    testCount: 20,
    sensoryCount: zones.sensory.length,
    activeCount: PATTERN_SIZE,
  });
  const simulated = device.simulated!;
  return { seed: SEED, device, simulated, task, zones, grown: simulated.snapshot() };
}

let subject: Subject;
let recorder: Recorder;
let trials: number;
beforeEach(async () => {
  subject = await tinySubject();
  trials = 0;
  recorder = new Recorder(0, () => trials++);
});
const channels = 64;
const writeOn = (pattern: readonly number[]): Write => ({
  channels: pattern,
  amplitude: 1,
  delayFrames: WRITE_FRAME,
});

describe("runTrial", () => {
  it("takes one trial's time, and pulses the context at each volley and the write after its delay", async () => {
    const { device, zones } = subject;
    const [context, write] = [zones.sensory.slice(0, 4), writeOn(zones.assigned[2])];
    for (let n = 0; n < 5; n++) {
      const trial = await runTrial(device, context, n % 2 === 0 ? write : undefined);
      expect(trial.startFrame).toBe(n * TRIAL_FRAMES);
      expect(device.now()).toBe((n + 1) * TRIAL_FRAMES);
      const expected = VOLLEY_FRAMES.flatMap((volley) => [
        ...context.map((channel) => [channel, volley]),
        ...(n % 2 === 0 ? write.channels.map((channel) => [channel, volley + WRITE_FRAME]) : []),
      ]);
      expect(trial.pulses.map(({ channel, frame }) => [channel, frame - trial.startFrame])).toEqual(expected);
      // The state, counted spike by spike.
      const counts = new Float32Array(BINS * channels);
      trial.spikes.frames.forEach((frame, i) => {
        for (const volley of VOLLEY_FRAMES) {
          const bin = Math.floor((frame - trial.startFrame - volley) / BIN_FRAMES);
          if (bin >= 0 && bin < BINS) counts[bin * channels + trial.spikes.channels[i]]++;
        }
      });
      expect(trial.counts).toEqual(counts);
    }
    expect(device.ledger()).toMatchObject({ pulses: VOLLEY_FRAMES.length * (5 * 4 + 3 * 4), refusals: 0 });
  });
});

describe("addEfference", () => {
  it("puts the pulses where their spikes are hidden: the datum's in the first bin, the write's in its own", () => {
    const random = Random.of(1);
    for (const delayFrames of [0, BIN_FRAMES - 1, BIN_FRAMES, WRITE_FRAME, (BINS - 1) * BIN_FRAMES]) {
      const before = Float32Array.from({ length: BINS * channels }, () => random.integer(3));
      const write = { channels: [40, 41], amplitude: 0.5, delayFrames };
      const after = addEfference(before.slice(), [3, 7], write);
      const changed = [...after.keys()].filter((i) => after[i] !== before[i]);
      const bin = Math.floor(delayFrames / BIN_FRAMES);
      expect(changed).toEqual([3, 7, bin * channels + 40, bin * channels + 41].sort((a, b) => a - b));
      const full = after[3] - before[3];
      expect(full).toBeGreaterThan(0);
      expect(after[bin * channels + 40] - before[bin * channels + 40]).toBeCloseTo(full / 2, 5);
      const without = addEfference(before.slice(), [3, 7], write, 0);
      expect(without).toEqual(addEfference(before.slice(), [3, 7]));
    }
  });
});

describe("present", () => {
  it("shows a row of data, writes where told, and keeps states with efference and counts without", async () => {
    const data = presentations(subject, 0, 30);
    const asked: number[] = [];
    const { states, read } = await present(
      subject,
      data,
      async (n) => {
        asked.push(n);
        return n % 3 === 0 ? writeOn(subject.zones.assigned[data[n].nextClass]) : undefined;
      },
      recorder,
      (n, state) => ({ foretold: n, crossEntropy: state[data[n].context[0]] }),
    );
    expect(asked).toEqual(data.map((_, n) => n));
    expect([...states.written]).toEqual(data.map((_, n) => (n % 3 === 0 ? 1 : 0)));
    const window = BINS * channels;
    data.forEach(({ context, nextClass }, n) => {
      const write = n % 3 === 0 ? writeOn(subject.zones.assigned[nextClass]) : undefined;
      const own = read.slice(n * window, (n + 1) * window);
      expect(states.counts.slice(n * window, (n + 1) * window)).toEqual(addEfference(own, context, write));
    });
    expect(subject.device.ledger()).toMatchObject({ pulses: VOLLEY_FRAMES.length * 160, refusals: 0 });

    const stretch = recorder.finish(subject.device.now());
    expect(trials).toBe(30);
    expect(stretch).toMatchObject({ startFrame: 0, endFrame: 30 * TRIAL_FRAMES });
    expect(stretch.pulses).toHaveLength(VOLLEY_FRAMES.length * 160);
    const series = Object.fromEntries(
      stretch.series.map(({ name, values }) => [name, [...(values as number[])]]),
    );
    expect(series["nextClass"]).toEqual(data.map(({ nextClass }) => nextClass));
    expect(series["foretold"]).toEqual(asked);
    for (const { frames, unit, description } of stretch.series) {
      expect([...(frames as Float64Array)]).toEqual(asked.map((n) => n * TRIAL_FRAMES));
      expect([unit, description].every((text) => text.length > 0)).toBe(true);
    }
    const { frames } = stretch.spikes;
    expect(frames.every((frame, i) => i === 0 || frame >= frames[i - 1])).toBe(true);
  });

  it("gives the same bits from the same culture, written to or not", async () => {
    const data = heldOut(subject);
    const run = async () => {
      subject.simulated.restore(subject.grown);
      return present(
        subject,
        data,
        (n) => (n % 2 ? writeOn(subject.zones.assigned[0]) : undefined),
        recorder,
      );
    };
    const first = await run();
    expect(await run()).toEqual(first);
  });
});

describe("babble", () => {
  it("shows data and patterns at random, independent of each other, without one refused pulse", async () => {
    const { device, zones } = subject;
    const contexts = presentations(subject, 0, 12).map(({ places }) => places);
    const count = 400;
    const repertoire = { ...zones, contexts, patterns: zones.assigned, strangeShare: 0.25 };
    const { states, data, patternOf } = await babble(device, repertoire, count, Random.of(3), recorder);
    expect(device.ledger().refusals).toBe(0);
    expect(device.now()).toBe(count * TRIAL_FRAMES);
    expect([...states.written]).toEqual([...patternOf].map((p) => (p === NOTHING ? 0 : 1)));
    const share = (of: (p: number) => boolean) => patternOf.filter(of).length / count;
    expect(share((p) => p === NOTHING)).toBeGreaterThan(0.1);
    const written = patternOf.filter((p) => p !== NOTHING);
    expect(Math.abs(written.filter((p) => p === STRANGE).length / written.length - 0.25)).toBeLessThan(0.1);
    for (let p = 0; p < 8; p++) expect(patternOf).toContain(p);

    const places = zones.sensory.length;
    const shown = Array.from({ length: count }, (_, n) =>
      Array.from({ length: places }, (_, s) => s).filter((s) => data[n * places + s] === 1),
    );
    const known = contexts.map((context) => [...context].sort((a, b) => a - b).join());
    for (const context of shown) expect(known).toContain(context.join());
    // Independence: chi-square of the datum shown against written or not, within four of its standard deviations.
    const rows = [...new Set(shown.map(String))];
    const table = rows.map((row) =>
      [0, 1].map((w) => shown.filter((s, n) => String(s) === row && states.written[n] === w).length),
    );
    let chi = 0;
    for (const row of table)
      row.forEach((seen, w) => {
        const expected = ((row[0] + row[1]) * table.reduce((sum, r) => sum + r[w], 0)) / count;
        chi += (seen - expected) ** 2 / expected;
      });
    const freedom = rows.length - 1;
    expect(chi).toBeLessThan(freedom + 4 * Math.sqrt(2 * freedom));
  });

  it("draws random patterns of different channels of the zone", () => {
    const random = Random.of(4);
    for (let i = 0; i < 100; i++) {
      const pattern = randomPattern(subject.zones.prediction, random);
      expect(new Set(pattern).size).toBe(PATTERN_SIZE);
      expect(pattern.every((channel) => subject.zones.prediction.includes(channel))).toBe(true);
    }
  });
});

describe("a subject's data", () => {
  it("are pulsed in the sensory zone alone, training before test, in the order of the series", () => {
    const { task, zones } = subject;
    const [train, test] = [presentations(subject, 0, 60), heldOut(subject)];
    expect(train.map(({ step }) => step)).toEqual(Array.from({ length: 60 }, (_, i) => task.train.start + i));
    expect(test.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => task.test.start + i));
    for (const datum of [...train, ...test]) {
      expect(datum.nextClass).toBe(task.labels[datum.step]);
      expect(datum.context.every((channel) => zones.sensory.includes(channel))).toBe(true);
      expect(datum.context.some((channel) => zones.prediction.includes(channel))).toBe(false);
    }
    const matrix = placeMatrix(test, zones.sensory.length);
    test.forEach(({ places }, n) => {
      const row = matrix.subarray(n * zones.sensory.length, (n + 1) * zones.sensory.length);
      expect([...row.keys()].filter((s) => row[s] === 1)).toEqual([...places].sort((a, b) => a - b));
    });
  });
});

describe("readByHand", () => {
  it("counts the spikes of each group, save those in the bin of the context pulse", () => {
    const random = Random.of(6);
    const counts = Float32Array.from({ length: 3 * BINS * channels }, () => random.integer(4));
    const patterns = [[1, 2], [5], [60, 61, 63]];
    const expected: number[] = [];
    for (let n = 0; n < 3; n++)
      for (const pattern of patterns) {
        let sum = 0;
        for (let i = 0; i < BINS * channels; i++)
          if (i >= channels && pattern.includes(i % channels)) sum += counts[n * BINS * channels + i];
        expected.push(sum);
      }
    expect([...readByHand(counts, channels, patterns)]).toEqual(expected);
  });
});
