/**
 * ONNX Runtime (https://onnxruntime.ai): the lowered program as one session, native or in WebAssembly (runtime.ts). The native
 * one reads and writes tensors where they lie; of the other, results are copied out.
 */
import type { Tensor as OrtTensor } from "onnxruntime-common";
import type { Tensor } from "../contract.ts";
import { lower } from "../lowering/lower.ts";
import type { Traced } from "../programs/trace.ts";
import { type ElementType, elementType } from "../tensors/tensor.ts";
import { ComputeDeviceError } from "./device-error.ts";
import type { FlatProgram } from "./executor.ts";
import { nativeRuntime, type OnnxRuntime, wasmRuntime } from "./runtime.ts";

/**
 * ONNX Runtime merges a sum and the normalisation after it into SkipLayerNormalization, whose WebGPU kernel leaves out the
 * inverse deviation that gradients need ("Missing Input"; seen with 1.30).
 */
const WITHOUT_SKIP_LAYER_NORM = {
  optimization: { disable_specified_optimizers: "SkipLayerNormFusion" },
};

export type ExecutionProvider = "cpu" | "wasm" | "webgpu" | "cuda";

export interface OnnxRuntimeOptions {
  executionProvider: ExecutionProvider;
  threads: number;
}

/** The runtime that computes on `cpu`: native, else in WebAssembly, else none: then jax-js does. */
export async function cpuRuntime(): Promise<OnnxRuntime | null> {
  for (const runtime of [await nativeRuntime(), await wasmRuntime()])
    if (typeof runtime !== "string") return runtime;
  return null;
}

/** Null where the device is `cpu` and this machine has no ONNX Runtime at all. */
export async function onnxRuntimeProgram(
  { jaxpr, constants }: Traced,
  { executionProvider, threads }: OnnxRuntimeOptions,
): Promise<FlatProgram | null> {
  const runtime = executionProvider === "cpu" ? await cpuRuntime() : await requireProvider(executionProvider);
  if (runtime === null) return null;
  const onnx = lower(jaxpr, constants);
  const provider = runtime.kind === "wasm" ? "wasm" : executionProvider;
  const session = await runtime.InferenceSession.create(onnx, {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
    ...(executionProvider === "webgpu" ? { extra: WITHOUT_SKIP_LAYER_NORM } : {}),
  }).catch((cause: unknown) => {
    throw unavailable(executionProvider, cause);
  });
  const inputNames = jaxpr.inBinders.slice(constants.length).map((_, i) => `i${i}`);
  const outputTypes = jaxpr.outs.map(({ aval }) => ({ shape: aval.shape, type: aval.dtype as ElementType }));
  const toOrt = ({ shape, data }: Tensor): OrtTensor =>
    new runtime.Tensor(elementType(data), data as Float32Array, shape);
  const feedsOf = (inputs: readonly Tensor[]) =>
    Object.fromEntries(inputNames.map((name, i) => [name, toOrt(inputs[i])]));
  const fetchesOf = (outputs: readonly Tensor[]) =>
    Object.fromEntries(outputs.map((output, i) => [`o${i}`, toOrt(output)]));
  /** One run: results lie in `outputs`, by the runtime itself or copied there. */
  const runInto = async (feeds: Feeds, fetches: Feeds, outputs: readonly Tensor[]) => {
    if (runtime.kind === "native") return void (await session.run(feeds, fetches));
    const results = await session.run(feeds);
    for (const [i, { data }] of outputs.entries()) data.set(results[`o${i}`].data as Tensor["data"]);
  };
  return {
    onnx,
    async run(inputs, outputs) {
      if (outputs) {
        await runInto(feedsOf(inputs), fetchesOf(outputs), outputs);
        return [...outputs];
      }
      const results = await session.run(feedsOf(inputs));
      return outputTypes.map(({ shape }, i) => ({ shape, data: results[`o${i}`].data as Tensor["data"] }));
    },
    bind(inputs, outputs) {
      const [feeds, fetches] = [feedsOf(inputs), fetchesOf(outputs)];
      return () => runInto(feeds, fetches, outputs);
    },
    dispose: () => session.release(),
  };
}

type Feeds = Record<string, OrtTensor>;

const NEEDS: Readonly<Record<ExecutionProvider, string>> = {
  cpu: "",
  wasm: "the WebAssembly build of ONNX Runtime in dist/vendor (npm run build)",
  webgpu: "a GPU with a Vulkan, Metal or Direct3D 12 driver, and the package onnxruntime-node",
  cuda: "Linux on x86-64, an NVIDIA GPU, CUDA 12 with cuDNN 9, and ONNX Runtime's CUDA libraries (run the install script of onnxruntime-node)",
};

/** Fails early, and says what is missing, where no build of ONNX Runtime here has such a provider. */
async function requireProvider(provider: ExecutionProvider): Promise<OnnxRuntime> {
  const runtime = await (provider === "wasm" ? wasmRuntime() : nativeRuntime());
  if (typeof runtime === "string") throw unavailable(provider, runtime);
  if (!runtime.providers.includes(provider))
    throw unavailable(provider, `this build has ${runtime.providers.join(", ")} only`);
  return runtime;
}

function unavailable(provider: ExecutionProvider, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (provider === "cpu") return new Error(`compute: ONNX Runtime refused the program: ${reason}`);
  return new ComputeDeviceError(
    `compute: the device "${provider}" is not there: it needs ${NEEDS[provider]}; ${firstLine(reason)}`,
  );
}

function firstLine(text: string): string {
  return text.split("\n")[0];
}
