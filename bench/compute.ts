/**
 * A training step of a transformer here, in PyTorch on the same CPU (where Debian's python3-torch is installed) and on
 * jax-js alone; and one inference on one thread. Same sizes, same arithmetic: pre-norm blocks, tanh gelu, causal
 * attention, mean squared error, AdamW. Of repeated steps the fastest is given, on all sides: what others do on the
 * machine makes steps slower, never faster.
 */
import { execFileSync } from "node:child_process";
import { attention, gelu, layerNorm } from "../src/compute/functions.ts";
import { compile, Noise, type Tensor, trainStep, zeros } from "../src/compute/index.ts";
import { np } from "../src/compute/jax.ts";

interface Size {
  blocks: number;
  width: number;
  heads: number;
  batch: number;
  steps: number;
  channels: number;
}

/** The reference size, and the size of the default emulator. */
const SIZES = {
  trainStep: { blocks: 4, width: 128, heads: 4, batch: 16, steps: 64, channels: 64 },
  emulatorStep: { blocks: 2, width: 48, heads: 4, batch: 64, steps: 8, channels: 64 },
} as const satisfies Record<string, Size>;

type Block = Record<
  "gain1" | "offset1" | "qkv" | "out" | "gain2" | "offset2" | "up" | "upBias" | "down" | "downBias",
  np.Array
>;
type Params = { input: np.Array; position: np.Array; blocks: Block[]; output: np.Array };
type Batch = { x: np.Array; y: np.Array; mask: np.Array };

function predict(params: Params, { x, mask }: Omit<Batch, "y">, heads: number): np.Array {
  const [batch, steps] = x.shape as [number, number];
  const width = params.position.shape[1]!;
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

function initial({ blocks, width, steps, channels }: Size) {
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

function example({ batch, steps, channels }: Size, count = batch) {
  const noise = Noise.of(2, "bench");
  const mask = Float32Array.from({ length: steps * steps }, (_, i) =>
    i % steps > Math.floor(i / steps) ? -1e9 : 0,
  );
  return {
    x: noise.normals([count, steps, channels]),
    y: noise.normals([count, steps, channels]),
    mask: { shape: [steps, steps], data: mask },
  };
}

async function stepMs(
  size: Size,
  device: "cpu" | "jaxjs",
  threads: number,
  repeats: number,
): Promise<number> {
  const loss = (params: Params, batch: Batch) =>
    np.mean(np.square(predict(params, batch, size.heads).sub(batch.y)));
  const batch = example(size);
  const step = await trainStep({
    loss,
    params: initial(size),
    batch,
    device,
    threads,
    optimiser: { weightDecay: 0.01 },
  });
  const times = await timed(repeats, () => step.run(batch, { learningRate: 1e-3 }));
  await step.dispose();
  return times[0]!;
}

async function inference(size: Size): Promise<{ p50Ms: number; p99Ms: number }> {
  const params = initial(size);
  const { x, mask } = example(size, 1);
  const forward = (all: Params, batch: Omit<Batch, "y">) => predict(all, batch, size.heads);
  const program = await compile(forward, [params, { x, mask }]);
  const times = await timed(2000, () => program.run(params, { x, mask }));
  await program.dispose();
  return { p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) };
}

async function timed(repeats: number, body: () => Promise<unknown>): Promise<number[]> {
  for (let i = 0; i < Math.min(5, repeats); i++) await body();
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    await body();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b);
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
}

const TORCH = `
import json, math, sys, time
import torch
import torch.nn.functional as F
size = json.loads(sys.argv[1])
torch.set_num_threads(size["threads"])
torch.manual_seed(1)
B, T, C, D, H = size["batch"], size["steps"], size["channels"], size["width"], size["heads"]
leaf = lambda t: t.requires_grad_()
matrix = lambda r, c: leaf(torch.randn(r, c) / math.sqrt(r))
vector = lambda n, v: leaf(torch.full((n,), v))
w_in, pos, w_out = matrix(C, D), matrix(T, D), matrix(D, C)
blocks = [dict(g1=vector(D, 1.0), o1=vector(D, 0.0), qkv=matrix(D, 3 * D), out=matrix(D, D), g2=vector(D, 1.0),
               o2=vector(D, 0.0), up=matrix(D, 4 * D), ub=vector(4 * D, 0.0), down=matrix(4 * D, D), db=vector(D, 0.0))
          for _ in range(size["blocks"])]
params = [w_in, pos, w_out] + [t for b in blocks for t in b.values()]
optimiser = torch.optim.AdamW(params, lr=1e-3, weight_decay=0.01)
x, y = torch.randn(B, T, C), torch.randn(B, T, C)
mask = torch.triu(torch.full((T, T), -1e9), 1)
def step():
    h = x @ w_in + pos
    for b in blocks:
        qkv = F.layer_norm(h, (D,), b["g1"], b["o1"]) @ b["qkv"]
        q, k, v = [t.reshape(B, T, H, D // H).transpose(1, 2) for t in qkv.split(D, dim=-1)]
        a = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(D // H) + mask, dim=-1) @ v
        h = h + a.transpose(1, 2).reshape(B, T, D) @ b["out"]
        n = F.layer_norm(h, (D,), b["g2"], b["o2"])
        h = h + F.gelu(n @ b["up"] + b["ub"], approximate="tanh") @ b["down"] + b["db"]
    loss = ((h @ w_out - y) ** 2).mean()
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()
for _ in range(5): step()
times = []
for _ in range(size["repeats"]):
    start = time.perf_counter(); step(); times.append((time.perf_counter() - start) * 1000)
print(min(times))
`;

/** null where PyTorch is not installed. */
function torchMs(size: Size, threads: number, repeats: number): number | null {
  try {
    const input = JSON.stringify({ ...size, threads, repeats });
    const out = execFileSync("/usr/bin/python3", ["-c", TORCH, input], {
      env: { ...process.env, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) },
      stdio: ["ignore", "pipe", "ignore"],
    });
    return Number(out.toString());
  } catch {
    return null;
  }
}

export async function run(): Promise<object> {
  const report: Record<string, unknown> = {};
  for (const [name, size] of Object.entries(SIZES)) {
    const repeats = name === "trainStep" ? 20 : 100;
    const ours: number[] = [];
    const torch: (number | null)[] = [];
    for (const threads of [1, 2]) {
      ours.push(await stepMs(size, "cpu", threads, repeats));
      torch.push(torchMs(size, threads, repeats));
    }
    const present = torch.filter((ms) => ms !== null);
    report[name] = {
      wetgradMs: Math.min(...ours),
      torchMs: present.length > 0 ? Math.min(...present) : null,
      jaxjsMs: await stepMs(size, "jaxjs", 1, 3),
      byThreads: { wetgradMs: ours, torchMs: torch },
    };
  }
  report["inference"] = await inference(SIZES.emulatorStep);
  return report;
}
