/** The same tissue through every modality, decoded the same way: what survives, in bits per second. */
import { bootstrapInterval, type Interval } from "../math/interval.ts";
import { Random } from "../math/random.ts";
import { decode, splitOf } from "./decode.ts";
import type { KeptSeeds, Measured } from "./kept.ts";
import { LATENTS, latentInnovations } from "./latent.ts";
import { MODALITIES, type Published } from "./modalities.ts";
import { CLASSES, presentToTissue, TRIALS_PER_SECOND } from "./tissue.ts";

export interface BandwidthOptions {
  readonly seeds: readonly number[];
  readonly trials: number;
  readonly div: number;
  readonly neurons: number;
  /** What an earlier, interrupted measurement has found. */
  readonly kept?: KeptSeeds;
  readonly onProgress?: (done: number, total: number, message: string) => void;
  readonly signal?: AbortSignal;
}

export interface ModalityResult {
  readonly name: string;
  readonly label: string;
  readonly published: Published | null;
  readonly task: Interval;
  /** The same with the labels shuffled before fitting and testing: no information is there. */
  readonly shuffledTask: Interval;
  readonly accuracy: Interval;
  readonly latent: Interval;
  /** The same with the latent states of other presentations. */
  readonly shuffledLatent: Interval;
  readonly latentR2: Interval;
}

export interface BandwidthReport {
  readonly format: 1;
  readonly kind: "wetgrad bandwidth";
  readonly seeds: readonly number[];
  readonly trials: number;
  readonly div: number;
  readonly neurons: number;
  readonly classes: number;
  readonly presentationsPerSecond: number;
  /** What the presentations carry: log2(classes) each. */
  readonly sentBitsPerSecond: number;
  readonly latents: number;
  readonly modalities: readonly ModalityResult[];
}

export async function measureBandwidth(options: BandwidthOptions): Promise<BandwidthReport> {
  const { seeds, trials, div, neurons, kept, onProgress, signal } = options;
  const bySeed: (readonly Measured[])[] = [];
  for (const [s, seed] of seeds.entries()) {
    const measured = kept?.get(seed) ?? (await measureSeed(seed, options));
    signal?.throwIfAborted();
    kept?.set(seed, measured);
    bySeed.push(measured);
    onProgress?.(s + 1, seeds.length, `seed ${seed}`);
  }
  return {
    format: 1,
    kind: "wetgrad bandwidth",
    seeds,
    trials,
    div,
    neurons,
    classes: CLASSES,
    presentationsPerSecond: TRIALS_PER_SECOND,
    sentBitsPerSecond: TRIALS_PER_SECOND * Math.log2(CLASSES),
    latents: LATENTS,
    modalities: MODALITIES.map(({ name, label, published }, m) => {
      const interval = (value: (measured: Measured) => number, scale = 1) =>
        bootstrapInterval(bySeed.map((measured) => scale * value(measured[m])));
      return {
        name,
        label,
        published: published ?? null,
        task: interval(({ taskBits }) => taskBits, TRIALS_PER_SECOND),
        shuffledTask: interval(({ shuffledTaskBits }) => shuffledTaskBits, TRIALS_PER_SECOND),
        accuracy: interval(({ accuracy }) => accuracy),
        latent: interval(({ latentBits }) => latentBits, TRIALS_PER_SECOND),
        shuffledLatent: interval(({ shuffledLatentBits }) => shuffledLatentBits, TRIALS_PER_SECOND),
        latentR2: interval(({ latentR2 }) => latentR2),
      };
    }),
  };
}

async function measureSeed(
  seed: number,
  { trials, div, neurons, signal }: BandwidthOptions,
): Promise<Measured[]> {
  const { activity, labels } = await presentToTissue({
    seed,
    trials,
    div,
    neurons,
    ...(signal ? { signal } : {}),
  });
  const innovations = latentInnovations(activity, trials, splitOf(trials).train);
  const order = Random.of(seed, "bandwidth", "shuffle").permutation(trials);
  const otherLabels = Uint8Array.from(order, (t) => labels[t]);
  const otherInnovations = Float64Array.from(
    { length: innovations.length },
    (_, i) => innovations[order[Math.floor(i / LATENTS)] * LATENTS + (i % LATENTS)],
  );
  const measured: Measured[] = [];
  for (const modality of MODALITIES) {
    await new Promise((resolve) => setImmediate(resolve)); // lets Ctrl-C through
    signal?.throwIfAborted();
    const { features, D } = modality.features(activity, trials, seed);
    const real = decode({ features, D }, { labels, classes: CLASSES }, { latents: innovations, L: LATENTS });
    const shuffled = decode(
      { features, D },
      { labels: otherLabels, classes: CLASSES },
      { latents: otherInnovations, L: LATENTS },
    );
    measured.push({ ...real, shuffledTaskBits: shuffled.taskBits, shuffledLatentBits: shuffled.latentBits });
  }
  return measured;
}
