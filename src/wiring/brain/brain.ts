/** A brain of a wiring diagram: its cells, light on groups of them, and synapses that learn by dopamine. */
import { drivingConnections, type Labels, labelsNamed, type Wiring } from "../contract.ts";
import { Engine, type EngineState } from "../engine/engine.ts";
import { type CellModel, SHIU } from "../engine/model.ts";
import { type RowWeights, rowWeights } from "../engine/weights.ts";
import { matcher } from "../pattern.ts";
import { Dopamine, type DopamineRule } from "./dopamine.ts";
import type { Group } from "./groups.ts";
import { type Learning, type LearningCells, type LearningState, RECOVERY_STEPS } from "./learning.ts";
import { Light, type LightState } from "./light.ts";
import { Pairing, type PairingRule } from "./pairing.ts";

/** By which some synapses learn, all numbers of it given. */
export type LearningRule =
  | { readonly kind: "dopamine"; readonly rule: DopamineRule }
  | { readonly kind: "pairing"; readonly rule: PairingRule };

/** How strong connections are beside their counts, by pair of values of a column: `*PN>KC`; the first that matches counts. */
export interface Gains {
  readonly column: string;
  readonly factors: readonly { readonly pair: string; readonly factor: number }[];
}

export interface BrainOptions {
  readonly seed: number;
  /** Groups that light can reach. Their cells have no refractory time, as cells that are driven. */
  readonly lit: readonly Group[];
  readonly synapseMv?: number;
  readonly gains?: Gains;
  readonly learning?: {
    readonly cells: LearningCells;
    readonly by: LearningRule;
    /** Of the synapses that learn: what they weigh at first, as a factor of what their counts say; 1 if not given. */
    readonly first?: number | undefined;
  };
}

export interface BrainState {
  readonly engine: EngineState;
  readonly light: LightState;
  readonly learning?: LearningState;
}

export class Brain {
  readonly light: Light;
  readonly learning: Learning | undefined;
  private readonly engine: Engine;

  constructor(wiring: Wiring, { seed, lit, synapseMv = SHIU.synapseMv, gains, learning }: BrainOptions) {
    const model: CellModel = { ...SHIU, synapseMv };
    const connections = drivingConnections(wiring);
    const weights = weightsOf(wiring, model, { gains, learning });
    const driven = Int32Array.from(new Set(lit.flatMap(({ cells }) => [...cells])));
    this.engine = new Engine(connections, wiring.signs, { model, driven, ...(weights && { weights }) });
    this.light = new Light(lit, seed);
    if (!learning) return;
    const { cells, by } = learning;
    this.learning =
      by.kind === "dopamine"
        ? new Dopamine(connections, weights!, cells, by.rule)
        : new Pairing(connections, weights!, cells, by.rule);
  }

  /** The step that comes next. */
  get step(): number {
    return this.engine.step + 1;
  }

  get events(): number {
    return this.engine.events;
  }

  /** One step. Gives how many cells fired; they are the first of `fired`. */
  advance(): number {
    const step = this.engine.step + 1;
    this.light.at(step);
    const count = this.engine.advance(this.light.kicked, this.light.count);
    if (this.learning) {
      const { fired } = this.engine;
      for (let i = 0; i < count; i++) this.learning.fired(fired[i], step);
      if ((step + 1) % RECOVERY_STEPS === 0) this.learning.recover();
    }
    return count;
  }

  get fired(): Int32Array {
    return this.engine.fired;
  }

  snapshot(): BrainState {
    const { engine, light, learning } = this;
    return {
      engine: engine.snapshot(),
      light: light.snapshot(),
      ...(learning && { learning: learning.snapshot() }),
    };
  }

  restore(state: BrainState): void {
    this.engine.restore(state.engine);
    this.light.restore(state.light);
    if (state.learning) this.learning?.restore(state.learning);
  }
}

interface Weighed {
  readonly gains: Gains | undefined;
  readonly learning: BrainOptions["learning"];
}

/** Weights of the rows that differ from their counts, or will. */
function weightsOf(
  wiring: Wiring,
  { synapseMv }: CellModel,
  { gains, learning }: Weighed,
): RowWeights | undefined {
  const connections = drivingConnections(wiring);
  const { counts, targets } = connections;
  const factors = gains && factorTable(wiring, gains);
  const column = gains && labelsNamed(wiring, gains.column);
  const all = new Set<number>(learning?.cells.senders);
  const [isSender, isReceiver] = [new Set(all), new Set(learning?.cells.receivers)];
  if (factors && column)
    for (let cell = 0; cell < wiring.names.length; cell++)
      if (factors[column.of[cell]].some((factor) => factor !== 1)) all.add(cell);
  if (all.size === 0) return undefined;
  return rowWeights(connections, Int32Array.from(all).sort(), (cell, j) => {
    const factor = factors && column ? factors[column.of[cell]][column.of[targets[j]]] : 1;
    const first = isSender.has(cell) && isReceiver.has(targets[j]) ? (learning?.first ?? 1) : 1;
    return counts[j] * (wiring.signs[cell] * synapseMv) * factor * first;
  });
}

/** The factor of every pair of values of the column. */
function factorTable(wiring: Wiring, { column, factors }: Gains): number[][] {
  const { values }: Pick<Labels, "values"> = labelsNamed(wiring, column) ?? { values: [] };
  const known = factors.map(({ pair, factor }) => ({ matches: matcher(pair), factor }));
  return values.map((from) =>
    values.map((onto) => known.find(({ matches }) => matches(`${from}>${onto}`))?.factor ?? 1),
  );
}
