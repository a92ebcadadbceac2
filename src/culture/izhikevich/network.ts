/**
 * A second kind of tissue, that no setting of this package was chosen on: cells of Izhikevich 2003, "Simple model of spiking
 * neurons", https://doi.org/10.1109/TNN.2003.820440, in the network of Izhikevich 2006 (parameters.ts), a millisecond a step.
 * Float64, with no function but the square root: the same bits on every machine.
 */
import { Random } from "../../math/random.ts";
import type { SpikeTrain } from "../culture.ts";
import { indicesFrom } from "../indices.ts";
import { type IzhikevichParameters, izhikevichSchema } from "./parameters.ts";
import { PlasticWeights } from "./plastic-weights.ts";
import { type IzhikevichWiring, wireIzhikevich } from "./wiring.ts";

const PEAK_MV = 30;
const RESET_MV = -65;
/** Parameter b of the paper. */
const RECOVERY_SLOPE = 0.2;

export class IzhikevichNetwork {
  readonly wiring: IzhikevichWiring;
  private readonly plastic: PlasticWeights;
  /** `[N]` membrane potential in millivolts, recovery, and input of this millisecond. */
  private readonly v: Float64Array;
  private readonly u: Float64Array;
  private readonly input: Float64Array;
  /** Cells that fired in each of the last milliseconds, by millisecond modulo the longest delay. */
  private readonly fired: number[][];
  /** `[N, longest delay + 2]` where the synapses of each cell with each delay begin. */
  private readonly byDelay: Int32Array;
  private readonly noise: Random;
  private ms = 0;

  /** Throws a `ZodError` for parameters that are none, and what `wireIzhikevich` throws. */
  constructor(
    private readonly parameters: IzhikevichParameters,
    seed: number,
  ) {
    izhikevichSchema.parse(parameters);
    this.wiring = wireIzhikevich(parameters, seed);
    this.plastic = new PlasticWeights(this.wiring, parameters);
    const cells = this.wiring.starts.length - 1;
    this.v = new Float64Array(cells).fill(RESET_MV);
    this.u = new Float64Array(cells).fill(RECOVERY_SLOPE * RESET_MV);
    this.input = new Float64Array(cells);
    this.fired = Array.from({ length: this.wiring.longestMs + 1 }, () => []);
    this.byDelay = beginningsByDelay(this.wiring);
    this.noise = Random.of(seed, "izhikevich", "input");
  }

  /** Milliseconds lived. */
  get step(): number {
    return this.ms;
  }

  /** `[K]` of every synapse now, millivolts a millisecond. */
  weights(): Float64Array {
    return this.plastic.weights.slice();
  }

  /** Depolarises cells at once, before the next step. */
  depolarise(cells: ArrayLike<number>, millivolts: ArrayLike<number>): void {
    for (let i = 0; i < cells.length; i++) this.v[cells[i]] += millivolts[i];
  }

  /** Lives for so many milliseconds. */
  advance(steps: number): SpikeTrain {
    const at: number[] = [];
    const who: number[] = [];
    for (let i = 0; i < steps; i++) {
      for (const cell of this.live()) {
        at.push(this.ms);
        who.push(cell);
      }
      this.ms++;
    }
    return { steps: Int32Array.from(at), neurons: indicesFrom(this.v.length, who) };
  }

  private live(): readonly number[] {
    const { v, u, input, fired, ms, plastic } = this;
    const { excitatory, inhibitory } = this.parameters;
    input.fill(0);
    const { millivolts, probability } = this.parameters.input;
    if (this.noise.uniform() < probability) input[this.noise.integer(v.length)] += millivolts;
    const now: number[] = [];
    for (let cell = 0; cell < v.length; cell++)
      if (v[cell] >= PEAK_MV) {
        v[cell] = RESET_MV;
        u[cell] += cell < this.wiring.excitatory ? excitatory.recoveryJump : inhibitory.recoveryJump;
        plastic.fired(cell, ms);
        now.push(cell);
      }
    fired[ms % fired.length] = now;
    this.deliver();
    for (let cell = 0; cell < v.length; cell++) {
      const kind = cell < this.wiring.excitatory ? excitatory : inhibitory;
      // Two halves of the membrane's equation for one of the recovery's, as published.
      v[cell] += 0.5 * ((0.04 * v[cell] + 5) * v[cell] + 140 - u[cell] + input[cell]);
      v[cell] += 0.5 * ((0.04 * v[cell] + 5) * v[cell] + 140 - u[cell] + input[cell]);
      u[cell] += kind.recoveryPerMs * (RECOVERY_SLOPE * v[cell] - u[cell]);
    }
    plastic.endMs(ms);
    return now;
  }

  /** What was fired a delay ago arrives. */
  private deliver(): void {
    const { input, fired, byDelay, ms, plastic } = this;
    const { targets, excitatory } = this.wiring;
    for (let ago = 1; ago < fired.length; ago++)
      for (const cell of fired[(ms - ago + fired.length) % fired.length]) {
        const row = cell * (fired.length + 1) + ago;
        for (let k = byDelay[row]; k < byDelay[row + 1]; k++) {
          input[targets[k]] += plastic.weights[k];
          if (cell < excitatory) plastic.arrived(k, targets[k]);
        }
      }
  }
}

function beginningsByDelay({ starts, delaysMs, longestMs }: IzhikevichWiring): Int32Array {
  const width = longestMs + 2;
  const beginnings = new Int32Array((starts.length - 1) * width);
  for (let cell = 0; cell < starts.length - 1; cell++) {
    let k = starts[cell];
    for (let delay = 0; delay < width; delay++) {
      while (k < starts[cell + 1] && delaysMs[k] < delay) k++;
      beginnings[cell * width + delay] = k;
    }
  }
  return beginnings;
}
