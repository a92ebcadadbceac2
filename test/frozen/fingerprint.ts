/** How this machine rounds: a hash of a small fit by ONNX Runtime and of the functions of Math. */
import { createHash } from "node:crypto";
import { tensor, trainStep } from "../../src/compute/index.ts";
import { type Array as JaxArray, nn, np } from "../../src/compute/jax.ts";
import { Random } from "../../src/math/random.ts";

export async function fingerprint(): Promise<string> {
  const random = Random.of(5, "fingerprint");
  const [rows, inputs, outputs] = [48, 320, 64];
  const normals = (...shape: number[]) => tensor(shape, random.normals(shape.reduce((a, b) => a * b, 1)));
  const batch = { input: normals(rows, inputs), target: normals(rows, outputs) };
  const step = await trainStep({
    loss: (p: { weight: JaxArray }, { input, target }: { input: JaxArray; target: JaxArray }) =>
      nn.logSoftmax(np.matmul(input, p.weight), -1).mul(target).sum(-1).mean(),
    params: { weight: normals(inputs, outputs) },
    batch,
    optimiser: { clipNorm: 5 },
  });
  for (let i = 0; i < 5; i++) await step.run(batch, { learningRate: 0.01 });
  const { weight } = step.params();
  await step.dispose();
  const functions = Float64Array.from(
    { length: 1000 },
    (_, i) => Math.exp(Math.sin(i) * 3) + Math.log(i + 0.3),
  );
  const sha = createHash("sha256");
  sha.update(new Uint8Array((weight.data as Float32Array).buffer)).update(new Uint8Array(functions.buffer));
  return sha.digest("hex").slice(0, 12);
}
