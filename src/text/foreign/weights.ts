/**
 * The weights of a foreign model in our tree. GPT-2 keeps `[inputs, outputs]` with query, key and value side by side; the others keep
 * `[outputs, inputs]`, one tensor each.
 */
import type { Tensor } from "../../compute/index.ts";
import { TextError } from "../error.ts";
import type { TransformerConfig } from "../model/config.ts";
import type { Affine, Scale, Transformer, TransformerBlock } from "../model/parameters.ts";
import type { TensorSource } from "./tensor-files.ts";

/** Reads one tensor and checks its shape. */
type Take = (name: string, shape: readonly number[]) => Tensor;
type Maybe = (name: string, shape: readonly number[]) => Tensor | undefined;

export function readWeights(
  source: TensorSource,
  config: TransformerConfig,
  folder: string,
): Transformer<Tensor> {
  const prefixes = config.layout === "gpt2" ? ["", "transformer."] : ["model.", ""];
  const first = config.layout === "gpt2" ? "wte.weight" : "embed_tokens.weight";
  const prefix = prefixes.find((one) => source(one + first) !== undefined);
  if (prefix === undefined)
    throw new TextError(
      `${folder}: expected a tensor ${prefixes[0]}${first}, got none; is this a ${config.layout} model?`,
    );
  const maybe: Maybe = (name, shape) => {
    const found = source(name) ?? source(prefix + name);
    if (found && `${found.shape}` !== `${shape}`)
      throw new TextError(`${folder}: expected tensor ${name} of shape [${shape}], got [${found.shape}]`);
    return found;
  };
  const take: Take = (name, shape) => {
    const found = maybe(name, shape);
    if (!found) throw new TextError(`${folder}: expected a tensor ${prefix}${name}, got none`);
    return found;
  };
  return config.layout === "gpt2" ? gpt2(take, maybe, config) : llama(take, maybe, config);
}

function gpt2(take: Take, maybe: Maybe, config: TransformerConfig): Transformer<Tensor> {
  const { vocabulary: V, width: D, layers, hidden, context } = config;
  const scale = (name: string): Scale<Tensor> => ({
    scale: take(`${name}.weight`, [D]),
    shift: take(`${name}.bias`, [D]),
  });
  const affine = (name: string, inputs: number, outputs: number): Affine<Tensor> => ({
    weight: take(`${name}.weight`, [inputs, outputs]),
    bias: take(`${name}.bias`, [outputs]),
  });
  const block = (i: number): TransformerBlock<Tensor> => {
    const joint = affine(`h.${i}.attn.c_attn`, D, 3 * D);
    const [query, key, value] = [0, 1, 2].map((part) => ({
      weight: columns(joint.weight, part * D, D),
      bias: { shape: [D], data: joint.bias!.data.slice(part * D, (part + 1) * D) },
    }));
    return {
      norm1: scale(`h.${i}.ln_1`),
      query,
      key,
      value,
      project: affine(`h.${i}.attn.c_proj`, D, D),
      norm2: scale(`h.${i}.ln_2`),
      expand: affine(`h.${i}.mlp.c_fc`, D, hidden),
      contract: affine(`h.${i}.mlp.c_proj`, hidden, D),
    };
  };
  const head = config.tied ? undefined : maybe("lm_head.weight", [V, D]);
  const embedding = take("wte.weight", [V, D]);
  const positions = firstRows(take, config, context);
  const blocks = Array.from({ length: layers }, (_, i) => block(i));
  return {
    embedding,
    positions,
    ...(head ? { head: transposed(head) } : {}),
    stack: { blocks, norm: scale("ln_f") },
  };
}

/** The positions that are used, of those that the model has. */
function firstRows(take: Take, { width: D, positions }: TransformerConfig, context: number): Tensor {
  const all = take("wpe.weight", [positions ?? context, D]);
  return { shape: [context, D], data: all.data.slice(0, context * D) };
}

function llama(take: Take, maybe: Maybe, config: TransformerConfig): Transformer<Tensor> {
  const { vocabulary: V, width: D, layers, heads, keyHeads, headWidth: d, hidden, layout } = config;
  const scale = (name: string, width = D): Scale<Tensor> => ({ scale: take(`${name}.weight`, [width]) });
  const affine = (name: string, inputs: number, outputs: number): Affine<Tensor> => {
    const bias = maybe(`${name}.bias`, [outputs]);
    return { weight: transposed(take(`${name}.weight`, [outputs, inputs])), ...(bias ? { bias } : {}) };
  };
  const block = (i: number): TransformerBlock<Tensor> => {
    const own = `layers.${i}`;
    const attention = `${own}.self_attn`;
    return {
      norm1: scale(`${own}.input_layernorm`),
      query: affine(`${attention}.q_proj`, D, heads * d),
      key: affine(`${attention}.k_proj`, D, keyHeads * d),
      value: affine(`${attention}.v_proj`, D, keyHeads * d),
      ...(layout === "qwen3"
        ? { queryNorm: scale(`${attention}.q_norm`, d), keyNorm: scale(`${attention}.k_norm`, d) }
        : {}),
      project: affine(`${attention}.o_proj`, heads * d, D),
      norm2: scale(`${own}.post_attention_layernorm`),
      gate: affine(`${own}.mlp.gate_proj`, D, hidden),
      expand: affine(`${own}.mlp.up_proj`, D, hidden),
      contract: affine(`${own}.mlp.down_proj`, hidden, D),
    };
  };
  const embedding = take("embed_tokens.weight", [V, D]);
  const blocks = Array.from({ length: layers }, (_, i) => block(i));
  return {
    embedding,
    ...(config.tied ? {} : { head: transposed(take("lm_head.weight", [V, D])) }),
    stack: { blocks, norm: scale("norm") },
  };
}

function transposed({ shape, data }: Tensor): Tensor {
  const [rows, columns] = shape as [number, number];
  const out = new Float32Array(data.length);
  for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) out[c * rows + r] = data[r * columns + c];
  return { shape: [columns, rows], data: out };
}

function columns({ shape, data }: Tensor, from: number, count: number): Tensor {
  const [rows, width] = shape as [number, number];
  const out = new Float32Array(rows * count);
  for (let r = 0; r < rows; r++)
    out.set(data.subarray(r * width + from, r * width + from + count) as Float32Array, r * count);
  return { shape: [rows, count], data: out };
}
