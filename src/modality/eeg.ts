/**
 * What scalp electrodes see of a tissue laid as a patch of cortex under them. Excitatory synaptic currents of each cell
 * make a radial current dipole; the dipoles' potentials add up on a head of three spheres. The patch is given the
 * highest dipole moment density found in cortex, 1 nA m/mm^2 (Murakami and Okada 2015,
 * https://doi.org/10.1016/j.neuroimage.2015.01.051), at its strongest moment: an upper bound. The only noise is that of
 * the sensors: the ongoing activity of the rest of a brain, which is larger, is left out.
 */
import { Random } from "../math/random.ts";
import type { Seen, TissueActivity } from "./activity.ts";
import { defaultHead, type Head, radialDipoleUv } from "./sphere.ts";

export interface EegOptions {
  readonly seed: number;
  readonly rateHz: number;
  /** Side of the patch of cortex that the tissue is laid out on. */
  readonly patchMm: number;
  readonly electrodes?: number;
  /** Standard deviation of one sensor's noise in one sample. */
  readonly noiseUv?: number;
  /** How far under the brain's surface the patch lies. */
  readonly depthMm?: number;
  readonly momentPerMm2NaM?: number;
  readonly head?: Head;
}

/** Decay of an excitatory synaptic current. */
const SYNAPSE_MS = 5;
/** The patch is cut into this many dipoles per side. */
const DIPOLES = 8;

export function throughEeg(activity: TissueActivity, options: EegOptions): Seen {
  const { seed, rateHz, patchMm, electrodes = 32, noiseUv = 0.5, momentPerMm2NaM = 1 } = options;
  const samples = Math.floor(activity.seconds * rateHz);
  const dipoles = DIPOLES * DIPOLES;
  const moments = synapticMoments(activity, rateHz, samples);
  let strongest = 0;
  for (let k = 0; k < samples; k++) {
    let sum = 0;
    for (let d = 0; d < dipoles; d++) sum += moments[k * dipoles + d];
    strongest = Math.max(strongest, sum);
  }
  const scale = strongest === 0 ? 0 : (momentPerMm2NaM * patchMm * patchMm) / strongest;
  const gain = leadField(options, electrodes);
  const noise = Random.of(seed, "eeg");
  const values = new Float32Array(samples * electrodes);
  for (let k = 0; k < samples; k++)
    for (let e = 0; e < electrodes; e++) {
      let sum = 0;
      for (let d = 0; d < dipoles; d++) sum += gain[e * dipoles + d] * moments[k * dipoles + d];
      values[k * electrodes + e] = sum * scale + noiseUv * noise.normal();
    }
  return { rateHz, channels: electrodes, values };
}

/** Excitatory synaptic current summed over the cells of each dipole, `[samples, dipoles]`, in units of no matter. */
function synapticMoments(activity: TissueActivity, rateHz: number, samples: number): Float64Array {
  const { synapses, excitatoryCount, positionsMm, sideMm, spikeSeconds, spikeCells } = activity;
  const dipoles = DIPOLES * DIPOLES;
  const cells = positionsMm.length / 2;
  const dipoleOf = Uint16Array.from({ length: cells }, (_, cell) => {
    const at = (i: number) =>
      Math.min(DIPOLES - 1, Math.max(0, Math.floor((positionsMm[2 * cell + i] / sideMm) * DIPOLES)));
    return at(0) * DIPOLES + at(1);
  });
  const out = Array.from({ length: cells }, (): number[] => []);
  synapses.pre.forEach((pre, k) => {
    if (pre < excitatoryCount && synapses.post[k] < excitatoryCount) out[pre].push(k);
  });
  const current = new Float64Array(samples * dipoles);
  for (let i = 0; i < spikeSeconds.length; i++)
    for (const k of out[spikeCells[i]]) {
      const sample = Math.floor((spikeSeconds[i] + synapses.delayMs[k] / 1000) * rateHz);
      if (sample < samples) current[sample * dipoles + dipoleOf[synapses.post[k]]] += synapses.weight[k];
    }
  const keep = Math.exp(-1000 / (SYNAPSE_MS * rateHz));
  for (let i = dipoles; i < current.length; i++) current[i] += keep * current[i - dipoles];
  return current;
}

/** Potential (uV) on each electrode of 1 nA m at each dipole, against the average of the electrodes, `[E, dipoles]`. */
export function leadField(
  { patchMm, depthMm = 2, head = defaultHead }: EegOptions,
  electrodes: number,
): Float64Array {
  const dipoles = DIPOLES * DIPOLES;
  const radius = head.radiiMm[0] - depthMm;
  const field = new Float64Array(electrodes * dipoles);
  for (let d = 0; d < dipoles; d++) {
    const [x, y] = [Math.floor(d / DIPOLES), d % DIPOLES].map(
      (i) => ((i + 0.5) / DIPOLES - 0.5) * patchMm,
    ) as [number, number];
    const place = unit([x, y, Math.sqrt(radius * radius - x * x - y * y)]);
    let mean = 0;
    for (let e = 0; e < electrodes; e++) {
      const cosine = dot(place, electrodePlace(e, electrodes));
      field[e * dipoles + d] = radialDipoleUv(head, radius, cosine);
      mean += field[e * dipoles + d] / electrodes;
    }
    for (let e = 0; e < electrodes; e++) field[e * dipoles + d] -= mean;
  }
  return field;
}

/** Electrodes spread evenly over the upper half of the head, on a Fibonacci spiral from the top. */
function electrodePlace(e: number, electrodes: number): number[] {
  const z = 1 - (e + 0.5) / electrodes;
  const angle = e * Math.PI * (3 - Math.sqrt(5));
  const r = Math.sqrt(1 - z * z);
  return [r * Math.cos(angle), r * Math.sin(angle), z];
}

function unit(v: number[]): number[] {
  const length = Math.hypot(...v);
  return v.map((x) => x / length);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i], 0);
}
