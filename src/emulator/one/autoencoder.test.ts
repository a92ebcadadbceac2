import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { compile, mapTensors, type Program, type Tensor, tensor, zeros } from "../../compute/index.ts";
import type { Array as JaxArray } from "../../compute/jax.ts";
import { Random } from "../../math/random.ts";
import { poissonLoss } from "../../networks/poisson-loss.ts";
import {
  type Autoencoder,
  type AutoencoderBatch,
  autoencoderLoss,
  decode,
  encode,
  initAutoencoder,
} from "./autoencoder.ts";
import { seenMask } from "./coding.ts";
import { type NeuralStates, sensoryPart } from "./states.ts";

const shape = { bins: 3, channels: 6, latents: 2, width: 8, heads: 2, blocks: 1 };
const [N, B, C, Z] = [4, shape.bins, shape.channels, shape.latents];
const random = Random.of(11, "autoencoder");
const logRate = Float32Array.from({ length: C }, (_, c) => -2 + 0.3 * c);
const parameters = initAutoencoder(random.split("init"), shape, logRate);
const counts = tensor(
  [N, B, C],
  Float32Array.from({ length: N * B * C }, () => random.integer(4)),
);
const allSeen = tensor([N, B], seenMask(N, B, B));

const programs: Program<never[], never>[] = [];
const keep = async <P>(program: Promise<P>): Promise<P> => {
  const made = await program;
  programs.push(made as Program<never[], never>);
  return made;
};
afterAll(async () => {
  for (const program of programs) await program.dispose();
});

const encoding = () =>
  keep(
    compile(
      (p: Autoencoder<JaxArray>["encoder"], x: JaxArray, seen: JaxArray) => encode(p, x, seen, shape),
      [parameters.encoder, counts, allSeen],
    ),
  );

const lossOf = (beta: number) =>
  keep(
    compile(
      (p: Autoencoder<JaxArray>, batch: AutoencoderBatch<JaxArray>) => autoencoderLoss(p, batch, shape, beta),
      [parameters, { input: counts, seen: allSeen, counts, noise: zeros([N, Z]) }],
    ),
  );

describe("poissonLoss", () => {
  it("is rate - count log rate, least where the rate is the count", async () => {
    const rates = Float32Array.of(-8, -3, -1, 0, 1.1, 3, 5);
    const given = Float32Array.of(0, 2, 0, 1, 3, 7, 100);
    const program = await keep(compile(poissonLoss, [zeros([7]), zeros([7])]));
    const out = await program.run(tensor([7], rates), tensor([7], given));
    rates.forEach((rate, i) => {
      const expected = Math.exp(rate) - given[i] * rate;
      expect(Math.abs(out.data[i] - expected)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));
    });
    const offsets = Float32Array.from({ length: 7 }, (_, i) => Math.log(6) + (i - 3) / 10);
    const around = await program.run(tensor([7], offsets), tensor([7], new Float32Array(7).fill(6)));
    expect(Math.min(...around.data)).toBe(around.data[3]);
  });
});

describe("autoencoder", () => {
  it("starts at the recording's rates, whatever the patch", async () => {
    // The output weights set to nothing leave the bias: log rates as given.
    const blank = mapTensors(parameters.decoder, (leaf: Tensor) => leaf) as typeof parameters.decoder;
    blank.output = { ...blank.output, weight: zeros([shape.width, C]) };
    const program = await keep(
      compile(
        (p: Autoencoder<JaxArray>["decoder"], z: JaxArray) => decode(p, z, shape),
        [blank, zeros([N, Z])],
      ),
    );
    const out = await program.run(blank, tensor([N, Z], random.normals(N * Z)));
    expect(out.shape).toEqual([N, B, C]);
    out.data.forEach((value, i) => {
      expect(value).toBeCloseTo(logRate[i % C], 5);
    });
    const wild = await program.run(
      { ...blank, output: { ...blank.output, bias: tensor([C], [-99, -50, 0, 9, 50, 99]) } },
      zeros([N, Z]),
    );
    expect(wild.data.every((value) => Math.abs(value) < 20)).toBe(true);
  });

  it("sees every bin it is shown, and only the mask tells a silent bin from one to come", async () => {
    const program = await encoding();
    const full = await program.run(parameters.encoder, counts, allSeen);
    expect([full.mean.shape, full.logVariance.shape]).toEqual([
      [N, Z],
      [N, Z],
    ]);
    for (let bin = 0; bin < B; bin++) {
      const changed = counts.data.slice() as Float32Array;
      changed[bin * C] += 3;
      const out = await program.run(parameters.encoder, tensor([N, B, C], changed), allSeen);
      expect(out.mean.data[0]).not.toBe(full.mean.data[0]);
      // No other window notices.
      expect([...out.mean.data.slice(Z)]).toEqual([...full.mean.data.slice(Z)]);
    }
    const silent = await program.run(parameters.encoder, zeros([N, B, C]), allSeen);
    const toCome = await program.run(parameters.encoder, zeros([N, B, C]), zeros([N, B]));
    expect(silent.mean.data[0]).not.toBeCloseTo(toCome.mean.data[0], 6);
  });

  it("a sensory patch knows nothing of later bins", async () => {
    const program = await encoding();
    const window = B * C;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: B }),
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: N * window, maxLength: N * window }),
        async (seen, later) => {
          const other = (counts.data as Float32Array).map((count, i) =>
            Math.floor((i % window) / C) < seen ? count : later[i],
          );
          const states = (of: Float32Array): NeuralStates => ({
            bins: B,
            channels: C,
            counts: of,
            written: new Float32Array(N),
          });
          const [one, two] = [counts.data as Float32Array, other].map((of) => sensoryPart(states(of), seen));
          expect(two).toEqual(one);
          const mask = tensor([N, B], seenMask(N, B, seen));
          const out = await program.run(parameters.encoder, tensor([N, B, C], two!), mask);
          expect(out.mean.data.every(Number.isFinite)).toBe(true);
        },
      ),
      { numRuns: 20, seed: 1 },
    );
  });

  it("is the negative evidence bound: reconstruction, plus beta times the divergence from a unit Gaussian", async () => {
    const noise = tensor([N, Z], random.normals(N * Z));
    const posterior = await (await encoding()).run(parameters.encoder, counts, allSeen);
    const decoder = await keep(
      compile(
        (p: Autoencoder<JaxArray>["decoder"], z: JaxArray) => decode(p, z, shape),
        [parameters.decoder, noise],
      ),
    );
    const patch = posterior.mean.data.map(
      (mean, i) => mean + Math.exp(posterior.logVariance.data[i] / 2) * noise.data[i],
    ) as Float32Array;
    const rates = await decoder.run(parameters.decoder, tensor([N, Z], patch));
    let reconstruction = 0;
    rates.data.forEach((rate, i) => {
      reconstruction += (Math.exp(rate) - counts.data[i] * rate) / N;
    });
    let divergence = 0;
    posterior.mean.data.forEach((mean, i) => {
      const logVariance = posterior.logVariance.data[i];
      divergence += (0.5 * (mean ** 2 + Math.exp(logVariance) - logVariance - 1)) / N;
    });
    for (const beta of [0, 0.7]) {
      const program = await lossOf(beta);
      const { data } = await program.run(parameters, { input: counts, seen: allSeen, counts, noise });
      expect(data[0]).toBeCloseTo(reconstruction + beta * divergence, 3);
    }
    expect(divergence).toBeGreaterThan(0);
  });

  it("stays finite for silence, for bursts, and for wild noise", async () => {
    const program = await lossOf(0.05);
    for (const count of [0, 1000])
      for (const size of [0, 100]) {
        const input = tensor([N, B, C], new Float32Array(N * B * C).fill(count));
        const noise = tensor([N, Z], new Float32Array(N * Z).fill(size));
        const { data } = await program.run(parameters, { input, seen: allSeen, counts: input, noise });
        expect(Number.isFinite(data[0])).toBe(true);
      }
  });
});
