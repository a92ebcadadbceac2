/** Writing a program as a plain `.onnx` file, which other runtimes load. */
import { rename, writeFile } from "node:fs/promises";

/** Inputs are named `i0`, `i1`, ... and outputs `o0`, `o1`, ... in the order of the leaves of the program's trees. */
export async function exportOnnx(program: { readonly onnx: Uint8Array | null }, path: string): Promise<void> {
  if (!program.onnx)
    throw new Error('exportOnnx: expected a program compiled for "cpu", got one for "jaxjs"');
  const partial = `${path}.partial`;
  await writeFile(partial, program.onnx);
  await rename(partial, path);
}
