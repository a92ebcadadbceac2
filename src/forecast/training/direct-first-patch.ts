/** What the direct head alone expects of the patch that follows a window: what the spike-history head is fitted on top of. */
import { type CompileOptions, compile, type Tensor, tensor, zeros } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import { encodeFeatures, type ForecastAutoencoder, forecastDirectly } from "../model/patch-autoencoder.ts";
import type { ForecastShape } from "../windows/forecast-shape.ts";

/** The direct head as the `firstPatch` of `fitSpikeHistory`, compiled for one window. */
export async function directFirstPatch(
  autoencoder: ForecastAutoencoder<Tensor>,
  shape: ForecastShape,
  compute: CompileOptions,
) {
  const { channels: C, contextPatches, patchBins: B } = shape;
  const program = await compile(
    (p: ForecastAutoencoder<JaxArray>, counts: JaxArray) => {
      const last = np.split(encodeFeatures(p, counts, shape).features, [contextPatches - 1], 1)[1];
      return np.split(forecastDirectly(p, last, shape).reshape([shape.futurePatches * B, C]), [B], 0)[0];
    },
    [autoencoder, zeros([1, contextPatches * B, C])],
    compute,
  );
  return {
    firstPatch: async (history: Float32Array) =>
      (await program.run(autoencoder, tensor([1, contextPatches * B, C], history))).data as Float32Array,
    dispose: () => program.dispose(),
  };
}
