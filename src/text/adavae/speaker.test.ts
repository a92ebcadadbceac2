import { expect, it } from "vitest";
import { compile, flattenTensors, type Tensor, tensor } from "../../compute/index.ts";
import type { Array as JaxArray } from "../../compute/jax.ts";
import { Random } from "../../math/random.ts";
import { ownConfig } from "../model/config.ts";
import { initTransformer } from "../model/parameters.ts";
import { decoderLogits } from "./model.ts";
import { type AdaVae, initAdapters } from "./parameters.ts";
import { createSpeaker } from "./speaker.ts";

const N = 5;
const sizes = {
  config: ownConfig({
    vocabulary: 23,
    width: 8,
    layers: 2,
    heads: 2,
    headWidth: 4,
    keyHeads: 2,
    hidden: 16,
    context: 9,
  }),
  shape: { latents: 3, poolQueries: 2, prefixPairs: 2, adapterWidth: 4 },
};

it.each(["learned positions", "rotary positions"])(
  "says what the whole decoder says token by token: %s",
  async (kind) => {
    const random = Random.of(11);
    const config = kind === "rotary positions" ? { ...sizes.config, ropeTheta: 100 } : sizes.config;
    const base = initTransformer(random.split("base"), config);
    if (kind === "rotary positions") delete base.positions;
    const model: AdaVae<Tensor> = {
      decoder: base,
      encoder: base.stack,
      adapters: initAdapters(random.split("adapters"), config, sizes.shape),
    };
    for (const [i, { data }] of flattenTensors(model.decoder).leaves.entries())
      data.set(data.map((value, j) => 4 * value + 0.3 * Math.sin(3 * i + 7 * j)));
    const z = random.normals(N * 3).map((value) => 2 * value);
    const speaker = await createSpeaker(model, { ...sizes, config }, { rows: N, pad: 0, end: 1 });
    const whole = await compile(
      (p: AdaVae<JaxArray>, ids: JaxArray, latent: JaxArray, gate: JaxArray) =>
        decoderLogits(p, ids, { z: latent, gate }, { ...sizes, config }),
      [
        model,
        { shape: [N, 9], data: new Int32Array(N * 9) },
        tensor([N, 3], z),
        tensor([N], new Float32Array(N)),
      ],
    );
    for (const gate of [1, 0] as const) {
      const said = await speaker.say(z, gate);
      const ids = new Int32Array(N * 9).fill(0);
      for (let n = 0; n < N; n++) ids[n * 9] = 1;
      const right: number[][] = Array.from({ length: N }, () => []);
      for (let t = 0; t < 9; t++) {
        const gates = tensor([N], new Float32Array(N).fill(gate));
        const { data } = await whole.run(model, { shape: [N, 9], data: ids }, tensor([N, 3], z), gates);
        for (let n = 0; n < N; n++) {
          const logits = [...data.slice((n * 9 + t) * 23, (n * 9 + t + 1) * 23)];
          logits[0] = Number.NEGATIVE_INFINITY;
          const best = logits.indexOf(Math.max(...logits));
          if (t < 8) ids[n * 9 + t + 1] = best;
          right[n].push(best);
        }
      }
      expect(said).toEqual(right.map((row) => (row.includes(1) ? row.slice(0, row.indexOf(1)) : row)));
    }
  },
);
