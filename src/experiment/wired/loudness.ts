/**
 * A rewired brain is compared at the loudness of the wiring itself, or not at all: what its synapses that learn weigh at first is scaled until
 * its answers, all together, fire as much to the same data. One factor for all of them, so that nothing is told of who is joined to whom.
 */
import { layoutFor } from "../../protocol/layout.ts";
import { Cultures } from "../../session/cultures.ts";
import type { CultureSpec } from "../../tissue/contract.ts";
import { localTissue } from "../../tissue/local.ts";
import type { WiringSpec } from "../../tissue/wired/spec.ts";

const DATA = 24;
/** Factors are looked for between 1/16 and 16. */
const MOST = 16;
const HALVINGS = 9;

/** The spec with the factor found; as it is where its wiring is not changed, or nothing of it learns. */
export async function asLoud(spec: CultureSpec): Promise<CultureSpec> {
  const { wiring } = spec;
  if (!wiring?.learning || !wiring.changes?.length) return spec;
  const { changes: _, ...itself } = wiring;
  const goal = await loudnessOf({ ...spec, wiring: itself });
  const scaled = (first: number): CultureSpec & { readonly wiring: WiringSpec } => ({
    ...spec,
    wiring: { ...wiring, learning: { ...wiring.learning!, first } },
  });
  let [low, high] = [-Math.log(MOST), Math.log(MOST)];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if ((await loudnessOf(scaled(Math.exp(middle)))) < goal) low = middle;
    else high = middle;
  }
  return scaled(Math.exp((low + high) / 2));
}

/** Spikes of all answers to a datum, before anything is taught. */
export async function loudnessOf(spec: CultureSpec): Promise<number> {
  const tissue = localTissue();
  try {
    await tissue.open([{ ...spec, brain: 0 }]);
    const layout = layoutFor(tissue.profile(0), spec.seed, 1);
    const cultures = new Cultures(tissue, [layout], () => false);
    const { roles, protocol, channels } = layout;
    let spikes = 0;
    for (let datum = 0; datum < DATA; datum++) {
      const places = Array.from(
        { length: Math.min(protocol.contextSize, roles.sensory.length) },
        (_, i) => (datum + i) % roles.sensory.length,
      );
      const data = [{ places, volleys: protocol.volleysMs.length }];
      const { read } = await cultures.present({ data, writes: [null], plasticity: 0 });
      for (let bin = 0; bin < protocol.bins; bin++)
        for (const channel of roles.prediction) spikes += read[0][bin * channels + channel];
    }
    return spikes / DATA;
  } finally {
    await tissue.close();
  }
}
