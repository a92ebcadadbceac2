/**
 * The network of Vogels & Abbott 2005 as benchmark 2 of Brette et al. 2007 (https://doi.org/10.1007/s10827-007-0038-6):
 * 4,000 current-based cells, 2 % connectivity, exact steps of 0.1 ms; run by src/culture/kernel/cuba.ts.
 */
import { instantiate, type KernelExports } from "../src/culture/instance.ts";
import { Random } from "../src/math/random.ts";

/** Times in ms, potentials and weights in mV. */
export const cubaParameters = {
  neurons: 4000,
  excitatoryCount: 3200,
  connectionProbability: 0.02,
  stepMs: 0.1,
  membraneMs: 20,
  excitationMs: 5,
  inhibitionMs: 10,
  refractoryMs: 5,
  restMv: -49,
  thresholdMv: -50,
  resetMv: -60,
  excitatoryWeightMv: (60 * 0.27) / 10,
  inhibitoryWeightMv: (-20 * 4.5) / 10,
  /** Additive pair rule on all synapses of excitatory cells, in mV; bounds 0 and twice the initial weight. */
  traceMs: 20,
  potentiationMv: 0.0016,
  depressionMv: 0.0017,
};

export interface CubaNetwork {
  /** Sorted by presynaptic cell. */
  readonly pre: Int32Array;
  readonly post: Int32Array;
  readonly initialMv: Float32Array;
}

export function cubaNetwork(seed: number): CubaNetwork {
  const { neurons: N, connectionProbability, resetMv, thresholdMv } = cubaParameters;
  const random = Random.of(seed, "cuba");
  const pre: number[] = [];
  const post: number[] = [];
  for (let i = 0; i < N; i++)
    for (let j = 0; j < N; j++)
      if (i !== j && random.uniform() < connectionProbability) {
        pre.push(i);
        post.push(j);
      }
  const initialMv = Float32Array.from(
    { length: N },
    () => resetMv + (thresholdMv - resetMv) * random.uniform(),
  );
  return { pre: Int32Array.from(pre), post: Int32Array.from(post), initialMv };
}

const LAYOUT_ADDRESS = 4096;
const FIRST_ARRAY = 8192;
/** Cells that the kernel has room for. */
const CAPACITY = 4096;
/** Positions of the counters among the layout's words. */
const SPIKES = 5;
const EVENTS = 6;

export class Cuba {
  private readonly kernel: KernelExports;
  private readonly words: Int32Array;
  /** In mV, by synapse. */
  readonly weights: Float32Array;

  constructor(network: CubaNetwork, plastic: boolean) {
    const p = cubaParameters;
    const { pre, post, initialMv } = network;
    const N = p.neurons;
    const E = p.excitatoryCount;
    const M = pre.length;
    const learning = pre.findIndex((i) => i >= E);
    const arrays = {
      fired: N,
      marks: N,
      cells: 3 * CAPACITY,
      rowStart: N + 1,
      post: M / 2 + 1,
      columnStart: N + 1,
      columnSynapse: learning,
      columnPre: learning / 2 + 1,
      preTrace: E,
      postTrace: N,
      weight: M,
    };
    const sizes = { refractory: 2 * N, ...arrays };
    let end = FIRST_ARRAY;
    const address = {} as Record<keyof typeof sizes, number>;
    for (const [name, words] of Object.entries(sizes)) {
      address[name as keyof typeof sizes] = end;
      end += (4 * Math.ceil(words) + 63) & ~63;
    }
    const { kernel, buffer } = instantiate(end);
    const integers = (name: keyof typeof sizes) =>
      new Int32Array(buffer, address[name], Math.ceil(sizes[name]));
    const floats = (name: keyof typeof sizes) =>
      new Float32Array(buffer, address[name], Math.ceil(sizes[name]));
    const halves = (name: keyof typeof sizes) => new Uint16Array(buffer, address[name]);
    const { refractory, ...others } = address;
    const integerFields = [
      ...[N, E, 0, Math.round(p.refractoryMs / p.stepMs), Number(plastic), 0, 0],
      ...[refractory, 0, 0],
      ...Object.values(others),
    ];
    const floatFields = [
      ...[p.thresholdMv - p.restMv, p.resetMv - p.restMv],
      ...[p.membraneMs, p.excitationMs, p.inhibitionMs].map((ms) => Math.exp(-p.stepMs / ms)),
      ...[gain(p.excitationMs), gain(p.inhibitionMs), Math.exp(-p.stepMs / p.traceMs)],
      ...[p.depressionMv, p.potentiationMv, 2 * p.excitatoryWeightMv],
    ];
    if (4 * (integerFields.length + floatFields.length) !== kernel.cubaLayoutBytes())
      throw new Error("internal: kernel.wasm was built from another layout; run `npm run build`");
    this.kernel = kernel;
    this.words = new Int32Array(buffer, LAYOUT_ADDRESS, integerFields.length);
    this.words.set(integerFields);
    new Float32Array(buffer, LAYOUT_ADDRESS + 4 * integerFields.length).set(floatFields);

    floats("cells").set(initialMv.map((v) => v - p.restMv));
    integers("rowStart").set(startsOf(pre, N));
    halves("post").set(post);
    const columns = Int32Array.from({ length: learning }, (_, k) => k).sort(
      (a, b) => post[a] - post[b] || a - b,
    );
    integers("columnStart").set(
      startsOf(
        columns.map((k) => post[k]),
        N,
      ),
    );
    integers("columnSynapse").set(columns);
    halves("columnPre").set(columns.map((k) => pre[k]));
    this.weights = floats("weight");
    this.weights.set(Float32Array.from(pre, (i) => (i < E ? p.excitatoryWeightMv : p.inhibitoryWeightMv)));
  }

  advance(steps: number): void {
    for (let done = 0; done < steps; done += 64)
      this.kernel.runCuba(LAYOUT_ADDRESS, Math.min(64, steps - done));
  }

  get spikes(): number {
    return this.words[SPIKES];
  }

  get synapticEvents(): number {
    return this.words[EVENTS];
  }
}

/** What a unit of a current decaying with `ms` adds to the potential within one step. */
function gain(ms: number): number {
  const { membraneMs, stepMs } = cubaParameters;
  return (ms / (membraneMs - ms)) * (Math.exp(-stepMs / membraneMs) - Math.exp(-stepMs / ms));
}

/** For sorted `keys` below N: where each key's entries begin, and the end. */
function startsOf(keys: Int32Array, N: number): Int32Array {
  const starts = new Int32Array(N + 1);
  for (const key of keys) starts[key + 1]++;
  for (let key = 0; key < N; key++) starts[key + 1] += starts[key];
  return starts;
}
