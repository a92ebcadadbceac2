/** Who is taught: brains of a wiring diagram, or receptors alone; and the readouts of each. */
import type { DopamineRule } from "../../wiring/brain/dopamine.ts";
import { rewire } from "../../wiring/change/rewire.ts";
import {
  circuitOf,
  type Readout,
  type ReadoutName,
  readoutOf,
  readoutOfParts,
  type Source,
} from "../circuit.ts";
import type { Standing } from "../controls.ts";
import { LitBrain } from "../subject/lit-brain.ts";
import { Receptors, receptorsCircuit } from "../subject/receptors.ts";
import type { Pupil } from "./lesson.ts";

export interface BrainSetting {
  readonly synapseMv: number;
  readonly rule: Partial<DopamineRule>;
}

export interface Taught {
  readonly pupil: Pupil;
  readonly readout: Readout;
}

/** A brain of the wiring at its working point. */
export function brainPupil(
  source: Source,
  { changes, gains }: Standing,
  { synapseMv, rule }: BrainSetting,
  readout: ReadoutName,
): Taught {
  const brain = circuitOf(source, { synapseMv, gains, rule }, changes);
  const pupil = {
    circuit: brain.circuit,
    open: (seed: number, stop?: Parameters<typeof LitBrain.open>[2]) => LitBrain.open(brain.spec, seed, stop),
  };
  return { pupil, readout: readoutOf(readout, source, changes.reduce(rewire, source.wiring), brain) };
}

/** No brain: one unit that says approach, which punishing lowers, and one that says avoid, which rewarding lowers. */
export function receptorsPupil(glomeruli: number, rule: Partial<DopamineRule>): Taught {
  const shape = { glomeruli, units: 2 };
  const { modulators, outputs, ...channels } = receptorsCircuit(shape);
  const circuit = {
    ...channels,
    classes: ["approach", "avoid"].map((name, k) => ({
      name: `modulator of ${name}`,
      channel: modulators[k],
    })),
    ...{ punish: [1, 0], reward: [0, 1], outputs, dopamine: modulators },
    learnsOnto: Int32Array.from({ length: 2 * glomeruli }, (_, i) => Math.floor(i / glomeruli)),
  };
  const [approach, avoid] = outputs;
  return {
    pupil: { circuit, open: async (seed) => new Receptors(shape, seed, rule) },
    readout: readoutOfParts([[approach]], [[avoid]]),
  };
}
