/**
 * A brain of a wiring diagram in the place of a grown culture: which of its cells are lit for data, which are lit for writes and read as the
 * answer, and whose synapses learn by pairing. The words for cells are those of `wetgrad wiring`; their defaults are a larva's.
 */
import { Random } from "../../math/random.ts";
import type { GroupWords, WiringSpec } from "../../tissue/wired/spec.ts";
import { RunError } from "../error.ts";
import type { OrganoidConfig } from "../organoid/config.ts";

const PREFIX = "wiring:";

/** What is for grown cultures. */
const GROWN = ["scaffold", "neurons", "rule", "roles", "dish", "limits", "scalingLimit"] as const;
/** What only a wiring has. */
const WIRED = ["places", "answers", "learn", "synapseMv", "rewire", "within"] as const;

/**
 * Compartments of the larva's mushroom body by their letters (Eichler et al. 2017, Nature 548, 175, https://doi.org/10.1038/nature23455): the
 * eight whose output neurons have most of their excitation from Kenyon cells, by 310 to 540 synapses a cell.
 */
const COMPARTMENTS = [..."abeghijk"];

export const LARVA_WORDS = {
  places: "24 mixtures of 2: fine=sensory olfactory > fine=uPN",
  answers: COMPARTMENTS.map((letter) => `${letter}: type=MBON-${letter}*`).join("; "),
  learn: "class=KC > class=MBON",
  /** Where the larva's Kenyon cells answer an odour as sparsely as they should (docs/wiring.md). */
  synapseMv: 0.8,
};

/** Undefined where the tissue is a grown culture. Throws `RunError` where options do not go together. */
export function wiringOf(config: Partial<OrganoidConfig>): Omit<WiringSpec, "changes"> | undefined {
  const { tissue } = config;
  if (tissue === undefined) {
    const alone = WIRED.find((name) => config[name] !== undefined);
    if (alone !== undefined)
      throw new RunError(`${alone}: expected with the tissue of a wiring diagram (--tissue ${PREFIX}FILE)`);
    return undefined;
  }
  if (!tissue.startsWith(PREFIX) || tissue.length === PREFIX.length)
    throw new RunError(
      `tissue: expected ${PREFIX}FILE, a file of "wetgrad wiring convert", got ${tissue}; leave it out for a grown culture`,
    );
  const grown = GROWN.find((name) => config[name] !== undefined);
  if (grown !== undefined)
    throw new RunError(`${grown}: expected without tissue ${tissue}: it is for grown cultures`);
  const { places, answers, learn, synapseMv } = { ...LARVA_WORDS, ...given(config) };
  const [senders, receivers] = pairOf("learn", learn);
  return {
    path: tissue.slice(PREFIX.length),
    lit: groupsIn(places),
    answers: groupsIn(answers),
    read: [],
    synapseMv,
    learning: { by: "pairing", senders, receivers },
  };
}

/** The brain of a seed: rewired within pairs of classes, by a seed of its own, where that is asked. */
export function brainOf(
  wiring: Omit<WiringSpec, "changes">,
  { rewire, within = FINEST }: Pick<OrganoidConfig, "rewire" | "within">,
  seed: number,
): WiringSpec {
  if (rewire === undefined) return wiring;
  return { ...wiring, changes: [{ what: rewire, seed: Random.of(seed, "wiring").bits(), within }] };
}

/** The finest classes that a larva's cells have. */
const FINEST = "fine";
const MIXTURES = /^(\d+) mixtures of (\d+):(.*)$/;

function given(config: Partial<OrganoidConfig>) {
  return Object.fromEntries(
    (["places", "answers", "learn", "synapseMv"] as const).flatMap((name) =>
      config[name] === undefined ? [] : [[name, config[name]]],
    ),
  );
}

/**
 * `WORDS; WORDS`: a group each; `each WORDS`: a group for each cell; `A > B`: cells of A by those of B that they drive most;
 * `24 mixtures of 2: A > B`: of these, two at a time.
 */
function groupsIn(text: string): GroupWords[] {
  return text.split(";").map((part): GroupWords => {
    const words = part.trim();
    if (words.startsWith("each ")) return { eachOf: words.slice("each ".length).trim() };
    if (!words.includes(">")) return words;
    const [, count, size, of] = words.match(MIXTURES) ?? [];
    const [receptors, projections] = pairOf("places", of ?? words);
    const mixtures = { count: Number(count), size: Number(size) };
    return { receptors, projections, ...(of !== undefined && { mixtures }) };
  });
}

function pairOf(name: string, text: string): [string, string] {
  const parts = text.split(">").map((part) => part.trim());
  if (parts.length !== 2 || parts.includes(""))
    throw new RunError(`${name}: expected "cells > cells", got "${text}"`);
  return [parts[0], parts[1]];
}
