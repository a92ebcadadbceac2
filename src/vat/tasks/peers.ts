/**
 * Brains that foretell each other. A hidden row of symbols goes round a random cycle, now and then left by a jump. No brain
 * sees it whole: each sees symbols in pairs of its own, so that its own past says little of its future, while the others'
 * together say it all. Each brain also hears one other: what that one said in the step before is pulsed on its ears (the
 * second half of its sensory zone). What a brain should say is what it will itself be given next, as the others expect it.
 *
 * In the unconnected twin the ears hear words in random order, with as many pulses.
 */
import { Random } from "../../math/random.ts";
import { symbolCycle } from "../../task/series/symbols.ts";
import type { Given, Said, VatTask, VatWorld } from "./contract.ts";
import { PLACES } from "./contract.ts";

export interface PeersOptions {
  readonly seed: number;
  readonly brains: number;
  /** Presentations of one block. */
  readonly train: number;
  readonly probe: number;
  readonly jumpProbability?: number;
}

const SYMBOLS = 8;
export const VIEWS = 4;
const PER_VIEW = PLACES / 2 / VIEWS;
const JUMPS = 0.1;

export function peersTask({ seed, brains, train, probe, jumpProbability = JUMPS }: PeersOptions): VatTask {
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
  const ring = random.split("ears").permutation(brains);
  /** Whom each brain hears: a ring through all of them in random order. */
  const hears = new Int32Array(brains);
  ring.forEach((brain, i) => {
    hears[brain] = ring[(i + 1) % brains]!;
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
  const given = (view: number, word: number): Given => ({
    places: [...Array.from({ length: PER_VIEW }, (_, i) => view * PER_VIEW + i), ...earsOf(word)],
    volleys: 3,
  });

  return {
    name: "peers",
    source: `${SYMBOLS} hidden symbols on a random cycle, left by a jump ${100 * jumpProbability} % of the time; every brain sees ${VIEWS} pairs of its own and hears one other`,
    classes: VIEWS,
    sight: "others",
    questions: [
      {
        name: "the hidden symbol to come",
        answers: SYMBOLS,
        brains: [...Array(brains).keys()],
        wordOf: (brain, answer) => views[brain]![answer]!,
      },
    ],
    notes: [
      "In peers a brain's target is its own next datum: nothing outside the vat says what is right.",
      "What a brain hears is part of its world, in training and in probes alike, and is no write; in the twin it hears as many pulses in random order.",
    ],
    babble: (source) => given(source.integer(VIEWS), source.integer(VIEWS)),
    world(phase, block, connected): VatWorld {
      const symbols = symbolsOf(phase, block);
      const noise = Random.of(seed, "ears", phase, block);
      let t = 0;
      let words = Int32Array.from({ length: brains }, () => noise.integer(VIEWS));
      return {
        present: () => views.map((view, brain) => given(view[symbols[t]!]!, words[hears[brain]!]!)),
        targets: () => Int32Array.from(views, (view) => view[symbols[t + 1]!]!),
        answers: () => [symbols[t + 1]!],
        advance({ byHand }: Said) {
          t++;
          words = connected
            ? Int32Array.from(byHand)
            : Int32Array.from({ length: brains }, () => noise.integer(VIEWS));
          return null;
        },
      };
    },
  };
}

function earsOf(word: number): number[] {
  return Array.from({ length: PER_VIEW }, (_, i) => PLACES / 2 + word * PER_VIEW + i);
}

/** `symbolCycle` with its cycle drawn from one stream and its path from another. */
function cycleOf(cycle: Random, path: Random, count: number, jumpProbability: number): Uint8Array {
  const whole = symbolCycle(cycle, SYMBOLS + 1, SYMBOLS, 0);
  const successor = new Uint8Array(SYMBOLS);
  for (let i = 0; i < SYMBOLS; i++) successor[whole[i]!] = whole[i + 1]!;
  const out = new Uint8Array(count);
  let symbol = path.integer(SYMBOLS);
  for (let i = 0; i < count; i++) {
    out[i] = symbol;
    symbol = path.uniform() < jumpProbability ? path.integer(SYMBOLS) : successor[symbol]!;
  }
  return out;
}
