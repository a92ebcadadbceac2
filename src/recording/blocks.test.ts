import fc from "fast-check";
import { expect, test } from "vitest";
import { naturally, SpikeBlocks } from "./blocks.ts";

/** By the definition: parts that are numbers and parts that are not, one after the other. */
function byParts(a: string, b: string): number {
  const parts = (name: string) => name.split(/(\d+)/);
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (left[i] === right[i]) continue;
    const difference = i % 2 === 1 ? Number(left[i]) - Number(right[i]) : 0;
    return difference || (left[i] < right[i] ? -1 : 1);
  }
  return left.length - right.length;
}

test("names are compared with their numbers by value", () => {
  const name = fc.array(fc.constantFrom("a", "b", "_", "0", "1", "2", "10", "007", "é"), { maxLength: 6 });
  fc.assert(
    fc.property(name, name, (left, right) => {
      const [a, b] = [left.join(""), right.join("")];
      expect(Math.sign(naturally(a, b)), `${a} and ${b}`).toBe(Math.sign(byParts(a, b)));
    }),
    { seed: 1, numRuns: 5000 },
  );
  expect(["ch_10", "ch_2", "ch_1", "ch"].sort(naturally)).toEqual(["ch", "ch_1", "ch_2", "ch_10"]);
});

test("every spike of every channel is given back, sorted, from memory or from a file", () => {
  const spike = fc.record({
    channel: fc.nat(5),
    seconds: fc.nat(1000),
    times: fc.constantFrom(1, 2, 3, 700),
  });
  fc.assert(
    fc.property(fc.array(spike, { maxLength: 40 }), fc.boolean(), (spikes, inFile) => {
      const blocks = new SpikeBlocks(inFile ? 1 : 100);
      const given = new Map<string, number[]>();
      for (const { channel, seconds, times } of spikes)
        for (let i = 0; i < times; i++) {
          const own = given.get(`${channel}`) ?? [];
          given.set(`${channel}`, own);
          expect(blocks.add(`${channel}`, seconds)).toBe(own.at(-1) ?? Number.NEGATIVE_INFINITY);
          own.push(seconds);
        }
      const channels = blocks.finish();
      expect(channels.map(({ name }) => name)).toEqual([...given.keys()].sort(naturally));
      channels.forEach(({ name, spikeCount }, i) => {
        const own = given.get(name)!;
        expect(spikeCount).toBe(own.length);
        const read = (from: Iterable<Float64Array>) => [...from].flatMap((block) => [...block]);
        expect(read(blocks.readAsAdded(i))).toEqual(own);
        expect(read(blocks.read(i))).toEqual([...own].sort((a, b) => a - b));
      });
      blocks.close();
    }),
    { seed: 1, numRuns: 60 },
  );
});
