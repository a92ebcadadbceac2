/**
 * ONNX Runtime in Node (https://onnxruntime.ai): the lowered program as one session. Inputs and given outputs are read
 * and written where they lie.
 */
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import type { Tensor } from "../contract.ts";
import { lower } from "../lowering/lower.ts";
import { type ElementType, elementType } from "../tensor.ts";
import type { Traced } from "../trace.ts";
import type { FlatProgram } from "./executor.ts";

export interface OnnxRuntimeOptions {
  executionProvider: "cpu" | "webgpu" | "cuda";
  threads: number;
}

export async function onnxRuntimeProgram(
  { jaxpr, constants }: Traced,
  { executionProvider, threads }: OnnxRuntimeOptions,
): Promise<FlatProgram> {
  const onnx = lower(jaxpr, constants);
  const session = await InferenceSession.create(onnx, {
    executionProviders: [executionProvider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
  });
  const inputNames = jaxpr.inBinders.slice(constants.length).map((_, i) => `i${i}`);
  const outputTypes = jaxpr.outs.map(({ aval }) => ({ shape: aval.shape, type: aval.dtype as ElementType }));
  return {
    onnx,
    async run(inputs, outputs) {
      const feeds: Record<string, OrtTensor> = {};
      inputNames.forEach((name, i) => {
        feeds[name] = toOrt(inputs[i]!);
      });
      if (!outputs) {
        const results = await session.run(feeds);
        return outputTypes.map(({ shape }, i) => ({ shape, data: results[`o${i}`]!.data as Tensor["data"] }));
      }
      const fetches: Record<string, OrtTensor> = {};
      outputs.forEach((output, i) => {
        fetches[`o${i}`] = toOrt(output);
      });
      await session.run(feeds, fetches);
      return [...outputs];
    },
    dispose: () => session.release(),
  };
}

function toOrt({ shape, data }: Tensor): OrtTensor {
  return new OrtTensor(elementType(data), data as Float32Array, shape);
}
