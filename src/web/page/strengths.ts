/** What a dish's synapses say: which gained most, and their bits in one word. */
import type { Wiring } from "../dish.ts";
import type { Learned } from "./messages.ts";

/** Synapses that are drawn as learned. */
const MOST = 300;
/** A gain below this share of the strongest possible is not drawn. */
const LEAST = 0.2;

/** The excitatory synapses that gained most between two readings of all strengths. */
export function learnedBy({ pre, post }: Wiring, before: Float32Array, after: Float32Array): Learned {
  const gains = after.map((strength, k) => (strength > 0 ? strength - before[k] : 0));
  const most = Uint32Array.from(gains.keys())
    .filter((k) => gains[k] > LEAST)
    .sort((a, b) => gains[b] - gains[a])
    .slice(0, MOST);
  return {
    pre: Uint16Array.from(most, (k) => pre[k]),
    post: Uint16Array.from(most, (k) => post[k]),
    gain: Float32Array.from(most, (k) => Math.min(1, gains[k])),
  };
}

/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/), of every strength. */
export function bitsOf(strengths: Float32Array): string {
  let word = 0x811c9dc5;
  for (const byte of new Uint8Array(strengths.buffer)) word = Math.imul(word ^ byte, 0x01000193);
  return (word >>> 0).toString(16).padStart(8, "0");
}
