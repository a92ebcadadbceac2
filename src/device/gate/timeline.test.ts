import fc from "fast-check";
import { expect, it } from "vitest";
import { Timeline, type TimelineEntry, type Track } from "./timeline.ts";

const tracks: Track[] = [
  { frames: 10, amount: () => 1 },
  { frames: 25.5, amount: ({ chargeFc }) => chargeFc },
];
const pulse = (frame: number, chargeFc: number): TimelineEntry => ({
  frame,
  chargeFc,
  durationUs: 320,
  netFc: 0,
  cancelled: false,
});

/** By brute force: the heaviest load of the windows that begin at an entry and contain `frame`. */
function heaviest(entries: readonly TimelineEntry[], frame: number): number[] {
  return tracks.map(({ frames, amount }) => {
    const loads = entries.map(({ frame: start }) =>
      start <= frame && frame < start + frames
        ? entries
            .filter((other) => other.frame >= start && other.frame < start + frames)
            .reduce((sum, entry) => sum + amount(entry), 0)
        : 0,
    );
    return Math.max(...loads);
  });
}

it("weighs, takes back, forgets and is restored as brute force does, in any order", () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ frame: fc.integer({ min: 0, max: 200 }), charge: fc.nat(9) }),
    },
    { weight: 1, arbitrary: fc.record({ forget: fc.integer({ min: 0, max: 200 }) }) },
    { weight: 2, arbitrary: fc.record({ undo: fc.nat() }) },
    { weight: 1, arbitrary: fc.constant("restore" as const) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
      let timeline = new Timeline(tracks);
      let kept: TimelineEntry[] = [];
      const put: TimelineEntry[] = [];
      for (const step of steps) {
        if (step === "restore") timeline = new Timeline(tracks, timeline.all);
        else if ("undo" in step) {
          // Any of them, also one that has been taken out or forgotten.
          const one = put[step.undo % put.length];
          if (one) timeline.remove(one);
          kept = kept.filter((entry) => entry !== one);
        } else if ("forget" in step) {
          timeline.forgetUntil(step.forget);
          const left = timeline.all;
          const old = kept.filter(({ frame }) => frame <= step.forget).length;
          expect(left.length).toBe(old >= 64 || old === kept.length ? kept.length - old : kept.length);
          kept = left;
        } else {
          const entry = pulse(step.frame, step.charge);
          const at = kept.filter(({ frame }) => frame <= entry.frame).length;
          kept = [...kept.slice(0, at), entry, ...kept.slice(at)];
          put.push(entry);
          expect(timeline.insert(entry)).toEqual(heaviest(kept, entry.frame));
          expect(timeline.before(entry.frame)).toBe(entry);
          expect(timeline.after(entry.frame)).toBe(kept[at + 1]);
        }
        expect(timeline.all).toEqual(kept);
        expect(timeline.size).toBe(kept.length);
      }
    }),
    { seed: 1, numRuns: 150 },
  );
});

it("looks at few entries for each pulse, in whatever order 20,000 come", () => {
  let asked = 0;
  const counted: Track = {
    frames: 1e9,
    amount: () => {
      asked++;
      return 1;
    },
  };
  const timeline = new Timeline([counted]);
  const reads = { count: 0 };
  for (let i = 20_000; i > 0; i--) {
    const entry = {
      ...pulse(0, 1),
      get frame() {
        reads.count++;
        return i;
      },
    };
    expect(timeline.insert(entry)[0]).toBe(20_001 - i);
  }
  expect(asked).toBe(20_000);
  expect(reads.count).toBeLessThan(200_000);
  const depth = (node: unknown): number => {
    const { left, right } = (node ?? {}) as { left?: unknown; right?: unknown };
    return node ? 1 + Math.max(depth(left), depth(right)) : 0;
  };
  expect(depth((timeline as unknown as { root: unknown }).root)).toBeLessThan(60);
});
