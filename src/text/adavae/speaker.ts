/** Speaks sentences from latent programs, the likeliest token each time, with keys and values kept. */
import { compile, type Tensor, tensor, zeros } from "../../compute/index.ts";
import { type Array as JaxArray, np } from "../../compute/jax.ts";
import { decodeStep, type StepInput } from "../model/decode-step.ts";
import { ropeTable } from "../model/rope.ts";
import { type AdaVaeSizes, additionOf, prefixesOf } from "./model.ts";
import type { AdaVae } from "./parameters.ts";

export interface Speaker {
  /** z `[rows, Z]` -> the ids said, without the end. */
  say(z: Float32Array, gate: 0 | 1): Promise<number[][]>;
  dispose(): Promise<void>;
}

export async function createSpeaker(
  model: AdaVae<Tensor>,
  sizes: AdaVaeSizes,
  { rows: N, pad, end }: { rows: number; pad: number; end: number },
): Promise<Speaker> {
  const { config, shape } = sizes;
  const { context, width: D, layers, keyHeads, headWidth: d, vocabulary: V } = config;
  const K = shape.prefixPairs;
  const S = K + context;
  const row = keyHeads * d;
  const opening = await compile(
    (p: AdaVae<JaxArray>, z: JaxArray, gate: JaxArray) => {
      const positions = p.decoder.positions?.reshape([1, context, D]);
      const added = additionOf(p.adapters, z, gate, config);
      return {
        added: positions ? added.add(np.broadcastTo(positions, [N, context, D])) : added,
        prefixes: prefixesOf(p.adapters, z, sizes).map(({ key, value }) => ({ key, value })),
      };
    },
    [model, zeros([N, shape.latents]), zeros([N])],
  );
  const cache = () => Array.from({ length: layers }, () => zeros([N, S, keyHeads, d]));
  const example: StepInput<Tensor> = {
    ids: { shape: [N, 1], data: new Int32Array(N) },
    added: zeros([N, 1, D]),
    keys: cache(),
    values: cache(),
    bias: zeros([N, 1, 1, S + 1]),
    cos: zeros([1, d / 2]),
    sin: zeros([1, d / 2]),
  };
  const step = await compile(
    (p: AdaVae<JaxArray>, input: StepInput<JaxArray>) =>
      decodeStep(p.decoder, input, config, (layer) => p.adapters.decoder[layer]),
    [model, example],
  );
  const table = ropeTable(config, context);

  return {
    async say(z, gate) {
      const opened = await opening.run(
        model,
        tensor([N, shape.latents], z),
        tensor([N], new Float32Array(N).fill(gate)),
      );
      const [keys, values] = [cache(), cache()];
      const bias = new Float32Array(N * (S + 1)).fill(-1e9);
      opened.prefixes.forEach(({ key, value }, layer) => {
        for (let n = 0; n < N; n++) {
          keys[layer].data.set(key.data.subarray(n * K * row, (n + 1) * K * row), n * S * row);
          values[layer].data.set(value.data.subarray(n * K * row, (n + 1) * K * row), n * S * row);
        }
      });
      for (let n = 0; n < N; n++) {
        if (gate) bias.fill(0, n * (S + 1), n * (S + 1) + K);
        bias[n * (S + 1) + S] = 0;
      }
      const said: number[][] = Array.from({ length: N }, () => []);
      const ended = new Uint8Array(N);
      const ids = new Int32Array(N).fill(end);
      for (let t = 0; t < context && ended.includes(0); t++) {
        const added = new Float32Array(N * D);
        for (let n = 0; n < N; n++)
          added.set(opened.added.data.subarray((n * context + t) * D, (n * context + t + 1) * D), n * D);
        const out = await step.run(model, {
          ids: { shape: [N, 1], data: ids },
          added: tensor([N, 1, D], added),
          keys,
          values,
          bias: tensor([N, 1, 1, S + 1], bias),
          cos: tensor([1, d / 2], table.cos[t]),
          sin: tensor([1, d / 2], table.sin[t]),
        });
        for (let n = 0; n < N; n++) {
          bias[n * (S + 1) + K + t] = 0;
          for (let layer = 0; layer < layers; layer++) {
            const at = (n * S + K + t) * row;
            keys[layer].data.set(out.keys[layer].data.subarray(n * row, (n + 1) * row), at);
            values[layer].data.set(out.values[layer].data.subarray(n * row, (n + 1) * row), at);
          }
          const best = likeliest(out.logits.data.subarray(n * V, (n + 1) * V), pad === end ? -1 : pad);
          ids[n] = best;
          if (best === end) ended[n] = 1;
          if (!ended[n]) said[n].push(best);
        }
      }
      return said;
    },
    async dispose() {
      await opening.dispose();
      await step.dispose();
    },
  };
}

function likeliest(logits: ArrayLike<number>, never: number): number {
  let best = -1;
  for (let id = 0; id < logits.length; id++)
    if (id !== never && (best < 0 || logits[id] > logits[best])) best = id;
  return best;
}
