/**
 * A training step in PyTorch (Debian's python3-torch), in a process of its own that takes one step whenever it is asked to,
 * so that steps here and steps there can be taken in turn. It starts from the parameters and the batch that it is given,
 * and says what loss and gradients they have.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Tensor } from "../../src/compute/index.ts";

/** Takes steps when asked to; each line of input is answered with the milliseconds, on the clock and of the CPU, that one step took. */
const SERVE = `
def serve(params, loss, **options):
    clip, ema_decay = options.pop("clip", None), options.pop("ema_decay", None)
    optimiser = torch.optim.AdamW(params, lr=1e-3, **options)
    ema = [p.detach().clone() for p in params] if ema_decay else None
    first = loss()
    first.backward()
    flat = torch.cat([first.detach().reshape(1)] + [p.grad.reshape(-1) for p in params])
    with open(sys.argv[2], "wb") as file: file.write(flat.numpy().tobytes())
    def step():
        optimiser.zero_grad(set_to_none=True)
        loss().backward()
        if clip: torch.nn.utils.clip_grad_norm_(params, clip)
        optimiser.step()
        if ema:
            with torch.no_grad():
                torch._foreach_mul_(ema, ema_decay)
                torch._foreach_add_(ema, params, alpha=1 - ema_decay)
    for _ in range(5): step()
    print("ready", flush=True)
    for _ in sys.stdin:
        start, busy = time.perf_counter(), time.process_time()
        step()
        print((time.perf_counter() - start) * 1000, (time.process_time() - busy) * 1000, flush=True)
`;

const PRELUDE = `
import json, math, sys, time
import torch
import torch.nn.functional as F
size = json.loads(sys.argv[1])
torch.set_num_threads(size["threads"])
flat = torch.frombuffer(bytearray(open(sys.argv[2], "rb").read()), dtype=torch.float32)
parts = flat.split([math.prod(shape) for shape in size["shapes"]])
given = iter([part.clone().reshape(shape) for part, shape in zip(parts, size["shapes"])])
constant = lambda: next(given)
leaf = lambda: constant().requires_grad_()
`;

/** What one step took: on the clock, and of the CPU by all threads of its process. */
export interface StepTime {
  readonly wallMs: number;
  readonly cpuMs: number;
}

export interface Stepper {
  step(): Promise<StepTime>;
  stop(): void | Promise<void>;
}

export interface TorchPeer extends Stepper {
  /** The loss at the start, and its gradients one after another. */
  readonly start: Float32Array;
}

/**
 * Starts `script`, which takes `tensors` in their order as its leaves and constants, defines its loss and calls `serve`.
 * null where PyTorch is not installed.
 */
export async function torchPeer(
  script: string,
  size: object,
  tensors: readonly Tensor[],
  threads: number,
): Promise<TorchPeer | null> {
  const folder = mkdtempSync(join(tmpdir(), "wetgrad-torch-"));
  const file = join(folder, "tensors");
  writeFileSync(
    file,
    Buffer.concat(tensors.map(({ data }) => new Uint8Array(Float32Array.from(data).buffer))),
  );
  const about = { ...size, threads, shapes: tensors.map(({ shape }) => shape) };
  const child = spawn("/usr/bin/python3", ["-c", PRELUDE + SERVE + script, JSON.stringify(about), file], {
    env: { ...process.env, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const answers = answersOf(child);
  const fault = textOf(child);
  const first = await answers.next();
  const start = new Float32Array(Uint8Array.from(readFileSync(file)).buffer);
  rmSync(folder, { recursive: true });
  if (first !== "ready") {
    const text = await fault;
    if (/No module named 'torch'/.test(text) || text === "") return null;
    throw new Error(`bench: PyTorch's side failed: ${text.trim().split("\n").at(-1)}`);
  }
  return {
    start,
    async step() {
      child.stdin.write("step\n");
      const answer = await answers.next();
      if (answer === null) throw new Error("bench: PyTorch's side ended early");
      const [wallMs, cpuMs] = answer.split(" ").map(Number) as [number, number];
      return { wallMs, cpuMs };
    },
    stop: () => {
      child.kill();
    },
  };
}

/** The lines that a process prints, one by one; null once it has ended, or could not be started. */
function answersOf(child: ChildProcess): { next(): Promise<string | null> } {
  let waiting: ((line: string | null) => void) | null = null;
  let ended = false;
  const answer = (line: string | null) => {
    waiting?.(line);
    waiting = null;
  };
  const end = () => {
    ended = true;
    answer(null);
  };
  createInterface({ input: child.stdout! }).on("line", answer);
  child.once("close", end).once("error", end);
  return {
    next: () =>
      new Promise((resolve) => {
        if (ended) resolve(null);
        else waiting = resolve;
      }),
  };
}

function textOf({ stderr }: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    stderr!.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    stderr!.once("close", () => resolve(text));
  });
}
