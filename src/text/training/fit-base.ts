/** Trains the causal base: what comes next, over sentences. */
import { type CompileOptions, type Tensor, trainStep } from "../../compute/index.ts";
import type { Array as JaxArray } from "../../compute/jax.ts";
import { Random } from "../../math/random.ts";
import { baseLoss, type SentenceBatch } from "../adavae/loss.ts";
import { BatchOrder, type Bucket, type SpecialIds, sentenceTensors } from "../corpus/rows.ts";
import { initTransformer, type Transformer } from "../model/parameters.ts";
import type { TextSettings } from "./settings.ts";
import { OPTIMISER, runStage, type StageOptions, type StageState } from "./stage.ts";

export async function fitBase(
  { buckets, special }: { buckets: readonly Bucket[]; special: SpecialIds },
  { seed, config, baseShare, learningRate }: TextSettings,
  options: StageOptions & CompileOptions & { resume?: StageState | undefined },
): Promise<{ base: Transformer<Tensor> } | { state: StageState }> {
  const random = Random.of(seed, "text");
  const order = new BatchOrder(buckets, random.split("base order"));
  const examples = buckets.map(({ rows, size, length }) =>
    sentenceTensors(rows.slice(0, size), length, special),
  );
  const step = await trainStep({
    loss: (p: Transformer<JaxArray>, batch: SentenceBatch<JaxArray>) => baseLoss(p, batch, config),
    params: initTransformer(random.split("base"), config),
    batch: examples[0],
    otherBatches: examples.slice(1),
    optimiser: OPTIMISER,
    device: options.device ?? "cpu",
    threads: options.threads ?? 1,
  });
  try {
    const plan = { stage: "base", share: baseShare, learningRate, resume: options.resume } as const;
    const { finished, state } = await runStage(step, options, plan, (steps) => {
      const { bucket, rows } = order.at(steps);
      return sentenceTensors(rows, bucket.length, special);
    });
    return finished ? { base: step.ema() as Transformer<Tensor> } : { state };
  } finally {
    await step.dispose();
  }
}
