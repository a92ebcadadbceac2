/**
 * The reference model: a causal transformer of pre-norm blocks, tanh gelu, mean squared error; here and in PyTorch.
 *
 * Legend: B batch, T steps, C channels, D width, H heads.
 */
import { attention, gelu, layerNorm } from "../../src/compute/functions.ts";
import { Noise, type Tensor, zeros } from "../../src/compute/index.ts";
import { np } from "../../src/compute/jax.ts";

export const TRANSFORMER = { blocks: 4, width: 128, heads: 4, batch: 16, steps: 64, channels: 64 };

type Block = Record<
  "gain1" | "offset1" | "qkv" | "out" | "gain2" | "offset2" | "up" | "upBias" | "down" | "downBias",
  np.Array
>;
type Params = { input: np.Array; position: np.Array; blocks: Block[]; output: np.Array };
type Batch = { x: np.Array; y: np.Array; mask: np.Array };

export function transformerCase() {
  const { heads } = TRANSFORMER;
  return {
    loss: (params: Params, batch: Batch) => np.mean(np.square(predict(params, batch, heads).sub(batch.y))),
    params: initial(),
    batch: example(),
    optimiser: { weightDecay: 0.01 },
  };
}

function predict(params: Params, { x, mask }: Batch, heads: number): np.Array {
  const [batch, steps] = x.shape as [number, number];
  const width = params.position.shape[1];
  let hidden = np.matmul(x, params.input).add(params.position);
  for (const block of params.blocks) {
    const qkv = np.matmul(layerNorm(hidden, block.gain1, block.offset1), block.qkv);
    const [query, key, value] = np
      .split(qkv, 3, -1)
      .map((part) => part.reshape([batch, steps, heads, width / heads])) as [np.Array, np.Array, np.Array];
    const mixed = attention(query, key, value, mask).reshape([batch, steps, width]);
    hidden = hidden.add(np.matmul(mixed, block.out));
    const normal = layerNorm(hidden, block.gain2, block.offset2);
    const inner = gelu(np.matmul(normal, block.up).add(block.upBias));
    hidden = hidden.add(np.matmul(inner, block.down)).add(block.downBias);
  }
  return np.matmul(hidden, params.output);
}

function initial() {
  const { blocks, width, steps, channels } = TRANSFORMER;
  const noise = Noise.of(1, "bench");
  const matrix = (rows: number, columns: number): Tensor => {
    const { shape, data } = noise.normals([rows, columns]);
    return { shape, data: data.map((value) => value / Math.sqrt(rows)) };
  };
  const ones = (length: number): Tensor => ({ shape: [length], data: new Float32Array(length).fill(1) });
  return {
    input: matrix(channels, width),
    position: matrix(steps, width),
    blocks: Array.from({ length: blocks }, () => ({
      gain1: ones(width),
      offset1: zeros([width]),
      qkv: matrix(width, 3 * width),
      out: matrix(width, width),
      gain2: ones(width),
      offset2: zeros([width]),
      up: matrix(width, 4 * width),
      upBias: zeros([4 * width]),
      down: matrix(4 * width, width),
      downBias: zeros([width]),
    })),
    output: matrix(width, channels),
  };
}

function example() {
  const { batch, steps, channels } = TRANSFORMER;
  const noise = Noise.of(2, "bench");
  const mask = Float32Array.from({ length: steps * steps }, (_, i) =>
    i % steps > Math.floor(i / steps) ? -1e9 : 0,
  );
  return {
    x: noise.normals([batch, steps, channels]),
    y: noise.normals([batch, steps, channels]),
    mask: { shape: [steps, steps], data: mask },
  };
}

export const TRANSFORMER_IN_TORCH = `
B, T, C, D, H = size["batch"], size["steps"], size["channels"], size["width"], size["heads"]
w_in, pos = leaf(), leaf()
blocks = [{name: leaf() for name in ("g1", "o1", "qkv", "out", "g2", "o2", "up", "ub", "down", "db")}
          for _ in range(size["blocks"])]
w_out = leaf()
x, y, mask = constant(), constant(), constant()
def loss():
    h = x @ w_in + pos
    for b in blocks:
        qkv = F.layer_norm(h, (D,), b["g1"], b["o1"]) @ b["qkv"]
        q, k, v = [t.reshape(B, T, H, D // H).transpose(1, 2) for t in qkv.split(D, dim=-1)]
        a = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(D // H) + mask, dim=-1) @ v
        h = h + a.transpose(1, 2).reshape(B, T, D) @ b["out"]
        n = F.layer_norm(h, (D,), b["g2"], b["o2"])
        h = h + F.gelu(n @ b["up"] + b["ub"], approximate="tanh") @ b["down"] + b["db"]
    return ((h @ w_out - y) ** 2).mean()
serve([w_in, pos] + [t for b in blocks for t in b.values()] + [w_out], loss, weight_decay=0.01)
`;
