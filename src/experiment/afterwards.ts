/** What is done with the trained culture afterwards: its weights scrambled, and its memory left to itself. */
import type { SimulatedSnapshot } from "../device/simulated/controls.ts";
import { Random } from "../math/random.ts";
import { FRAMES_PER_MS } from "../protocol/protocol.ts";
import { type Lab, recorded } from "./lab.ts";
import { type ProbeReading, probe } from "./probe.ts";

/**
 * Probes the culture after each neuron's plastic input weights have been permuted among themselves; after method
 * `direct`, which changes every kind of synapse, the weights of all its inputs of one kind.
 */
export async function probeScrambled(
  lab: Lab,
  culture: SimulatedSnapshot,
  cycle: number,
): Promise<ProbeReading> {
  const { subject } = lab;
  subject.simulated.restore(culture);
  const tissue = subject.simulated.culture;
  const weights = tissue.weights();
  const { ultrastructure } = subject.simulated;
  const changed = lab.config.method === "direct" ? weights.keys() : tissue.plasticSynapses();
  const inputsOf = new Map<string, number[]>();
  for (const synapse of changed) {
    const like = `${tissue.anatomy.synapses.post[synapse]} ${ultrastructure.kindOf(synapse)}`;
    const inputs = inputsOf.get(like);
    if (inputs) inputs.push(synapse);
    else inputsOf.set(like, [synapse]);
  }
  const random = Random.of(subject.seed, "scramble");
  const scrambled = weights.slice();
  for (const inputs of inputsOf.values())
    random.permutation(inputs.length).forEach((from, to) => {
      scrambled[inputs[to]] = weights[inputs[from]];
    });
  tissue.setWeights(scrambled);
  return recorded(lab, { arm: "scrambled", cycle, phase: "probe" }, (recorder) => probe(subject, recorder));
}

/** Leaves the culture alone with its plasticity at the full rate, then probes it. */
export async function probeRetention(
  lab: Lab,
  culture: SimulatedSnapshot,
  cycle: number,
): Promise<ProbeReading> {
  const { subject, config } = lab;
  subject.simulated.restore(culture);
  subject.simulated.plasticity(1);
  await recorded(lab, { arm: "descent", cycle, phase: "spontaneous" }, async (recorder) => {
    const end = subject.device.now() + config.retentionSeconds * 1000 * FRAMES_PER_MS;
    while (subject.device.now() < end) {
      const until = Math.min(end, subject.device.now() + 1000 * FRAMES_PER_MS);
      recorder.silence(await subject.device.read(until));
    }
  });
  return recorded(lab, { arm: "descent", cycle, phase: "retention" }, (recorder) => probe(subject, recorder));
}
