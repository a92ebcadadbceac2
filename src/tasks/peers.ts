/**
 * Brains that predict each other. A hidden row of symbols goes round a random cycle, now and then left by a jump. No brain
 * sees it whole: each sees symbols in pairs of its own, so that its own past says little of its future, while the others'
 * together say it all. Each brain also hears four others: what each of them said in the step before is pulsed on an ear (a
 * quarter of the second half of its sensory zone, one electrode a word). What a brain should say is what it will itself be
 * given next, as the others expect it.
 *
 * In the unconnected twin the ears hear words in random order, with as many pulses.
 */
import { Random } from "../math/random.ts";
import type { Datum } from "../protocol/protocol.ts";
import type { Task, World } from "./contract.ts";
import { TaskError } from "./error.ts";
import { symbolCycle } from "./series/sources/symbols.ts";

export interface PeersOptions {
  readonly seed: number;
  readonly brains: number;
  /** Places of every sensory zone: half of them for what a brain sees, half for what it hears. */
  readonly places: number;
  /** Volleys of a datum. */
  readonly volleys: number;
  /** Presentations of one block. */
  readonly train: number;
  readonly probe: number;
  readonly jumpProbability?: number;
}

const SYMBOLS = 8;
export const VIEWS = 4;
/** Others that a brain hears. */
const EARS = 4;
const JUMPS = 0.1;

export function peersTask(options: PeersOptions): Task {
  const { seed, brains, places, volleys, train, probe, jumpProbability = JUMPS } = options;
  const perView = Math.floor(places / 2 / VIEWS);
  if (perView < 1 || EARS * VIEWS > places / 2)
    throw new TaskError(
      `peers: expected at least ${2 * EARS * VIEWS} sensory electrodes, got ${places}; choose a device with more`,
    );
  const random = Random.of(seed, "peers");
  /** `views[brain][symbol]`: symbols in pairs. */
  const views = Array.from({ length: brains }, (_, brain) => {
    const order = random.split("views").split(brain).permutation(SYMBOLS);
    const view = new Int32Array(SYMBOLS);
    order.forEach((symbol, i) => {
      view[symbol] = Math.floor((i * VIEWS) / SYMBOLS);
    });
    return view;
  });
  /** Whom each brain hears, by ear. */
  const hears = views.map((_, brain) => {
    const others = random
      .split("ears")
      .split(brain)
      .permutation(brains)
      .filter((other) => other !== brain);
    return Array.from({ length: EARS }, (_, ear) => others[ear % others.length] ?? brain);
  });
  const symbolsOf = (phase: string, block: number) => {
    // One row for all blocks of a phase, so that training never meets what probes ask. The cycle is that of the seed.
    const count = (phase === "train" ? train : probe) + 2;
    return cycleOf(
      Random.of(seed, "peers row"),
      Random.of(seed, "peers", phase, block),
      count,
      jumpProbability,
    );
  };
  const given = (view: number, wordAt: (ear: number) => number): Datum => ({
    places: [
      ...Array.from({ length: perView }, (_, i) => view * perView + i),
      ...Array.from({ length: EARS }, (_, ear) => places / 2 + ear * VIEWS + wordAt(ear)),
    ],
    volleys,
  });

  return {
    name: "peers",
    source: `${SYMBOLS} hidden symbols on a random cycle, left by a jump ${100 * jumpProbability} % of the time; every brain sees ${VIEWS} pairs of its own and hears ${EARS} others`,
    kind: "symbols",
    classes: VIEWS,
    brains,
    sight: "others",
    questions: [
      {
        name: "the hidden symbol to come",
        answers: SYMBOLS,
        brains: [...Array(brains).keys()],
        wordOf: (brain, answer) => views[brain][answer],
      },
    ],
    metrics: ["bits", "counts", "joint"],
    notes: [
      "In peers a brain's target is its own next datum: nothing outside the vat says what is right.",
      "What a brain hears is part of its world, in training and in probes alike, and is no write; in the twin it hears as many pulses in random order.",
    ],
    babble: (source) => given(source.integer(VIEWS), () => source.integer(VIEWS)),
    world(phase, block, connected): World {
      const symbols = symbolsOf(phase, block);
      const noise = Random.of(seed, "ears", phase, block);
      let t = 0;
      const random = () => noise.integer(VIEWS);
      /** What each ear hears: `wordAt(brain, ear)`. */
      const heard = (wordAt: (brain: number, ear: number) => number) =>
        hears.map((others, brain) => others.map((_, ear) => wordAt(brain, ear)));
      let words = heard(random);
      return {
        present: () => views.map((view, brain) => given(view[symbols[t]], (ear) => words[brain][ear])),
        targets: () => Int32Array.from(views, (view) => view[symbols[t + 1]]),
        answers: () => [symbols[t + 1]],
        advance(said) {
          t++;
          words = heard(connected ? (brain, ear) => said[hears[brain][ear]] : random);
          return null;
        },
      };
    },
  };
}

/** `symbolCycle` with its cycle drawn from one stream and its path from another. */
function cycleOf(cycle: Random, path: Random, count: number, jumpProbability: number): Uint8Array {
  const whole = symbolCycle(cycle, SYMBOLS + 1, SYMBOLS, 0);
  const successor = new Uint8Array(SYMBOLS);
  for (let i = 0; i < SYMBOLS; i++) successor[whole[i]] = whole[i + 1];
  const out = new Uint8Array(count);
  let symbol = path.integer(SYMBOLS);
  for (let i = 0; i < count; i++) {
    out[i] = symbol;
    symbol = path.uniform() < jumpProbability ? path.integer(SYMBOLS) : successor[symbol];
  }
  return out;
}
