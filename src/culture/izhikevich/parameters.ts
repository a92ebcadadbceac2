/**
 * Numbers of a second kind of tissue: the network of Izhikevich 2006, "Polychronization: computation with spikes",
 * https://doi.org/10.1162/089976606775093882, section 2, as published, on an array.
 *
 * Nothing here was fitted to recordings or to any task of this package. Two things are not in the paper: cells have places,
 * so that a delay is the way along an axon of 0.3 mm/ms (0.2 to 0.6 in cultures: Bakkum et al. 2013,
 * https://doi.org/10.1038/ncomms3181) and not drawn; and the rate of each cell is held by scaling of its excitatory input
 * (van Rossum, Bi & Turrigiano 2000, https://doi.org/10.1523/JNEUROSCI.20-23-08812.2000), which is what keeps pair-based
 * plasticity from running away.
 */
import { z } from "zod";

const positive = z.number().positive();
const cell = z.strictObject({ recoveryPerMs: positive, recoveryJump: positive });

export const izhikevichSchema = z.strictObject({
  cells: z.number().int().min(2),
  excitatoryShare: z.number().gt(0).lt(1),
  outDegree: z.number().int().min(1),
  widthMm: positive,
  heightMm: positive,
  /** Parameters a and d of the paper: regular spiking, and fast spiking. */
  excitatory: cell,
  inhibitory: cell,
  /** Of a spike, in millivolts a millisecond. */
  weights: z.strictObject({ excitatory: positive, inhibitory: z.number().negative(), most: positive }),
  minimumDelayMs: z.number().int().min(1),
  conductionMmPerMs: positive,
  /** Each millisecond one cell, at random, is given this much with this probability. */
  input: z.strictObject({ millivolts: positive, probability: z.number().min(0).max(1) }),
  /** Pairs of spikes: amplitudes, and what is left of a trace after a millisecond. */
  plasticity: z.strictObject({
    potentiation: z.number().min(0),
    depression: z.number().min(0),
    decayPerMs: z.number().gt(0).lt(1),
    /** Once a second a weight grows by this and by its derivative, of which then this share is left. */
    growthPerSecond: z.number().min(0),
    derivativeLeft: z.number().min(0).max(1),
  }),
  /** Inputs of a cell follow (target - rate) / target with this time constant; its rate is a mean over `memorySeconds`. */
  scaling: z.strictObject({ targetHz: positive, hours: positive, memorySeconds: positive }),
});

export type IzhikevichParameters = z.infer<typeof izhikevichSchema>;

export const izhikevichDefaults: IzhikevichParameters = {
  cells: 1000,
  excitatoryShare: 0.8,
  outDegree: 100,
  widthMm: 1.6,
  heightMm: 1.6,
  excitatory: { recoveryPerMs: 0.02, recoveryJump: 8 },
  inhibitory: { recoveryPerMs: 0.1, recoveryJump: 2 },
  weights: { excitatory: 6, inhibitory: -5, most: 10 },
  minimumDelayMs: 1,
  conductionMmPerMs: 0.3,
  input: { millivolts: 20, probability: 1 },
  plasticity: {
    potentiation: 0.1,
    depression: 0.12,
    decayPerMs: 0.95,
    growthPerSecond: 0.01,
    derivativeLeft: 0.9,
  },
  scaling: { targetHz: 2, hours: 0.5, memorySeconds: 100 },
};
