/**
 * ONNX Runtime in Node (https://onnxruntime.ai): the lowered program as one session. Inputs and given outputs are read
 * and written where they lie.
 */
import { env, InferenceSession, listSupportedBackends, Tensor as OrtTensor } from "onnxruntime-node";
import type { Tensor } from "../contract.ts";
import { lower } from "../lowering/lower.ts";
import type { Traced } from "../programs/trace.ts";
import { type ElementType, elementType } from "../tensors/tensor.ts";
import type { FlatProgram } from "./executor.ts";

// What goes wrong is thrown; ONNX Runtime need not print it as well.
env.logLevel = "fatal";

/**
 * ONNX Runtime merges a sum and the normalisation after it into SkipLayerNormalization, whose WebGPU kernel leaves out the
 * inverse deviation that gradients need ("Missing Input"; seen with 1.30).
 */
const WITHOUT_SKIP_LAYER_NORM = {
  optimization: { disable_specified_optimizers: "SkipLayerNormFusion" },
};

export interface OnnxRuntimeOptions {
  executionProvider: "cpu" | "webgpu" | "cuda";
  threads: number;
}

export async function onnxRuntimeProgram(
  { jaxpr, constants }: Traced,
  { executionProvider, threads }: OnnxRuntimeOptions,
): Promise<FlatProgram> {
  requireProvider(executionProvider);
  const onnx = lower(jaxpr, constants);
  const session = await InferenceSession.create(onnx, {
    executionProviders: [executionProvider],
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
  const feedsOf = (inputs: readonly Tensor[]) =>
    Object.fromEntries(inputNames.map((name, i) => [name, toOrt(inputs[i])]));
  const fetchesOf = (outputs: readonly Tensor[]) =>
    Object.fromEntries(outputs.map((output, i) => [`o${i}`, toOrt(output)]));
  return {
    onnx,
    async run(inputs, outputs) {
      if (outputs) {
        await session.run(feedsOf(inputs), fetchesOf(outputs));
        return [...outputs];
      }
      const results = await session.run(feedsOf(inputs));
      return outputTypes.map(({ shape }, i) => ({ shape, data: results[`o${i}`].data as Tensor["data"] }));
    },
    bind(inputs, outputs) {
      const [feeds, fetches] = [feedsOf(inputs), fetchesOf(outputs)];
      return async () => {
        await session.run(feeds, fetches);
      };
    },
    dispose: () => session.release(),
  };
}

function toOrt({ shape, data }: Tensor): OrtTensor {
  return new OrtTensor(elementType(data), data as Float32Array, shape);
}

/** A device that is asked for and not there. */
export class ComputeDeviceError extends Error {
  override readonly name = "ComputeDeviceError";
}

const NEEDS: Readonly<Record<OnnxRuntimeOptions["executionProvider"], string>> = {
  cpu: "",
  webgpu: "a GPU with a Vulkan, Metal or Direct3D 12 driver",
  cuda: "Linux on x86-64, an NVIDIA GPU, CUDA 12 with cuDNN 9, and ONNX Runtime's CUDA libraries (run the install script of onnxruntime-node)",
};

/** Fails early, and says what is missing, where this build of ONNX Runtime has no such provider. */
function requireProvider(provider: OnnxRuntimeOptions["executionProvider"]): void {
  const bundled = listSupportedBackends().map(({ name }) => name);
  if (!bundled.includes(provider)) throw unavailable(provider, `this build has ${bundled.join(", ")} only`);
}

function unavailable(provider: OnnxRuntimeOptions["executionProvider"], cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (provider === "cpu") return new Error(`compute: ONNX Runtime refused the program: ${reason}`);
  return new ComputeDeviceError(
    `compute: the device "${provider}" is not there: it needs ${NEEDS[provider]}; ${firstLine(reason)}`,
  );
}

function firstLine(text: string): string {
  return text.split("\n")[0];
}
