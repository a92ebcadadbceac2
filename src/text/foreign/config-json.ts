/**
 * `config.json` of a language model in the layouts of GPT-2, Llama, Qwen2 and Qwen3, as published with transformers
 * (https://huggingface.co/docs/transformers). What is not known here is refused by name.
 */
import { z } from "zod";
import { TextError } from "../error.ts";
import { LAYOUTS, type RopeScaling, type TransformerConfig } from "../model/config.ts";

const count = z.int().positive();
const id = z.union([z.int().nonnegative(), z.array(z.int().nonnegative()).min(1)]);
const GPT2 = z.looseObject({
  vocab_size: count,
  n_embd: count,
  n_layer: count,
  n_head: count,
  n_positions: count,
  n_inner: count.nullish(),
  layer_norm_epsilon: z.number().positive().default(1e-5),
  activation_function: z.string().default("gelu_new"),
  scale_attn_weights: z.boolean().default(true),
  scale_attn_by_inverse_layer_idx: z.boolean().default(false),
  tie_word_embeddings: z.boolean().default(true),
  eos_token_id: id.nullish(),
});
const ROPE = z.looseObject({
  rope_type: z.string().optional(),
  type: z.string().optional(),
  rope_theta: z.number().positive().optional(),
  factor: z.number().positive().optional(),
  low_freq_factor: z.number().positive().optional(),
  high_freq_factor: z.number().positive().optional(),
  original_max_position_embeddings: count.optional(),
});
const LLAMA = z.looseObject({
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  intermediate_size: count,
  max_position_embeddings: count,
  rms_norm_eps: z.number().positive().default(1e-6),
  rope_theta: z.number().positive().default(10_000),
  rope_scaling: ROPE.nullish(),
  rope_parameters: ROPE.nullish(),
  hidden_act: z.string().default("silu"),
  use_sliding_window: z.boolean().default(false),
  sliding_window: count.nullish(),
  tie_word_embeddings: z.boolean().default(false),
  eos_token_id: id.nullish(),
});

export interface ForeignConfig {
  readonly config: TransformerConfig;
  /** The token that ends a text, where the file says which. */
  readonly endId: number | undefined;
}

/** `context`: tokens in a row that are wanted. Throws `TextError`. */
export function parseForeignConfig(text: string, path: string, context: number): ForeignConfig {
  const refuse = (expected: string, got: string): never => {
    throw new TextError(`${path}: expected ${expected}, got ${got}`);
  };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse("JSON", "text that is none");
  }
  const layout = LAYOUTS.find((name) => name === (json as { model_type?: unknown } | null)?.model_type);
  if (!layout)
    return refuse(
      `model_type ${LAYOUTS.join(", ")}`,
      JSON.stringify((json as { model_type?: unknown } | null)?.model_type) ?? "none",
    );
  const parsed = (layout === "gpt2" ? GPT2 : LLAMA).safeParse(json);
  if (!parsed.success) {
    const [{ path: where, message }] = parsed.error.issues;
    return refuse(`the fields of ${layout}`, `${where.join(".")}: ${message}`);
  }
  const made =
    layout === "gpt2" ? gpt2Config(GPT2.parse(json), refuse) : llamaConfig(LLAMA.parse(json), layout, refuse);
  if (context > made.config.context)
    refuse(`a model of at least ${context} positions`, `one of ${made.config.context}`);
  if (made.config.width !== made.config.heads * made.config.headWidth && layout === "gpt2")
    refuse("n_embd divisible by n_head", `${made.config.width} and ${made.config.heads}`);
  if (made.config.heads % made.config.keyHeads !== 0)
    refuse("heads of queries in whole groups", `${made.config.heads} for ${made.config.keyHeads} of keys`);
  const positions = layout === "gpt2" ? { positions: made.config.context } : {};
  return { ...made, config: { ...made.config, ...positions, context } };
}

type Refuse = (expected: string, got: string) => never;

function gpt2Config(file: z.infer<typeof GPT2>, refuse: Refuse): ForeignConfig {
  if (file.activation_function !== "gelu_new")
    refuse("activation_function gelu_new", JSON.stringify(file.activation_function));
  if (!file.scale_attn_weights || file.scale_attn_by_inverse_layer_idx)
    refuse("attention scaled by the root of a head's width", "another scale_attn setting");
  return {
    endId: firstOf(file.eos_token_id),
    config: {
      layout: "gpt2",
      vocabulary: file.vocab_size,
      width: file.n_embd,
      layers: file.n_layer,
      heads: file.n_head,
      keyHeads: file.n_head,
      headWidth: file.n_embd / file.n_head,
      hidden: file.n_inner ?? 4 * file.n_embd,
      context: file.n_positions,
      epsilon: file.layer_norm_epsilon,
      tied: file.tie_word_embeddings,
    },
  };
}

function llamaConfig(
  file: z.infer<typeof LLAMA>,
  layout: "llama" | "qwen2" | "qwen3",
  refuse: Refuse,
): ForeignConfig {
  if (file.hidden_act !== "silu") refuse("hidden_act silu", JSON.stringify(file.hidden_act));
  const window = file.use_sliding_window ? (file.sliding_window ?? undefined) : undefined;
  const rope = file.rope_parameters ?? file.rope_scaling ?? {};
  const ropeScaling = scalingOf(rope, refuse);
  return {
    endId: firstOf(file.eos_token_id),
    config: {
      layout,
      vocabulary: file.vocab_size,
      width: file.hidden_size,
      layers: file.num_hidden_layers,
      heads: file.num_attention_heads,
      keyHeads: file.num_key_value_heads ?? file.num_attention_heads,
      headWidth: file.head_dim ?? file.hidden_size / file.num_attention_heads,
      hidden: file.intermediate_size,
      // Rows shorter than a sliding window do not feel it.
      context: Math.min(file.max_position_embeddings, window ?? Number.POSITIVE_INFINITY),
      epsilon: file.rms_norm_eps,
      ropeTheta: rope.rope_theta ?? file.rope_theta,
      ...(ropeScaling ? { ropeScaling } : {}),
      tied: file.tie_word_embeddings,
    },
  };
}

function scalingOf(rope: z.infer<typeof ROPE>, refuse: Refuse): RopeScaling | undefined {
  const kind = rope.rope_type ?? rope.type ?? "default";
  if (kind === "default") return undefined;
  if (kind !== "llama3") return refuse("rope scaling of type default or llama3", JSON.stringify(kind));
  const {
    factor,
    low_freq_factor: low,
    high_freq_factor: high,
    original_max_position_embeddings: original,
  } = rope;
  if (!factor || !low || !high || !original)
    return refuse("all numbers of llama3 rope scaling", JSON.stringify(rope));
  return { factor, low, high, original };
}

function firstOf(value: number | number[] | null | undefined): number | undefined {
  return Array.isArray(value) ? value[0] : (value ?? undefined);
}

/** Numbers of a model's weights. */
export function weightCount({
  layout,
  vocabulary,
  width,
  layers,
  heads,
  keyHeads,
  headWidth,
  hidden,
  context,
  tied,
}: TransformerConfig): number {
  const attention = 2 * width * heads * headWidth + 2 * width * keyHeads * headWidth;
  const feedForward = (layout === "gpt2" ? 2 : 3) * width * hidden;
  const ends = vocabulary * width * (tied ? 1 : 2) + (layout === "gpt2" ? context * width : 0);
  return ends + layers * (attention + feedForward);
}
