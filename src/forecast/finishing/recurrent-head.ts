/** The emulator's recurrent head: several gated recurrent networks that also see the slow means, as one. */
import type { ComputeDevice, Tensor } from "../../compute/index.ts";
import { type Gru, joinGrus } from "../../networks/recurrent.ts";
import { fitGru } from "../baselines/gru.ts";
import type { CountSequences, ForecastWindow } from "../windows/forecaster.ts";

/** Networks that differ in where they begin and in the windows they meet, in that order. */
const NETWORKS = 2;

export async function fitRecurrentHead(
  train: CountSequences,
  validation: CountSequences,
  window: ForecastWindow,
  options: { seed: number; steps: number; patchBins: number; device?: ComputeDevice; threads?: number },
): Promise<Gru<Tensor>> {
  const all: Gru<Tensor>[] = [];
  for (let k = 0; k < NETWORKS; k++) {
    const seed = options.seed + 1000 * k;
    const gru = await fitGru(train, validation, window, { ...options, seed, slow: true });
    all.push(gru.params);
    await gru.dispose();
  }
  return joinGrus(all);
}
