/**
 * Gradient descent on the emulator toward the target's program: what the context's patch e is to become.
 *
 *   zhat = e + f(e)
 *   L = |Dec_aux(f(e) + n) - target|^2 - (density / Z) log p(f(e))
 *
 * f begins at zero and learns from the present context and those that were met; Dec_aux and p are the bridge's and stay fixed. Where the
 * decoder reads patches it reads e + f(e).
 *
 * Legend: N contexts of a batch, Z numbers of a patch, K of a program, H hidden.
 */
import { compile, type Tensor, tensor, trainStep, zeros } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import type { Random } from "../../math/random.ts";
import type { RidgeMap } from "../../reading/brain/ridge.ts";
import type { Variant } from "../arms.ts";
import type { Bridge } from "./bridge.ts";
import { type Density, logDensity, PARTS } from "./density.ts";
import { initPerceptron, type Perceptron, perceptron } from "./perceptron.ts";

const BATCH = 16;
const STEPS = 3;
const LEARNING_RATE = 2e-3;
const DENSITY = 3;
/** Deviation of the noise on what the decoder reads. */
const BLUR = 0.5;
const HIDDEN = 64;

interface Item {
  /** e `[Z]` */
  readonly context: Float32Array;
  readonly target: Float32Array;
}

/** An emulator that is being improved. */
export interface ImprovedEmulator {
  /** Some steps on this context and those met before; the loss of the last. */
  descend(context: Float32Array, target: Float32Array): Promise<number>;
  /** f(e) `[Z]`. */
  displacement(context: Float32Array): Promise<Float32Array>;
}

export interface DescentPrograms {
  /** An emulator not yet improved. */
  begin(bridge: Bridge, variant: Variant, random: Random): ImprovedEmulator;
  dispose(): Promise<void>;
}

type Batch<Leaf> = { context: Leaf; target: Leaf; noise: Leaf; density: Leaf };
type Frozen<Leaf> = {
  decoder: { weights: Leaf; offset: Leaf };
  density: Density<Leaf>;
  /** 1 where the decoder reads the patch, 0 where it reads the displacement: `[1]`. */
  readsContext: Leaf;
};

/** Compiled once for all cultures and variants. */
export async function descentPrograms(Z: number, K: number): Promise<DescentPrograms> {
  const fresh = (random: Random) =>
    initPerceptron(random, { inputs: Z, hidden: HIDDEN, outputs: Z, gain: 0 });
  const step = await trainStep({
    loss: (p: Perceptron<JaxArray>, batch: Batch<JaxArray>, frozen: Frozen<JaxArray>) => {
      const displacement = perceptron(p, batch.context);
      const { weights, offset } = frozen.decoder;
      const read = displacement.add(batch.context.mul(frozen.readsContext)).add(batch.noise);
      const said = np.matmul(read, weights).add(offset);
      const miss = np.square(said.sub(batch.target)).sum(1).mean();
      return miss.sub(logDensity(frozen.density, displacement).mean().mul(batch.density).sum());
    },
    params: zeroPerceptron(Z),
    batch: {
      context: zeros([BATCH, Z]),
      target: zeros([BATCH, K]),
      noise: zeros([BATCH, Z]),
      density: zeros([1]),
    },
    frozen: {
      decoder: { weights: zeros([Z, K]), offset: zeros([K]) },
      density: { means: zeros([PARTS, Z]), root: zeros([Z, Z]) },
      readsContext: zeros([1]),
    },
    optimiser: { weightDecay: 0, clipNorm: 5 },
  });
  const forward = await compile(
    (p: Perceptron<JaxArray>, context: JaxArray) => perceptron(p, context),
    [zeroPerceptron(Z), zeros([1, Z])],
  );
  return {
    begin(bridge, { density, reads }, random) {
      step.restart(fresh(random.split("init")));
      step.setFrozen({
        decoder: linearOf(bridge.decoders[reads]),
        density: bridge.densities[density === "none" ? "strings" : density],
        readsContext: tensor([1], Float32Array.of(reads === "patches" ? 1 : 0)),
      });
      const weight = density === "none" ? 0 : DENSITY / Z;
      const met: Item[] = [];
      const draws = random.split("batches");
      return {
        async descend(context, target) {
          met.push({ context, target });
          let loss = 0;
          for (let i = 0; i < STEPS; i++) {
            const items = Array.from({ length: BATCH }, (_, n) =>
              n === 0 ? met[met.length - 1] : met[draws.integer(met.length)],
            );
            const batch = {
              context: rowsOf(items.map((item) => item.context)),
              target: rowsOf(items.map((item) => item.target)),
              noise: tensor(
                [BATCH, Z],
                draws.normals(BATCH * Z).map((value) => BLUR * value),
              ),
              density: tensor([1], Float32Array.of(weight)),
            };
            ({ loss } = await step.run(batch, { learningRate: LEARNING_RATE }));
          }
          return loss;
        },
        displacement: async (context) =>
          (await forward.run(step.live(), tensor([1, Z], context))).data.slice() as Float32Array,
      };
    },
    async dispose() {
      await step.dispose();
      await forward.dispose();
    },
  };
}

function zeroPerceptron(Z: number): Perceptron<Tensor> {
  const linear = (inputs: number, outputs: number) => ({
    weight: zeros([inputs, outputs]),
    bias: zeros([outputs]),
  });
  return { hidden: linear(Z, HIDDEN), output: linear(HIDDEN, Z), past: linear(Z, Z) };
}

/** A ridge map as weights `[Z, K]` and an offset. */
function linearOf({ weights, inputMean, outputMean }: RidgeMap) {
  const [Z, K] = [inputMean.length, outputMean.length];
  const offset = Float32Array.from(outputMean, (mean, k) =>
    inputMean.reduce((sum, input, i) => sum - weights[k * Z + i] * input, mean),
  );
  const turned = Float32Array.from({ length: Z * K }, (_, at) => weights[(at % K) * Z + Math.floor(at / K)]);
  return { weights: tensor([Z, K], turned), offset: tensor([K], offset) };
}

function rowsOf(rows: readonly Float32Array[]): Tensor {
  const width = rows[0].length;
  const data = new Float32Array(rows.length * width);
  rows.forEach((row, n) => {
    data.set(row, n * width);
  });
  return tensor([rows.length, width], data);
}
