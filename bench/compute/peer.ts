/**
 * A training step in PyTorch (Debian's python3-torch), in a process of its own that takes one step whenever it is asked to,
 * so that steps here and steps there can be taken in turn.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Takes steps when asked to; each line of input is answered with the milliseconds, on the clock and of the CPU, that one step took. */
const SERVE = `
def serve(params, loss, **options):
    clip, ema_decay = options.pop("clip", None), options.pop("ema_decay", None)
    optimiser = torch.optim.AdamW(params, lr=1e-3, **options)
    ema = [p.detach().clone() for p in params] if ema_decay else None
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
torch.manual_seed(1)
leaf = lambda t: t.requires_grad_()
vector = lambda n, v=0.0: leaf(torch.full((n,), v))
matrix = lambda rows, columns: leaf(torch.randn(rows, columns) / math.sqrt(rows))
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

/** Starts `script`, which defines its parameters and its loss and calls `serve`. null where PyTorch is not installed. */
export async function torchPeer(script: string, size: object, threads: number): Promise<Stepper | null> {
  const child = spawn(
    "/usr/bin/python3",
    ["-c", PRELUDE + SERVE + script, JSON.stringify({ ...size, threads })],
    {
      env: { ...process.env, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) },
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  const answers = answersOf(child);
  const fault = textOf(child);
  const first = await answers.next();
  if (first !== "ready") {
    const text = await fault;
    if (/No module named 'torch'/.test(text) || text === "") return null;
    throw new Error(`bench: PyTorch's side failed: ${text.trim().split("\n").at(-1)}`);
  }
  return {
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
