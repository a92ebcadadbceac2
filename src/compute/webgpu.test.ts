/**
 * The WebGPU executor: on the machine's GPU, or on SwiftShader, the Vulkan driver in software that comes with Chromium
 * (Debian: chromium). In a process of its own, because the driver is chosen by the environment; through the built package.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, it } from "vitest";

const built = new URL("../../dist/src/compute/index.js", import.meta.url);
const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** Sums before normalisations, attention and a smooth activation: what models are made of, and their gradients. */
const TRAIN = `
const { Noise, trainStep, checkDevice } = await import(process.argv[1]);
const functions = await import(process.argv[1].replace("index.js", "functions.js"));
const { np } = await import(process.argv[1].replace("index.js", "jax.js"));
const { gelu, layerNorm, softmax } = functions;
const out = {};
try {
  await checkDevice("webgpu");
} catch (error) {
  console.log(JSON.stringify({ missing: error.message }));
  process.exit(0);
}
for (const device of ["cpu", "webgpu"]) {
  const noise = Noise.of(1, "webgpu");
  const normals = (...shape) => noise.normals(shape);
  const params = { mix: normals(16, 48), back: normals(16, 16), gain: normals(16), offset: normals(16), out: normals(16, 3) };
  const batch = { x: normals(4, 6, 16), y: normals(4, 6, 3) };
  const step = await trainStep({
    loss: (p, { x, y }) => {
      const [q, k, v] = np.split(np.matmul(layerNorm(x, p.gain, p.offset), p.mix), 3, 2);
      const weights = softmax(np.matmul(q, k.transpose([0, 2, 1])).mul(0.25));
      const summed = x.add(np.matmul(np.matmul(weights, v), p.back).add(p.offset));
      return np.square(np.matmul(gelu(layerNorm(summed, p.gain, p.offset)), p.out).sub(y)).mean();
    },
    params, batch, device,
  });
  out[device] = [];
  for (let i = 0; i < 5; i++) {
    const { loss, gradientNorm } = await step.run(batch, { learningRate: 0.01 });
    out[device].push(loss, gradientNorm);
  }
  await step.dispose();
}
console.log(JSON.stringify(out));
`;

it.skipIf(!existsSync(built))(
  "trains as the CPU does (needs a GPU, or Chromium's SwiftShader)",
  () => {
    const software = existsSync(SWIFTSHADER) ? { VK_ICD_FILENAMES: SWIFTSHADER } : {};
    const printed = execFileSync(process.execPath, ["--input-type=module", "-e", TRAIN, built.href], {
      env: { ...process.env, ...software },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const figures = JSON.parse(printed.trim().split("\n").at(-1)!) as Record<string, number[]> & {
      missing?: string;
    };
    if (figures.missing) return console.warn(`WebGPU is not tested: ${figures.missing}`);
    expect(figures["cpu"]).toHaveLength(10);
    figures["cpu"].forEach((value, i) => {
      expect(Math.abs(figures["webgpu"][i] / value - 1)).toBeLessThan(1e-3);
    });
    expect(figures["cpu"][8]).toBeLessThan(figures["cpu"][0]);
  },
  120_000,
);
