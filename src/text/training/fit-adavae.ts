/**
 * Trains the AdaVAE on a base: free, encoder and decoder start from the base and all of them trains; frozen, the base is a constant
 * and only adapters train.
 */
import {
  type CompileOptions,
  Noise,
  scalar,
  type Tensor,
  type Tensors,
  trainStep,
} from "../../compute/index.ts";
import type { Array as JaxArray } from "../../compute/jax.ts";
import { Random } from "../../math/random.ts";
import { type AdaVaeBatch, adaVaeLoss } from "../adavae/loss.ts";
import { type Adapters, type AdaVae, initAdapters } from "../adavae/parameters.ts";
import { BatchOrder, type Bucket, type SpecialIds, sentenceTensors } from "../corpus/rows.ts";
import type { Transformer } from "../model/parameters.ts";
import { betaAt, type TextSettings } from "./settings.ts";
import { OPTIMISER, runStage, type StageOptions, type StageState } from "./stage.ts";

/** What trains; without `decoder` and `encoder` these are the frozen base's. */
type Trained<Leaf> = { adapters: Adapters<Leaf> } & Partial<AdaVae<Leaf>>;
type Frozen<Leaf> = { base?: Transformer<Leaf> };

export async function fitAdaVae(
  { buckets, special, base }: { buckets: readonly Bucket[]; special: SpecialIds; base: Transformer<Tensor> },
  settings: TextSettings,
  options: StageOptions & CompileOptions & { resume?: StageState | undefined },
): Promise<{ model: AdaVae<Tensor> } | { state: StageState }> {
  const { seed, config, shape, learningRate, frozen } = settings;
  const random = Random.of(seed, "text");
  const adapters = initAdapters(random.split("adapters"), config, shape);
  const order = new BatchOrder(buckets, random.split("order"));
  const examples = buckets.map((bucket) =>
    noisyBatch({ bucket, rows: bucket.rows.slice(0, bucket.size) }, settings, {
      special,
      steps: 0,
      share: 0,
    }),
  );
  const params: Trained<Tensor> = frozen ? { adapters } : { decoder: base, encoder: base.stack, adapters };
  const step = await trainStep({
    loss: (p: Trained<JaxArray>, batch: AdaVaeBatch<JaxArray>, fixed: Frozen<JaxArray>) => {
      const decoder = p.decoder ?? fixed.base!;
      const model = { decoder, encoder: p.encoder ?? decoder.stack, adapters: p.adapters };
      return adaVaeLoss(model, batch, { config, shape });
    },
    params: params as Tensors<Trained<JaxArray>>,
    batch: examples[0],
    otherBatches: examples.slice(1),
    frozen: (frozen ? { base } : {}) as Tensors<Frozen<JaxArray>>,
    optimiser: OPTIMISER,
    device: options.device ?? "cpu",
    threads: options.threads ?? 1,
  });
  try {
    const share = 1 - settings.baseShare;
    const plan = { stage: "adavae", share, learningRate, resume: options.resume } as const;
    const { finished, state } = await runStage(step, options, plan, (steps, share) =>
      noisyBatch(order.at(steps), settings, { special, steps, share }),
    );
    if (!finished) return { state };
    return { model: { decoder: base, encoder: base.stack, ...(step.ema() as object) } as AdaVae<Tensor> };
  } finally {
    await step.dispose();
  }
}

/** Sentences with all chance of step `steps`: what depends on nothing else is the same after a resume. */
function noisyBatch(
  { bucket, rows }: { bucket: Bucket; rows: readonly (readonly number[])[] },
  settings: TextSettings,
  { special, steps, share }: { special: SpecialIds; steps: number; share: number },
): AdaVaeBatch<Tensor> {
  const { seed, shape, hide, withoutLatent, freeBits } = settings;
  const noise = Noise.of(seed, "text", "adavae", steps);
  const hidden = noise.uniforms([rows.length * bucket.length]).data;
  const off = noise.uniforms([rows.length]).data;
  let next = 0;
  return {
    ...sentenceTensors(rows, bucket.length, special, () => hidden[next++] < hide),
    noise: noise.normals([rows.length, shape.latents]),
    gate: { shape: [rows.length], data: Float32Array.from(off, (u) => (u < withoutLatent ? 0 : 1)) },
    beta: scalar(betaAt(settings, share)),
    freeBits: scalar(freeBits),
  };
}
