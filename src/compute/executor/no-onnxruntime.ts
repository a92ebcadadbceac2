/** The twin of `onnxruntime.ts` in a page (`#onnxruntime`), which computes on the device `jaxjs` alone. */
import type { Traced } from "../programs/trace.ts";
import { ComputeDeviceError } from "./device-error.ts";
import type { FlatProgram } from "./executor.ts";

export async function onnxRuntimeProgram(
  _: Traced,
  { executionProvider }: { readonly executionProvider: string },
): Promise<FlatProgram> {
  throw new ComputeDeviceError(`compute device ${executionProvider}: expected jaxjs, the only one in a page`);
}
