/** The control `scrambled`: what was learned is kept in size and lost in place. */
import type { Random } from "../../math/random.ts";
import { kindOf, type TissueImage } from "./image.ts";

/**
 * By synapse the one whose strength it takes: each cell's inputs that learn are permuted among themselves, or with `all` its
 * inputs of each kind. For the command `permute-synapses`.
 */
export function scrambledSources(image: TissueImage, all: boolean, random: Random): Int32Array {
  const { post } = image.synapses;
  const inputsOf = new Map<string, number[]>();
  for (const synapse of all ? post.keys() : image.plastic) {
    const like = `${post[synapse]} ${kindOf(image, synapse)}`;
    const inputs = inputsOf.get(like);
    if (inputs) inputs.push(synapse);
    else inputsOf.set(like, [synapse]);
  }
  const sources = Int32Array.from(post.keys());
  for (const inputs of inputsOf.values())
    random.permutation(inputs.length).forEach((from, to) => {
      sources[inputs[to]] = inputs[from];
    });
  return sources;
}

/** Of a brain of a wiring diagram: what its synapses have learnt, as factors, dealt out anew among them all. */
export function scrambledFactors(factors: Float64Array, random: Random): Float64Array {
  return Float64Array.from(random.permutation(factors.length), (k) => factors[k]);
}
