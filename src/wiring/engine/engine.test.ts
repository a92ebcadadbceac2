/** Against a plain implementation of the published equations, Brian2's own spikes, and itself without leaving cells alone. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Random } from "../../math/random.ts";
import type { Connections } from "../contract.ts";
import { Edges } from "../edges.ts";
import { Engine, type EngineOptions } from "./engine.ts";
import { SHIU } from "./model.ts";
import { rowWeights } from "./weights.ts";

interface Network {
  readonly connections: Connections;
  readonly signs: Int8Array;
  readonly driven: readonly number[];
  /** Cells that are kicked, by step. */
  readonly kicks: readonly Int32Array[];
}

/** A random network in which spikes travel: few cells are driven, many synapses a connection. */
function network(seed: number, { cells = 60, steps = 3000, synapses = 40, rateHz = 150 } = {}): Network {
  const random = Random.of(seed, "network");
  const edges = new Edges();
  for (let cell = 0; cell < cells; cell++)
    for (let n = 0; n < 12; n++) edges.add(cell, random.integer(cells), 1 + random.integer(synapses));
  const signs = Int8Array.from({ length: cells }, () =>
    random.uniform() < 0.25 ? -1 : random.uniform() < 0.05 ? 0 : 1,
  );
  const driven = [0, 1, 2, 3, 4];
  const kicks = Array.from({ length: steps }, () =>
    Int32Array.from(driven.filter(() => random.uniform() < rateHz * 1e-4)),
  );
  return { connections: edges.connections(cells), signs, driven, kicks };
}

function spikesOf(
  { connections, signs, driven, kicks }: Network,
  options: EngineOptions = {},
): [number, number][] {
  const engine = new Engine(connections, signs, { driven, ...options });
  return kicks.flatMap((kicked, step) => {
    const count = engine.advance(kicked, kicked.length);
    return Array.from(engine.fired.subarray(0, count), (cell): [number, number] => [step, cell]);
  });
}

/** As the paper's file says it: v and g of every cell, multiplied forward a step at a time. */
function plainly({ connections, signs, driven, kicks }: Network): [number, number][] {
  const n = signs.length;
  const [v, g] = [new Float64Array(n), new Float64Array(n)];
  const last = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
  const [em, es] = [Math.exp(-0.1 / 20), Math.exp(-0.1 / 5)];
  const spikes: [number, number][] = [];
  const fired: number[][] = [];
  kicks.forEach((kicked, step) => {
    const isDeaf = (cell: number) => step - last[cell] < (driven.includes(cell) ? 0 : 22);
    const now: number[] = [];
    for (let cell = 0; cell < n; cell++) {
      if (isDeaf(cell)) continue;
      if (step > 0) {
        // The solution of the two equations over 0.1 ms.
        v[cell] = v[cell] * em + (g[cell] / 3) * (em - es);
        g[cell] *= es;
      }
      if (v[cell] > 7) now.push(cell);
    }
    for (const cell of now) last[cell] = step;
    const hears = (cell: number) => !now.includes(cell) && !isDeaf(cell);
    for (const from of fired[step - 18] ?? [])
      for (let j = connections.offsets[from]; j < connections.offsets[from + 1]; j++)
        if (hears(connections.targets[j]))
          g[connections.targets[j]] += signs[from] * connections.counts[j] * 0.275;
    for (const cell of kicked) if (hears(cell)) v[cell] += 68.75;
    for (const cell of now) {
      v[cell] = g[cell] = 0;
      spikes.push([step, cell]);
    }
    fired.push(now);
  });
  return spikes;
}

describe("the event-driven simulation", () => {
  it("makes the spikes of the plain equations, sparse and dense", () => {
    let total = 0;
    for (const seed of [1, 2, 3]) {
      const sparse = network(seed, { synapses: 25 });
      const dense = network(seed, { synapses: 90 });
      for (const made of [sparse, dense]) {
        const spikes = spikesOf(made);
        expect(spikes).toEqual(plainly(made));
        total += spikes.length;
      }
      expect(spikesOf(dense).length).toBeGreaterThan(3 * spikesOf(sparse).length);
    }
    expect(total).toBeGreaterThan(2000);
  });

  it("makes every spike of Brian2 2.5.1", () => {
    const { wiring, drive, spikes } = JSON.parse(
      readFileSync(new URL("./testing/brian2.json", import.meta.url), "utf8"),
    );
    const connections = {
      offsets: Uint32Array.from(wiring.offsets as number[]),
      targets: Int32Array.from(wiring.targets as number[]),
      counts: Uint16Array.from(wiring.counts as number[]),
    };
    const kicks = Array.from({ length: drive.steps as number }, (): number[] => []);
    (drive.at as number[]).forEach((step, i) => {
      kicks[step].push(drive.cell[i]);
    });
    const made = spikesOf({
      connections,
      signs: Int8Array.from(wiring.signs as number[]),
      driven: drive.cells,
      kicks: kicks.map((cells) => Int32Array.from(cells)),
    });
    expect(made.flat()).toEqual(spikes);
    expect(made.length).toBeGreaterThan(400);
  });

  it("holds the same bits with and without leaving cells alone", () => {
    for (const seed of [4, 5]) {
      const made = network(seed, { synapses: 60 });
      const [lazy, all] = [false, true].map(
        (stepsAll) => new Engine(made.connections, made.signs, { driven: made.driven, stepsAll }),
      );
      for (const kicked of made.kicks) {
        expect(lazy.advance(kicked, kicked.length)).toBe(all.advance(kicked, kicked.length));
      }
      expect(lazy.snapshot()).toEqual(all.snapshot());
    }
  });

  it("goes on from a snapshot to the bit, wherever it is taken", () => {
    const made = network(6, { synapses: 60 });
    for (const at of [1, 17, 500, 1433]) {
      const whole = new Engine(made.connections, made.signs, { driven: made.driven });
      for (const kicked of made.kicks.slice(0, at)) whole.advance(kicked, kicked.length);
      const other = new Engine(made.connections, made.signs, { driven: made.driven });
      other.restore(whole.snapshot());
      for (const kicked of made.kicks.slice(at)) {
        const count = whole.advance(kicked, kicked.length);
        expect(other.advance(kicked, kicked.length)).toBe(count);
        expect(other.fired.subarray(0, count)).toEqual(whole.fired.subarray(0, count));
      }
      expect(other.snapshot()).toEqual(whole.snapshot());
    }
  });

  it("takes weights in place of counts: the same weights make the same spikes", () => {
    const made = network(7, { synapses: 60 });
    const { connections, signs } = made;
    const rows = Int32Array.from({ length: 30 }, (_, i) => 2 * i);
    const same = rowWeights(
      connections,
      rows,
      (cell, j) => connections.counts[j] * (signs[cell] * SHIU.synapseMv),
    );
    expect(spikesOf(made, { weights: same })).toEqual(spikesOf(made));
    const stronger = rowWeights(connections, rows, (cell, j) => connections.counts[j] * signs[cell]);
    expect(spikesOf(made, { weights: stronger })).not.toEqual(spikesOf(made));
  });
});
