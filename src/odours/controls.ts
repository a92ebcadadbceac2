/**
 * Controls of wiring, one way for every lesson. A changed wiring is tuned to the working point of the wiring itself, anew for each seed, so
 * that it is compared at the same loudness. And what a brain has learnt can be carried over to a wiring that is changed after.
 */
import type { KeptUnits } from "../files/kept-units.ts";
import { Random } from "../math/random.ts";
import type { Gains } from "../wiring/brain/brain.ts";
import { learningSynapses } from "../wiring/brain/learning.ts";
import { type RewireOptions, rewireTraced } from "../wiring/change/rewire.ts";
import { drivingConnections, type Wiring } from "../wiring/contract.ts";
import { selectCells } from "../wiring/select.ts";
import { circuitOf, type Source } from "./circuit.ts";
import { type Tuned, tune } from "./tune.ts";
import { type WorkingPoint, workingPoint } from "./working-point.ts";

/** What is changed in the wiring before a brain is made of it. */
export const WIRINGS: Readonly<
  Record<string, { readonly says: string; changes(seed: number): readonly RewireOptions[] }>
> = {
  real: { says: "the wiring itself", changes: () => [] },
  rewired: {
    says: "rewired within pairs of classes: every cell keeps how many it contacts of each class",
    changes: (seed) => [{ what: "targets", seed, within: "fine" }],
  },
  "rewired but dopamine": {
    says: "the same, but dopamine cells keep the output neurons that they contact",
    changes: (seed) => [{ what: "targets", seed, within: "fine", except: "MBIN>MBON" }],
  },
  counts: {
    says: "who contacts whom stays; counts of synapses are dealt out anew within pairs of classes",
    changes: (seed) => [{ what: "counts", seed, within: "fine" }],
  },
  signs: {
    says: "who excites and inhibits is dealt out anew among cells of the same class",
    changes: (seed) => [{ what: "signs", seed, within: "fine" }],
  },
};

/** A wiring at the working point of the wiring itself. */
export interface Standing {
  readonly changes: readonly RewireOptions[];
  readonly gains?: Gains;
  readonly point: WorkingPoint;
}

export interface ControlsOptions {
  readonly source: Source;
  readonly synapseMv: number;
  readonly units: KeptUnits;
  readonly onTuning?: (wiring: string, seed: number) => void;
}

export class Controls {
  private readonly known = new Map<string, Standing>();

  constructor(private readonly options: ControlsOptions) {}

  /** The wiring of that name; the same for all seeds where nothing is changed. */
  async at(name: string, seed: number): Promise<Standing> {
    const key = name === "real" ? name : `${name} ${seed}`;
    const before = this.known.get(key);
    if (before) return before;
    const { source, synapseMv, units, onTuning } = this.options;
    const changes = WIRINGS[name].changes(Random.of(seed, "wiring").bits());
    const made = (gains?: Gains) => circuitOf(source, { synapseMv, gains, rule: {} }, changes);
    let standing: Standing;
    if (name === "real")
      standing = { changes, point: await units.kept("point-real", () => workingPoint(made())) };
    else {
      const goal = (await this.at("real", 0)).point;
      const tuned = await units.kept(
        `point-${key}`,
        (): Promise<Tuned> => tune(made, goal, () => onTuning?.(name, seed)),
      );
      standing = { changes, ...tuned };
    }
    this.known.set(key, standing);
    return standing;
  }

  /** Working points of wirings by seed, also of those whose lessons were all done before. */
  async points(
    names: readonly string[],
    seeds: readonly number[],
  ): Promise<Readonly<Record<string, WorkingPoint>>> {
    for (const name of names) for (const seed of seeds) await this.at(name, seed);
    return Object.fromEntries([...this.known].map(([name, { point }]) => [name, point]));
  }
}

/**
 * Factors learnt on the wiring itself, for the wiring that `changes` make of it: a synapse takes what it has learnt along to its new
 * target, as it takes its count.
 */
export function carried(
  { wiring, words }: Pick<Source, "wiring" | "words">,
  changes: readonly RewireOptions[],
  factors: Float64Array,
): Float64Array {
  const cells = {
    senders: selectCells(wiring, words.senders),
    receivers: selectCells(wiring, words.receivers),
  };
  const all = (of: Wiring) => learningSynapses(drivingConnections(of), cells);
  let own = new Float64Array(drivingConnections(wiring).targets.length).fill(1);
  all(wiring).forEach(({ connection }, i) => {
    own[connection] = factors[i];
  });
  let changed = wiring;
  for (const change of changes) {
    const traced = rewireTraced(changed, change);
    own = Float64Array.from(traced.origin, (from) => own[from]);
    changed = traced.wiring;
  }
  return Float64Array.from(all(changed), ({ connection }) => own[connection]);
}
