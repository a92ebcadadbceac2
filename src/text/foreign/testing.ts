/**
 * For tests: random tiny models in each layout, written as people have them, and what such a model says computed with plain loops over
 * float64 from the papers, sharing nothing with the model's own code.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toHalf } from "../../compute/tensors/half.ts";
import { encodeTensorHeader, type RawTensor } from "../../files/raw-safetensors.ts";
import { Random } from "../../math/random.ts";
import { tokenizerJson } from "../tokenizer/tokenizer-json.ts";
import { trainBpe } from "../tokenizer/train.ts";

export type Dtype = "F32" | "F16" | "BF16";
/** By the file's own names: rows of numbers as they will be read. */
export type Weights = Map<string, { shape: number[]; data: Float64Array }>;

export interface TinyModel {
  readonly json: Record<string, unknown>;
  readonly weights: Weights;
}

const V = 300;
const [D, H, HIDDEN, LAYERS] = [16, 4, 24, 2];

export function tinyModel(
  layout: "gpt2" | "llama" | "qwen2" | "qwen3",
  more: Record<string, unknown> = {},
): TinyModel {
  const random = Random.of(7, "tiny", layout);
  const weights: Weights = new Map();
  const add = (name: string, shape: number[], mean = 0, spread = 0.3) => {
    const size = shape.reduce((a, b) => a * b, 1);
    weights.set(name, { shape, data: Float64Array.from(random.normals(size), (x) => mean + spread * x) });
  };
  if (layout === "gpt2") {
    add("wte.weight", [V, D]);
    add("wpe.weight", [40, D]);
    for (let i = 0; i < LAYERS; i++) {
      for (const norm of ["ln_1", "ln_2"]) {
        add(`h.${i}.${norm}.weight`, [D], 1, 0.1);
        add(`h.${i}.${norm}.bias`, [D]);
      }
      for (const [name, from, to] of [
        ["attn.c_attn", D, 3 * D],
        ["attn.c_proj", D, D],
        ["mlp.c_fc", D, HIDDEN],
        ["mlp.c_proj", HIDDEN, D],
      ] as const) {
        add(`h.${i}.${name}.weight`, [from, to]);
        add(`h.${i}.${name}.bias`, [to]);
      }
    }
    add("ln_f.weight", [D], 1, 0.1);
    add("ln_f.bias", [D]);
    const json = {
      model_type: "gpt2",
      vocab_size: V,
      n_embd: D,
      n_layer: LAYERS,
      n_head: H,
      n_positions: 40,
      n_inner: HIDDEN,
      eos_token_id: 1,
      ...more,
    };
    return { json, weights };
  }
  const keyHeads = 2;
  const d = layout === "qwen3" ? 6 : D / H;
  add("model.embed_tokens.weight", [V, D]);
  for (let i = 0; i < LAYERS; i++) {
    const own = `model.layers.${i}`;
    add(`${own}.input_layernorm.weight`, [D], 1, 0.1);
    add(`${own}.post_attention_layernorm.weight`, [D], 1, 0.1);
    for (const [name, to] of [
      ["q", H * d],
      ["k", keyHeads * d],
      ["v", keyHeads * d],
    ] as const) {
      add(`${own}.self_attn.${name}_proj.weight`, [to, D]);
      if (layout === "qwen2") add(`${own}.self_attn.${name}_proj.bias`, [to]);
    }
    if (layout === "qwen3")
      for (const name of ["q", "k"]) add(`${own}.self_attn.${name}_norm.weight`, [d], 1, 0.1);
    add(`${own}.self_attn.o_proj.weight`, [D, H * d]);
    add(`${own}.mlp.gate_proj.weight`, [HIDDEN, D]);
    add(`${own}.mlp.up_proj.weight`, [HIDDEN, D]);
    add(`${own}.mlp.down_proj.weight`, [D, HIDDEN]);
  }
  add("model.norm.weight", [D], 1, 0.1);
  const json = {
    model_type: layout,
    vocab_size: V,
    hidden_size: D,
    num_hidden_layers: LAYERS,
    num_attention_heads: H,
    num_key_value_heads: keyHeads,
    ...(layout === "qwen3" ? { head_dim: d } : {}),
    intermediate_size: HIDDEN,
    max_position_embeddings: 64,
    rms_norm_eps: 1e-5,
    rope_theta: 5000,
    tie_word_embeddings: layout !== "llama",
    eos_token_id: [1, 2],
    ...more,
  };
  if (!json.tie_word_embeddings) add("lm_head.weight", [V, D]);
  return { json, weights };
}

/** Writes the folder; the weights become what their type keeps of them. */
export function writeModel(
  folder: string,
  { json, weights }: TinyModel,
  dtype: Dtype = "F32",
  shards = 1,
): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "config.json"), JSON.stringify(json));
  writeFileSync(
    join(folder, "tokenizer.json"),
    tokenizerJson(trainBpe(["the cat sat on the mat and the hat"], 270)),
  );
  const names = [...weights.keys()];
  const map: Record<string, string> = {};
  for (let shard = 0; shard < shards; shard++) {
    const file = shards === 1 ? "model.safetensors" : `model-${shard + 1}-of-${shards}.safetensors`;
    const tensors: Record<string, RawTensor> = {};
    const dtypes: Record<string, string> = {};
    for (const name of names.filter((_, i) => Math.floor((i * shards) / names.length) === shard)) {
      const tensor = weights.get(name)!;
      tensors[name] = { shape: tensor.shape, data: packed(tensor.data, dtype) };
      dtypes[name] = dtype;
      map[name] = file;
    }
    const { header, parts } = encodeTensorHeader(tensors, {}, dtypes);
    writeFileSync(join(folder, file), Buffer.concat([header, ...parts]));
  }
  if (shards > 1)
    writeFileSync(join(folder, "model.safetensors.index.json"), JSON.stringify({ weight_map: map }));
}

/** As the type keeps them; `data` is changed to that. */
function packed(data: Float64Array, dtype: Dtype): Float32Array | Uint16Array {
  const floats = Float32Array.from(data);
  if (dtype === "F32") {
    data.set(floats);
    return floats;
  }
  const bits =
    dtype === "F16" ? toHalf(floats) : Uint16Array.from(new Uint32Array(floats.buffer), (b) => b >>> 16);
  const view = new DataView(new ArrayBuffer(4));
  bits.forEach((half, i) => {
    if (dtype === "BF16") {
      view.setUint32(0, half << 16);
      data[i] = view.getFloat32(0);
    } else {
      const exponent = (half >> 10) & 31;
      const size =
        exponent === 0 ? (half & 1023) * 2 ** -24 : (1 + (half & 1023) / 1024) * 2 ** (exponent - 15);
      data[i] = half & 0x8000 ? -size : size;
    }
  });
  return bits;
}

/** Logits of the last token: loops over numbers. */
export function referenceLogits({ json, weights }: TinyModel, ids: readonly number[]): number[] {
  const w = (name: string) => weights.get(name)!.data;
  const isGpt = json["model_type"] === "gpt2";
  const number = (name: string, standard: number) => (json[name] as number | undefined) ?? standard;
  const epsilon = isGpt ? 1e-5 : number("rms_norm_eps", 1e-6);
  const keyHeads = isGpt ? H : number("num_key_value_heads", H);
  const d = isGpt ? D / H : number("head_dim", D / H);
  /** Either orientation: y_o = sum_i x_i W. */
  const affine = (x: readonly number[], name: string, outputs: number, from = 0) =>
    Array.from({ length: outputs }, (_, o) => {
      const { shape, data } = weights.get(`${name}.weight`)!;
      let sum = weights.has(`${name}.bias`) ? w(`${name}.bias`)[from + o] : 0;
      for (let i = 0; i < x.length; i++)
        sum += x[i] * (isGpt ? data[i * shape[1] + from + o] : data[o * shape[1] + i]);
      return sum;
    });
  const norm = (x: readonly number[], name: string) => {
    const mean = isGpt ? x.reduce((a, b) => a + b, 0) / x.length : 0;
    const power = x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length;
    return x.map(
      (v, i) =>
        ((v - mean) / Math.sqrt(power + epsilon)) * w(`${name}.weight`)[i] +
        (isGpt ? w(`${name}.bias`)[i] : 0),
    );
  };
  const rope = (json["rope_scaling"] ?? undefined) as Record<string, number> | undefined;
  const rotated = (x: readonly number[], t: number) => {
    if (isGpt) return x;
    const out = [...x];
    for (let i = 0; i < d / 2; i++) {
      let frequency = number("rope_theta", 10000) ** ((-2 * i) / d);
      if (rope) {
        // Llama 3.1: by wavelength.
        const wavelength = (2 * Math.PI) / frequency;
        const [long, short] = [
          rope["original_max_position_embeddings"] / rope["low_freq_factor"],
          rope["original_max_position_embeddings"] / rope["high_freq_factor"],
        ];
        if (wavelength > long) frequency /= rope["factor"];
        else if (wavelength >= short) {
          const smooth =
            (rope["original_max_position_embeddings"] / wavelength - rope["low_freq_factor"]) /
            (rope["high_freq_factor"] - rope["low_freq_factor"]);
          frequency = ((1 - smooth) * frequency) / rope["factor"] + smooth * frequency;
        }
      }
      const angle = t * frequency;
      out[i] = x[i] * Math.cos(angle) - x[i + d / 2] * Math.sin(angle);
      out[i + d / 2] = x[i + d / 2] * Math.cos(angle) + x[i] * Math.sin(angle);
    }
    return out;
  };
  const embedding = isGpt ? "wte.weight" : "model.embed_tokens.weight";
  let xs = ids.map((id, t) =>
    Array.from({ length: D }, (_, i) => w(embedding)[id * D + i] + (isGpt ? w("wpe.weight")[t * D + i] : 0)),
  );
  for (let layer = 0; layer < LAYERS; layer++) {
    const own = isGpt ? `h.${layer}` : `model.layers.${layer}`;
    const heads = (x: readonly number[], which: "q" | "k" | "v", count: number) => {
      const name = isGpt ? `${own}.attn.c_attn` : `${own}.self_attn.${which}_proj`;
      const flat = affine(x, name, count * d, isGpt ? "qkv".indexOf(which) * D : 0);
      return Array.from({ length: count }, (_, h) => {
        const head = flat.slice(h * d, (h + 1) * d);
        return weights.has(`${own}.self_attn.${which}_norm.weight`)
          ? norm(head, `${own}.self_attn.${which}_norm`)
          : head;
      });
    };
    const normed = xs.map((x) => norm(x, isGpt ? `${own}.ln_1` : `${own}.input_layernorm`));
    const q = normed.map((x, t) => heads(x, "q", H).map((head) => rotated(head, t)));
    const k = normed.map((x, t) => heads(x, "k", keyHeads).map((head) => rotated(head, t)));
    const v = normed.map((x) => heads(x, "v", keyHeads));
    xs = xs.map((x, t) => {
      const seen = q[t].flatMap((query, h) => {
        const group = Math.floor((h * keyHeads) / H);
        const scores = k
          .slice(0, t + 1)
          .map((keys) => keys[group].reduce((sum, value, i) => sum + value * query[i], 0) / Math.sqrt(d));
        const weight = scores.map((s) => Math.exp(s - Math.max(...scores)));
        const total = weight.reduce((a, b) => a + b);
        return Array.from({ length: d }, (_, i) =>
          weight.reduce((sum, p, s) => sum + (p / total) * v[s][group][i], 0),
        );
      });
      const added = affine(seen, isGpt ? `${own}.attn.c_proj` : `${own}.self_attn.o_proj`, D);
      const attended = x.map((value, i) => value + added[i]);
      const second = norm(attended, isGpt ? `${own}.ln_2` : `${own}.post_attention_layernorm`);
      const hidden = isGpt
        ? affine(second, `${own}.mlp.c_fc`, HIDDEN).map(
            (u) => 0.5 * u * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (u + 0.044715 * u ** 3))),
          )
        : affine(second, `${own}.mlp.up_proj`, HIDDEN).map((u, i) => {
            const gate = affine(second, `${own}.mlp.gate_proj`, HIDDEN)[i];
            return (u * gate) / (1 + Math.exp(-gate));
          });
      const out = affine(hidden, isGpt ? `${own}.mlp.c_proj` : `${own}.mlp.down_proj`, D);
      return attended.map((value, i) => value + out[i]);
    });
  }
  const last = norm(xs.at(-1)!, isGpt ? "ln_f" : "model.norm");
  const head = weights.get("lm_head.weight")?.data ?? w(embedding);
  return Array.from({ length: V }, (_, id) =>
    last.reduce((sum, value, i) => sum + value * head[id * D + i], 0),
  );
}
