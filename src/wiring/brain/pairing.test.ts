import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Random } from "../../math/random.ts";
import type { Connections } from "../contract.ts";
import { rowWeights } from "../engine/weights.ts";
import { mushroom } from "../testing/mushroom.ts";
import { groupsNamed, mixturesOf } from "./groups.ts";
import { PAIRING, Pairing, type PairingRule } from "./pairing.ts";

/** Senders 0 to 2 onto receivers 3 and 4, all to all. */
const connections: Connections = {
  offsets: Uint32Array.of(0, 2, 4, 6, 6, 6),
  targets: Int32Array.of(3, 4, 3, 4, 3, 4),
  counts: Uint16Array.of(5, 4, 3, 2, 6, 7),
};
const cells = {
  senders: Int32Array.of(0, 1, 2),
  receivers: Int32Array.of(3, 4),
  modulators: new Int32Array(),
};
const made = (rule: PairingRule) =>
  new Pairing(
    connections,
    rowWeights(connections, cells.senders, (_, j) => 0.3 * connections.counts[j]),
    cells,
    rule,
  );
const STEPS_PER_MS = 10;

describe("pairing", () => {
  it("changes weights as a sum over all pairs of spikes does, and stays between 0 and the ceiling", () => {
    const spikes = fc.array(fc.record({ cell: fc.integer({ min: 0, max: 4 }), wait: fc.nat(400) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(spikes, (train) => {
        const rule = { ...PAIRING, rate: 0.1 };
        const pairing = made(rule);
        const factors = new Float64Array(6).fill(1);
        const fired: number[][] = [[], [], []];
        let step = 0;
        for (const { cell, wait } of train) {
          step += wait;
          pairing.fired(cell, step);
          if (cell < 3) fired[cell].push(step);
          else
            for (let sender = 0; sender < 3; sender++) {
              const t = fired[sender].reduce(
                (sum, at) => sum + Math.exp(-(step - at) / (rule.memoryMs * STEPS_PER_MS)),
                0,
              );
              const k = 2 * sender + cell - 3;
              factors[k] +=
                rule.rate * ((t / (1 + t)) * (rule.ceiling - factors[k]) - rule.decay * factors[k]);
            }
        }
        const learned = pairing.factors();
        learned.forEach((factor, k) => {
          expect(factor).toBeCloseTo(factors[k], 9);
          expect(factor).toBeGreaterThanOrEqual(0);
          expect(factor).toBeLessThanOrEqual(rule.ceiling);
        });
      }),
    );
  });

  it("converges to ceiling P/(P + decay), and learns nothing while it is off or receivers are silent", () => {
    const pairing = made({ ...PAIRING, rate: 0.002 });
    const random = Random.of(5, "pairs");
    const apart = 100 * PAIRING.memoryMs * STEPS_PER_MS;
    const chances = [0.9, 0.3, 0];
    for (let trial = 1; trial <= 6000; trial++) {
      chances.forEach((chance, sender) => {
        if (random.uniform() < chance) pairing.fired(sender, trial * apart);
      });
      pairing.fired(3, trial * apart); // in the same step: e = 1/2 where the sender fired
    }
    const learned = pairing.factors();
    chances.forEach((chance, sender) => {
      const P = chance / 2;
      expect(learned[2 * sender]).toBeCloseTo((PAIRING.ceiling * P) / (P + PAIRING.decay), 1);
      expect(learned[2 * sender + 1]).toBe(1);
    });
    pairing.scale = 0;
    pairing.fired(3, 7000 * apart);
    expect(pairing.factors()).toEqual(learned);
  });
});

it("mixtures are of as many groups each, and every group is in about as many of them", () => {
  const groups = groupsNamed(mushroom(), ["R0", "R1", "R2", "R3", "R4", "R5", "R6"]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 40 }), (size, count) => {
      const mixtures = mixturesOf(groups, { count, size });
      expect(mixtures).toHaveLength(count);
      const used = new Map<number, number>();
      for (const { cells: members } of mixtures) {
        expect(new Set(members).size).toBe(size);
        for (const cell of members) used.set(cell, (used.get(cell) ?? 0) + 1);
      }
      const rounds = Math.ceil(count / Math.floor(7 / size));
      expect(Math.max(...used.values())).toBeLessThanOrEqual(rounds);
    }),
  );
  expect(() => mixturesOf(groups, { count: 2, size: 8 })).toThrow("expected 1 to 7 groups");
});
