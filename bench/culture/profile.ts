/**
 * Where a culture's time goes, on one thread: milliseconds of wall time a second of life, by leaving parts out. `membrane`: of
 * cells too quiet to fire, with their noise, which is drawn in the same loop; `delivery`: what spikes add without plasticity; `plasticity`: what learning adds; `homeostasis`: what
 * normalisation adds. `growth` in seconds.
 */
import { Culture } from "../../src/culture/culture.ts";
import type { CultureParameters } from "../../src/culture/parameters.ts";
import { growOn } from "../../src/device/simulated/grow.ts";
import { wallSeconds } from "./tools.ts";

interface Profile {
  readonly neurons: number;
  readonly growthSeconds: number;
  readonly msPerSecondOfLife: Readonly<
    Record<"membrane" | "delivery" | "plasticity" | "homeostasis" | "all", number>
  >;
}

const SECONDS = 2;
const REPEATS = 5;

export async function profile(): Promise<{ readonly profile: readonly Profile[] }> {
  const sizes = process.env["WETGRAD_BENCH_SIZES"]?.split(",").map(Number) ?? [1000, 10_000, 100_000];
  return { profile: sizes.map(profileOf) };
}

function profileOf(neurons: number): Profile {
  console.error(`bench culture: profile of ${neurons} neurons ...`);
  let grown!: ReturnType<typeof growOn>;
  const growthSeconds = wallSeconds(() => {
    grown = growOn("mea64", { seed: 1, div: 21, neurons });
  });
  const { parameters } = grown;
  const cost = (change: Partial<CultureParameters>, plasticity: number) => {
    const culture = new Culture(grown.anatomy, { ...parameters, ...change }, 1);
    culture.setPlasticity(plasticity);
    return leastMs(culture, () => culture.advance((SECONDS * 1000) / culture.stepMs));
  };
  const unscaled = { homeostasis: { ...parameters.homeostasis, normalise: false } };
  const silent = { driveMeanMv: -50, ...unscaled };
  const quiet = cost(silent, 0);
  const still = cost(unscaled, 0);
  const learning = cost(unscaled, 1);
  const all = cost({}, 1);
  return {
    neurons,
    growthSeconds,
    msPerSecondOfLife: {
      membrane: quiet,
      delivery: still - quiet,
      plasticity: learning - still,
      homeostasis: all - learning,
      all,
    },
  };
}

/** Of `SECONDS` of life, after as much to settle: the least of several runs from the same state. */
function leastMs(culture: Culture, live: () => void): number {
  culture.advance((SECONDS * 1000) / culture.stepMs);
  const start = culture.snapshot();
  const walls = Array.from({ length: REPEATS }, () => {
    culture.restore(start);
    return wallSeconds(live);
  });
  return (1000 * Math.min(...walls)) / SECONDS;
}
