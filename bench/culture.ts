/**
 * How fast a culture lives: real-time factor and synaptic events per second of wall time, on one core, for the
 * default culture and for the CUBA network, with plasticity and without, beside Brian2's C++ standalone on the same
 * networks. The wall time is that of the simulation loop alone; the best of three runs counts for either. Then grown cultures of
 * 1,000 to 100,000 neurons (culture/scale.ts); `--profile`: where their time goes (culture/profile.ts).
 */
import { growSheet } from "../src/culture/anatomy.ts";
import { Culture } from "../src/culture/culture.ts";
import { quiet } from "../src/culture/parameters.ts";
import { Cuba, cubaNetwork, cubaParameters } from "./cuba.ts";
import { runBrian2, whyNoBrian2 } from "./cuba-brian2.ts";
import { type ScaleRow, scaleRows } from "./culture/scale.ts";
import { inFolder, outDegrees, wallSeconds, writeArrays } from "./culture/tools.ts";

interface Figures {
  readonly realTimeFactor: number;
  readonly eventsPerSecond: number;
  /** Mean over all cells: shows that both simulators run the same regime. */
  readonly meanRateHz: number;
}

interface Comparison {
  readonly wetgrad: Figures;
  readonly brian2: Figures | null;
}

const REPEATS = 3;
const CULTURE_SECONDS = 10;
const CUBA_SECONDS = 5;

export { profile } from "./culture/profile.ts";

type Networks = Record<"culture" | "cuba", Record<"plastic" | "static", Comparison>>;

export async function run(): Promise<Networks & { readonly scale: readonly ScaleRow[] }> {
  const missing = whyNoBrian2();
  if (missing !== null) console.error(`bench culture: no Brian2 figures: ${missing}`);
  const compare = (network: "culture" | "cuba", plastic: boolean): Comparison => {
    console.error(`bench culture: ${network}, ${plastic ? "plastic" : "static"} ...`);
    const [wetgrad, brian2] =
      network === "culture"
        ? [timeCulture(plastic), missing === null ? brian2Culture(plastic) : null]
        : [timeCuba(plastic), missing === null ? brian2Cuba(plastic) : null];
    return { wetgrad, brian2 };
  };
  const both = (network: "culture" | "cuba") => ({
    plastic: compare(network, true),
    static: compare(network, false),
  });
  return { culture: both("culture"), cuba: both("cuba"), scale: scaleRows() };
}

const anatomy = growSheet(1);
/** The recipe's culture without normalisation, which Brian2's C++ mode has no counterpart for. */
const cultureParameters = { ...quiet, homeostasis: { ...quiet.homeostasis, normalise: false } };
const network = cubaNetwork(1);

function timeCulture(plastic: boolean): Figures {
  const degree = outDegrees(anatomy.synapses.pre, 1000);
  const culture = new Culture(anatomy, cultureParameters, 1);
  culture.setPlasticity(plastic ? 1 : 0);
  const start = culture.snapshot();
  const steps = Math.round((CULTURE_SECONDS * 1000) / culture.stepMs);
  let spikes = new Uint16Array();
  const walls = repeat(() => {
    culture.restore(start);
    return wallSeconds(() => {
      spikes = culture.advance(steps).neurons as Uint16Array<ArrayBuffer>;
    });
  });
  const counts = new Array<number>(1000).fill(0);
  for (const neuron of spikes) counts[neuron]++;
  return figures(CULTURE_SECONDS, walls, counts, degree);
}

function brian2Culture(plastic: boolean): Figures {
  const { pre, post, delayMs, weight } = anatomy.synapses;
  const { wallSeconds: walls, spikes } = inFolder((folder) => {
    writeArrays(folder, { "pre.i32": Int32Array.from(pre), "post.i32": Int32Array.from(post) });
    writeArrays(folder, { "delayMs.f32": delayMs, "weight.f32": weight });
    return runBrian2(folder, {
      network: "culture",
      plastic,
      parameters: cultureParameters,
      neurons: 1000,
      excitatoryCount: anatomy.excitatoryCount,
      seconds: CULTURE_SECONDS,
      repeats: REPEATS,
    });
  });
  return figures(CULTURE_SECONDS, walls, spikes, outDegrees(pre, 1000));
}

function timeCuba(plastic: boolean): Figures {
  let cuba = new Cuba(network, plastic);
  const walls = repeat(() => {
    cuba = new Cuba(network, plastic);
    return wallSeconds(() => cuba.advance((CUBA_SECONDS * 1000) / cubaParameters.stepMs));
  });
  const wall = Math.min(...walls);
  return {
    realTimeFactor: CUBA_SECONDS / wall,
    eventsPerSecond: cuba.synapticEvents / wall,
    meanRateHz: cuba.spikes / cubaParameters.neurons / CUBA_SECONDS,
  };
}

function brian2Cuba(plastic: boolean): Figures {
  const { wallSeconds: walls, spikes } = inFolder((folder) => {
    writeArrays(folder, {
      "pre.i32": network.pre,
      "post.i32": network.post,
      "initialMv.f32": network.initialMv,
    });
    return runBrian2(folder, {
      network: "cuba",
      plastic,
      parameters: cubaParameters,
      seconds: CUBA_SECONDS,
      repeats: REPEATS,
    });
  });
  return figures(CUBA_SECONDS, walls, spikes, outDegrees(network.pre, cubaParameters.neurons));
}

function figures(seconds: number, walls: number[], spikes: number[], degree: Int32Array): Figures {
  const wall = Math.min(...walls);
  const events = spikes.reduce((sum, count, i) => sum + count * degree[i], 0);
  const total = spikes.reduce((sum, count) => sum + count, 0);
  return {
    realTimeFactor: seconds / wall,
    eventsPerSecond: events / wall,
    meanRateHz: total / spikes.length / seconds,
  };
}

/** A short run first, for the compiler to warm up, then the timed ones. */
function repeat(time: () => number): number[] {
  time();
  return Array.from({ length: REPEATS }, time);
}
