/** A drive that can be repeated: which cells are kicked in which step. */
import { Random } from "../../src/math/random.ts";
import { drivingConnections, type Wiring } from "../../src/wiring/contract.ts";
import { Engine } from "../../src/wiring/engine/engine.ts";

export interface Drive {
  readonly driven: Int32Array;
  readonly seconds: number;
  /** Cells by step. */
  readonly kicks: readonly Int32Array[];
}

const STEPS_PER_SECOND = 10_000;

/** A second in which each cell is kicked at random. */
export function driveOf(driven: Int32Array, rateHz: number, seed: number): Drive {
  const random = Random.of(seed, "drive");
  const kicks = Array.from({ length: STEPS_PER_SECOND }, () =>
    driven.filter(() => random.uniform() < rateHz / STEPS_PER_SECOND),
  );
  return { driven, seconds: 1, kicks };
}

export interface Simulated {
  readonly seconds: number;
  readonly events: number;
  readonly active: number;
  /** Step and cell of each spike, one after the other. */
  readonly spikes: Int32Array;
  readonly engineBytes: number;
}

export function simulate(wiring: Wiring, { driven, kicks }: Drive): Simulated {
  const connections = drivingConnections(wiring);
  const engine = new Engine(connections, wiring.signs, { driven });
  let spikes = new Int32Array(1 << 16);
  let length = 0;
  const started = performance.now();
  for (let step = 0; step < kicks.length; step++) {
    const count = engine.advance(kicks[step], kicks[step].length);
    if (length + 2 * count > spikes.length) {
      const larger = new Int32Array(2 * (length + 2 * count));
      larger.set(spikes);
      spikes = larger;
    }
    for (let i = 0; i < count; i++) {
      spikes[length++] = step;
      spikes[length++] = engine.fired[i];
    }
  }
  const seconds = (performance.now() - started) / 1000;
  const found = spikes.slice(0, length);
  const active = new Set(found.filter((_, i) => i % 2 === 1)).size;
  return { seconds, events: engine.events, active, spikes: found, engineBytes: engine.bytes };
}

/** Spikes of `ours` that are in `theirs`, by step and cell; both ascending. */
export function hasSame(ours: Int32Array, theirs: Int32Array): number {
  let [same, i, j] = [0, 0, 0];
  while (i < ours.length && j < theirs.length) {
    const order = ours[i] - theirs[j] || ours[i + 1] - theirs[j + 1];
    if (order === 0) same++;
    if (order <= 0) i += 2;
    if (order >= 0) j += 2;
  }
  return same;
}
