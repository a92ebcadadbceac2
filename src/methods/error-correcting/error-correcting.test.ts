/** What is written when, on cultures so small that a presentation takes no time. */
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../math/random.ts";
import { writtenElectrodes } from "../../protocol/protocol.ts";
import { standardLayout } from "../../protocol/testing.ts";
import type { Cultures, CulturesState } from "../../session/cultures.ts";
import { Recorder } from "../../session/recorder.ts";
import { smallCultures, smallTask } from "../../session/testing.ts";
import type { Task } from "../../tasks/contract.ts";
import type { Trained } from "../contract.ts";
import { always, hand, type Seen, signedHand } from "./hands.ts";
import { type Lessons, train } from "./method.ts";
import { answerOf, leadOf } from "./needs.ts";

const layout = standardLayout();
const { assigned } = layout.roles;
const CLASSES = assigned.length;
const datum = { places: [0, 1, 2], volleys: layout.frames.volleys.length };

/** Counts `[B, C]` with so many spikes on each electrode, in bins after the datum's own. */
function countsOf(spikes: ReadonlyMap<number, number>, seed: number): Float32Array {
  const random = Random.of(seed, "bins");
  const { channels, protocol } = layout;
  const counts = new Float32Array(protocol.bins * channels);
  // The datum's own bin is not read.
  for (let channel = 0; channel < channels; channel++) counts[channel] = 9;
  for (const [channel, count] of spikes)
    for (let i = 0; i < count; i++) counts[(1 + random.integer(protocol.bins - 1)) * channels + channel]++;
  return counts;
}

const answers = fc.record({
  seed: fc.nat(1000),
  target: fc.nat(CLASSES - 1),
  spikes: fc.array(fc.nat(6), { minLength: 4 * CLASSES, maxLength: 4 * CLASSES }),
  margin: fc.nat(12),
  progress: fc.integer({ min: 0, max: 20 }).map((part) => part / 20),
});

/** What a hand sees, and the class sums it should find. */
function seen({
  seed,
  target,
  spikes,
  progress,
}: {
  seed: number;
  target: number;
  spikes: number[];
  progress: number;
}) {
  const on = new Map(assigned.flat().map((channel, i) => [channel, spikes[i]]));
  const counts = countsOf(on, seed);
  const sums = assigned.map((own) => own.reduce((sum, channel) => sum + (on.get(channel) ?? 0), 0));
  const others = sums.map((sum, k) => (k === target ? -1 : sum));
  const view: Seen = {
    layout,
    patterns: assigned,
    answer: answerOf(counts, layout, assigned, target),
    spikesOn: (channel) => on.get(channel) ?? 0,
    progress,
  };
  return { view, sums, best: Math.max(...others), others };
}

describe("a hand", () => {
  it("writes the right class where it does not lead by the margin, and only there", () => {
    fc.assert(
      fc.property(answers, (given) => {
        const { view, sums, best } = seen(given);
        expect([...view.answer.scores]).toEqual(sums);
        expect(leadOf(view.answer)).toBe(sums[given.target] - best);
        const write = hand(given.margin)(view);
        if (sums[given.target] >= best + given.margin) expect(write).toBe(null);
        else {
          expect(write).toMatchObject({ channels: assigned[given.target], amplitude: 1 });
          expect(write?.delayFrames).toBe(1.2 * layout.frames.perMs);
        }
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it("with a sign pulses the two liveliest electrodes of a leading rival before the first volley", () => {
    let signed = 0;
    fc.assert(
      fc.property(answers, (given) => {
        const { view, sums, best, others } = seen(given);
        const write = signedHand(given.margin)(view);
        if (given.progress < 1 / 3 || sums[given.target] > best || best === 0) {
          expect(write).toEqual(hand(given.margin)(view));
          return;
        }
        signed++;
        if (!write) throw new Error("expected a write");
        const electrodes = writtenElectrodes(write, datum);
        const before = electrodes.filter(({ delayFrames }) => delayFrames < 0);
        const after = electrodes.filter(({ delayFrames }) => delayFrames > 0);
        const rival = assigned[others.indexOf(best)];
        for (const [some, own, volleys] of [
          [before, rival, 1],
          [after, assigned[given.target], datum.volleys],
        ] as const) {
          const counts = own.map((channel) => view.spikesOn(channel)).sort((a, b) => b - a);
          expect(some.map(({ channel }) => view.spikesOn(channel))).toEqual(counts.slice(0, 2));
          expect(some.every((each) => own.includes(each.channel) && each.volleys === volleys)).toBe(true);
        }
      }),
      { numRuns: 300, seed: 2 },
    );
    expect(signed).toBeGreaterThan(50);
  });

  it("has nothing to write where nothing should be said", () => {
    const counts = countsOf(new Map(), 1);
    const view = { ...seen({ seed: 1, target: 0, spikes: [], progress: 1 }).view };
    const quiet = { ...view, answer: answerOf(counts, layout, assigned, -1) };
    for (const of of [always, hand(6), signedHand(6)]) expect(of(quiet)).toBe(null);
  });
});

describe("a cycle", () => {
  const PRESENTATIONS = 12;
  let cultures: Cultures;
  let grown: CulturesState;
  let task: Task;
  beforeAll(async () => {
    cultures = await smallCultures({ brains: 2 });
    grown = await cultures.snapshot();
    task = await smallTask(2);
  });

  const cycle = async (arm: string, descent: readonly Trained<never, never>[] = [], margin?: number) => {
    await cultures.restore(grown);
    const lessons = {
      plan: { cycles: 1, presentations: PRESENTATIONS, margin },
      seed: 5,
      task,
      arm,
      cycle: 0,
      cultures,
      beginning: { patterns: cultures.layouts.map(({ roles }) => roles.assigned) },
      descent,
      plasticity: 1,
      connected: true,
      watch: () => undefined,
    } as unknown as Lessons;
    return train(lessons);
  };

  it("reads each datum, shows it again to those that need it while the others rest, and says so in the recording", async () => {
    const recorder = new Recorder();
    cultures.recorder = recorder;
    const { writes = [], effort, pulses } = await cycle("descent", [], 1);
    cultures.recorder = null;
    const needed = writes.map((row) => row.filter((write) => write !== null).length);
    const again = needed.filter((count) => count > 0).length;
    expect(effort).toMatchObject({ presentations: PRESENTATIONS + again, written: again });
    const { protocol, frames } = cultures.layouts[0];
    const shown = 2 * PRESENTATIONS + needed.reduce((sum, count) => sum + count, 0);
    const writePulses = frames.volleys.length * protocol.patternSize * (shown - 2 * PRESENTATIONS);
    expect(effort.writePulses).toBe(writePulses);
    expect(pulses).toBe(frames.volleys.length * protocol.contextSize * shown + writePulses);
    for (const brain of [0, 1]) {
      const { series } = recorder.finish(brain, cultures.frameOf(brain));
      const { values = [] } = series.find(({ name }) => name === "written") ?? {};
      const own = writes.flatMap((row) => [0, ...(row.some(Boolean) ? [row[brain] ? 1 : 0] : [])]);
      expect(Array.from(values)).toEqual(own);
    }
  });

  it("gives the same bits again, and writes to every datum where that is asked", async () => {
    const first = await cycle("signed-hand");
    expect(await cycle("signed-hand")).toEqual(first);
    const all = await cycle("always");
    expect(all.effort.written).toBe(PRESENTATIONS);
    expect(all.notes).toEqual({ written: 1 });
    expect((await cycle("sham")).effort).toMatchObject({ presentations: PRESENTATIONS, writePulses: 0 });
  });

  it("is replayed pulse by pulse, to the same data and to others", async () => {
    const descent = await cycle("descent", [], 2);
    const frozen = await cycle("frozen", [descent]);
    const yoked = await cycle("yoked", [descent]);
    expect(frozen.writes).toEqual(descent.writes);
    expect(yoked.writes).not.toEqual(descent.writes);
    const sorted = ({ writes = [] }: Trained<never, never>) =>
      writes.map((row) => JSON.stringify(row)).sort();
    expect(sorted(yoked)).toEqual(sorted(descent));
    expect(yoked.effort).toEqual(descent.effort);
    expect(yoked.pulses).toBe(descent.pulses);
  });
});
