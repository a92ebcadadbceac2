/**
 * Would Lion or Muon train the emulator better than AdamW? The forecasting emulator's first stage on the stochastic Lorenz
 * population, the same initial parameters and batches for each: the loss on held-out trials after a number of steps, at
 * several peak learning rates, and what the rule's own arithmetic took of a step (plain loops here, but for Muon's products).
 *
 * WETGRAD_BENCH_STEPS: of each run (default 1200).
 */
import { compile, type Noise, Noise as NoiseOf, type Tensor, zeros } from "../src/compute/index.ts";
import { type Array as JaxArray, valueAndGrad } from "../src/compute/jax.ts";
import { ParameterVector } from "../src/compute/tensors/parameters.ts";
import {
  type ForecastAutoencoder,
  initForecastAutoencoder,
} from "../src/forecast/model/patch-autoencoder.ts";
import { LORENZ_BENCHMARK, lorenzPopulation, splitTrials } from "../src/forecast/synthetic/lorenz.ts";
import { meanLogRates } from "../src/forecast/training/fit-forecast.ts";
import { type AutoencoderBatch, forecastAutoencoderLoss } from "../src/forecast/training/forecast-losses.ts";
import { autoencoderBatch, usableSequences } from "../src/forecast/training/training-batches.ts";
import { defaultShape } from "../src/forecast/windows/forecast-shape.ts";
import { Random } from "../src/math/random.ts";
import { adamW, lion, momentum, muon, orthogonaliser, type Slot } from "./compute/update-rules.ts";

type Rule = "adamW" | "lion" | "muon";
/** Peak learning rates: around the emulator's own for AdamW and Muon, a third to a tenth of it for Lion. */
const RATES: Record<Rule, readonly number[]> = {
  adamW: [1e-3, 3e-3, 6e-3],
  lion: [1e-4, 3e-4, 1e-3],
  muon: [1e-3, 3e-3, 1e-2],
};
/** Decay per unit of learning rate. Lion's is ten times AdamW's, for rates a tenth of its. */
const DECAY: Record<Rule, number> = { adamW: 1, lion: 10, muon: 1 };
const [WARM_UP, EMA, CLIP] = [50, 0.99, 1];
const HELD_OUT_BATCHES = 40;
/** Not hidden matrices: what meets the data, and what reads out. */
const EDGE = /^(input|posterior|readout|decoder\.(input|position|output)|direct\.output)/;

export async function run(): Promise<object> {
  const steps = Number(process.env["WETGRAD_BENCH_STEPS"] ?? 1200);
  const { train, validation } = splitTrials(lorenzPopulation(LORENZ_BENCHMARK).counts);
  const shape = defaultShape(train.channels);
  const sequences = usableSequences(train, shape);
  const held = usableSequences(validation, shape);
  const batch = (of: readonly Uint8Array[], noise: Noise, drop: number) =>
    autoencoderBatch(of, shape, noise, drop);
  const initial = initForecastAutoencoder(Random.of(1, "optimisers"), shape, meanLogRates(train));
  const layout = new ParameterVector(initial);
  const example = batch(sequences, NoiseOf.of(0), 0);
  const loss = (p: ForecastAutoencoder<JaxArray>, b: AutoencoderBatch<JaxArray>) =>
    forecastAutoencoderLoss(p, b, shape).loss;
  const differentiated = valueAndGrad as unknown as (
    fn: typeof loss,
  ) => (
    p: ForecastAutoencoder<JaxArray>,
    b: AutoencoderBatch<JaxArray>,
  ) => [JaxArray, ForecastAutoencoder<JaxArray>];
  const program = await compile(differentiated(loss), [initial, example]);
  const heldOut = await compile(loss, [initial, example]);

  const train1 = async (rule: Rule, peak: number) => {
    const vectors = Array.from({ length: 4 }, () => new Float32Array(layout.length));
    const [params, gradient, mean, meanSquare] = vectors as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    layout.write(initial, params, "optimisers");
    const ema = params.slice();
    const views = [params, gradient, mean, meanSquare].map((vector) => layout.views(vector));
    const slots = layout.ranges.map(({ decays }, i): Slot & { hidden: boolean; tensor: Tensor } => ({
      params: views[0][i].data as Float32Array,
      gradient: views[1][i].data as Float32Array,
      mean: views[2][i].data as Float32Array,
      meanSquare: views[3][i].data as Float32Array,
      decay: decays ? DECAY[rule] : 0,
      hidden: decays && !EDGE.test(layout.paths[i]),
      tensor: views[0][i],
    }));
    const hidden = slots.map((slot, i) => [`m${i}`, slot] as const).filter(([, slot]) => slot.hidden);
    const newtonSchulz =
      rule === "muon"
        ? await orthogonaliser(
            Object.fromEntries(hidden.map(([name, { tensor }]) => [name, zeros(tensor.shape)])),
          )
        : undefined;
    const noise = NoiseOf.of(2, "optimisers");
    let ruleMs = 0;
    for (let count = 1; count <= steps; count++) {
      const live = layout.viewTree(params) as ForecastAutoencoder<Tensor>;
      const [, grads] = await program.run(live, batch(sequences, noise, 0.3));
      const start = performance.now();
      layout.write(grads, gradient, "optimisers");
      const norm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
      if (norm > CLIP) for (let i = 0; i < gradient.length; i++) gradient[i] *= CLIP / norm;
      const cosine = 0.5 * (1 + Math.cos((Math.PI * count) / steps));
      const rate = peak * Math.min(1, count / WARM_UP) * (0.01 + 0.99 * cosine);
      const directions = newtonSchulz
        ? await newtonSchulz.run(
            Object.fromEntries(
              hidden.map(([name, slot]) => [name, { shape: slot.tensor.shape, data: momentum(slot) }]),
            ),
          )
        : undefined;
      slots.forEach((slot, i) => {
        const direction = slot.hidden ? directions?.[`m${i}`] : undefined;
        if (direction) muon(slot, direction.data as Float32Array, Math.max(...slot.tensor.shape), rate);
        else if (rule === "lion") lion(slot, rate);
        else adamW(slot, rate, count);
      });
      for (let i = 0; i < ema.length; i++) ema[i] += (1 - EMA) * (params[i] - ema[i]);
      ruleMs += performance.now() - start;
    }
    await newtonSchulz?.dispose();
    const unseen = NoiseOf.of(3, "held out");
    let sum = 0;
    for (let i = 0; i < HELD_OUT_BATCHES; i++) {
      const value = await heldOut.run(
        layout.viewTree(ema) as ForecastAutoencoder<Tensor>,
        batch(held, unseen, 0),
      );
      sum += value.data[0];
    }
    const figures = { peak, heldOutLoss: sum / HELD_OUT_BATCHES, ruleMsPerStep: ruleMs / steps };
    console.error(`${rule} ${JSON.stringify(figures)}`);
    return figures;
  };

  const results: Record<string, object[]> = {};
  for (const rule of Object.keys(RATES) as Rule[]) {
    results[rule] = [];
    for (const peak of RATES[rule]) results[rule].push(await train1(rule, peak));
  }
  return { steps, ...results };
}
