/**
 * How this machine rounds, as a name. Results are the same to the bit on machines that round alike: ONNX Runtime's kernels and V8's
 * functions of Math are compiled with fused multiply-adds on some processors and without them on others, and chaos does the
 * rest. Threads make no difference: a program has one.
 */
import { createHash } from "node:crypto";
import { Random } from "../math/random.ts";
import { type Array as JaxArray, nn, np } from "./jax.ts";
import { compile } from "./programs/compile.ts";
import { tensor } from "./tensors/tensor.ts";

/** By hash; measured on processors, and under emulation of them (docs/compute.md says how). */
const KNOWN: Readonly<Record<string, string>> = {
  "8c08792f5904": "x86-64 with AVX2 or AVX-512",
  "400b4c23be3d": "x86-64 without AVX2",
  "5c26ca015ff1": "WebAssembly on x86-64",
  c7aadd844b48: "jax-js on x86-64",
};

let known: Promise<string> | undefined;

/** The name and hash of this machine's arithmetic on the CPU. */
export function arithmetic(): Promise<string> {
  return (known ??= measure());
}

async function measure(): Promise<string> {
  const random = Random.of(5, "arithmetic");
  const [rows, inputs, outputs] = [48, 320, 64];
  const input = tensor([rows, inputs], random.normals(rows * inputs));
  const weight = tensor([inputs, outputs], random.normals(inputs * outputs));
  const program = await compile(
    (x: JaxArray, w: JaxArray) => np.tanh(nn.logSoftmax(np.matmul(x, w), -1)),
    [input, weight],
  );
  const { data } = await program.run(input, weight);
  await program.dispose();
  const functions = Float64Array.from(
    { length: 1000 },
    (_, i) => Math.exp(Math.sin(i) * 3) + Math.log(i + 0.3),
  );
  const sha = createHash("sha256");
  sha.update(new Uint8Array((data as Float32Array).buffer)).update(new Uint8Array(functions.buffer));
  const hash = sha.digest("hex").slice(0, 12);
  return `${KNOWN[hash] ?? "not met before"} (${hash})`;
}
