/** What a causal transformer is made of: one description for our own models and for the layouts that people have. */

export const LAYOUTS = ["gpt2", "llama", "qwen2", "qwen3"] as const;
export type Layout = (typeof LAYOUTS)[number];

/**
 * Stretching of rotary frequencies as in Llama 3.1 (https://arxiv.org/abs/2407.21783): wavelengths beyond `original / low` are
 * `factor` times as long, those below `original / high` stay, between them is a ramp.
 */
export interface RopeScaling {
  readonly factor: number;
  readonly low: number;
  readonly high: number;
  /** Context that the model was first trained on, tokens. */
  readonly original: number;
}

export interface TransformerConfig {
  readonly layout: Layout;
  readonly vocabulary: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  /** Heads of keys and values; fewer than `heads` where several queries share them. */
  readonly keyHeads: number;
  readonly headWidth: number;
  /** Width of the feed-forward layer. */
  readonly hidden: number;
  /** Most tokens in a row. */
  readonly context: number;
  /** Learned positions of the model's file, where it has more than are used. */
  readonly positions?: number;
  readonly epsilon: number;
  /** Base of the rotary frequencies; of GPT-2 none, it has learned positions. */
  readonly ropeTheta?: number;
  readonly ropeScaling?: RopeScaling;
  /** Whether the output layer is the embedding. */
  readonly tied: boolean;
}

/** GPT-2 centres and scales, and has offsets everywhere; the others scale only. */
export function hasOffsets({ layout }: TransformerConfig): boolean {
  return layout === "gpt2";
}

/** Our own base: GPT-2's layout, small. `context` counts the token that ends a sentence. */
export function ownConfig(size: Partial<TransformerConfig> = {}): TransformerConfig {
  const width = size.width ?? 128;
  const heads = size.heads ?? 4;
  return {
    layout: "gpt2",
    vocabulary: 2048,
    width,
    layers: 3,
    heads,
    keyHeads: heads,
    headWidth: width / heads,
    hidden: 4 * width,
    context: 20,
    epsilon: 1e-5,
    tied: true,
    ...size,
  };
}
